#include "ode_events.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace trimtab::sde {

void OdeEvents::evaluate(const double* t, const double* y, std::size_t m, Values& out) const {
  out.resize(events_.size());
  for (std::size_t e = 0; e < events_.size(); ++e) {
    out[e].resize(m);
    events_[e].value(t, y, out[e].data(), m);
  }
}

bool OdeEvents::crossed(std::size_t event, std::size_t lane) const {
  const double before = before_[event][lane], after = after_[event][lane];
  const bool up = before < 0 && after >= 0, down = before > 0 && after <= 0;  // a zero belongs to the step it ends
  const int direction = events_[event].direction;
  return (up && direction >= 0) || (down && direction <= 0);
}

bool OdeEvents::changed(std::size_t lane) const {
  for (std::size_t e = 0; e < events_.size(); ++e)
    if (crossed(e, lane)) return true;
  return false;
}

double OdeEvents::value(std::size_t event, const OdePiece& piece, double t, double* y) const {
  piece.evaluate(t, y);
  double out;
  events_[event].value(&t, y, &out, 1);
  return out;
}

/// Chandrupatla, Adv. Eng. Softw. 28 (1997) 145: inverse quadratic interpolation where it is sure to help, else
/// halving.
double OdeEvents::zero(std::size_t event, const OdePiece& piece, double at_start, double at_end) const {
  if (at_end == 0) return piece.end;
  std::vector<double> y(dim_);
  double a = piece.end, fa = at_end, b = piece.start, fb = at_start, c = b, fc = fb, share = .5;
  for (int i = 0; i < 200; ++i) {
    const double t = a + share * (b - a), ft = value(event, piece, t, y.data());
    if ((ft < 0) == (fa < 0)) {
      c = a, fc = fa;
    } else {
      c = b, fc = fb, b = a, fb = fa;
    }
    a = t, fa = ft;
    const double best = std::abs(fa) < std::abs(fb) ? a : b;
    const double width = 2 * std::numeric_limits<double>::epsilon() * std::abs(best) / std::abs(b - a);
    if (fa == 0 || width > .5 || b == a) return fa == 0 ? a : best;
    const double xi = (a - b) / (c - b), phi = (fa - fb) / (fc - fb);
    const bool smooth = phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi;
    share = smooth ? fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb) : .5;
    share = std::clamp(share, width, 1 - width);
  }
  return a;
}

bool OdeEvents::find(std::size_t lane, const OdePiece& piece, OdePath& path, double& end) {
  zeros_.clear();
  for (std::size_t e = 0; e < events_.size(); ++e)
    if (crossed(e, lane)) zeros_.push_back({zero(e, piece, before_[e][lane], after_[e][lane]), e});
  std::sort(zeros_.begin(), zeros_.end(),
            [&](const Zero& a, const Zero& b) { return std::abs(a.t - piece.start) < std::abs(b.t - piece.start); });
  std::vector<double> y(dim_);
  path.events.resize(events_.size());
  for (const Zero& z : zeros_) {
    piece.evaluate(z.t, y.data());
    path.events[z.event].add(z.t, y.data(), dim_);
    if (static_cast<std::int64_t>(path.events[z.event].t.size()) == events_[z.event].terminal) {
      end = z.t;
      return true;
    }
  }
  return false;
}

void OdeEvents::accept(std::size_t lane) {
  for (std::size_t e = 0; e < events_.size(); ++e) before_[e][lane] = after_[e][lane];
}

void OdeEvents::keep(const std::vector<std::size_t>& lanes) {
  for (auto& values : before_) {
    for (std::size_t i = 0; i < lanes.size(); ++i) values[i] = values[lanes[i]];
    values.resize(lanes.size());
  }
}

}  // namespace trimtab::sde
