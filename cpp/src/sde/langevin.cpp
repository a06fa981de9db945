#include "langevin_coefficients.hpp"
#include "stepper.hpp"

#include <bit>
#include <unordered_map>
#include <vector>

/// Foster, Lyons, Oberhauser, The shifted ODE method for underdamped Langevin MCMC (2021) for ShOULD; Scott, Jelincic,
/// Foster, Paulin, QUICSORT (2025); Sanz-Serna, Zygalakis, UBU (SIAM J. Numer. Anal. 59, 2021).

namespace trimtab::sde {
namespace {

/// State x, v and, for solvers that use it again, the gradient at x.
class LangevinStepper : public Stepper {
 public:
  LangevinStepper(const Langevin& langevin, std::size_t capacity, bool carries)
      : langevin_(langevin), time_(capacity), point_(langevin.dim * capacity), carries_(carries) {
    for (auto& f : force_) f.resize(langevin.dim * capacity);
  }

  std::size_t carried() const override { return carries_ ? langevin_.dim : 0; }
  void prepare(double* y, std::size_t m) override {
    if (carries_) gradient(nullptr, y, y + 2 * langevin_.dim * m, m);
  }

 protected:
  /// What one component on one path has.
  struct Here {
    const LangevinCoefficients& c;
    std::size_t p, x, v, f;  ///< positions in arrays of dim components, and in the state
    double w, h, k;
  };

  void gradient(const double* t, const double* x, double* out, std::size_t m) {
    langevin_.gradient(t ? t : time_.data(), x, out, m);
    evaluations += m;
  }

  template <class Body>
  void for_each(const Step& s, Body&& body) {
    const std::size_t d = langevin_.dim, m = s.m;
    for (std::size_t i = 0; i < d; ++i)
      for (std::size_t lane = 0; lane < m; ++lane) {
        const std::size_t p = i * m + lane;
        body(Here{table_[place_[lane] * d + i], p, p, d * m + p, 2 * d * m + p, s.noise.w[p], s.noise.h[p],
                  s.noise.k ? s.noise.k[p] : 0.0});
      }
  }

  /// Finds or makes the coefficients of every path's step.
  void look_up(const Step& s) {
    if (known_.size() > 4 * time_.size()) {
      known_.clear();
      table_.clear();
    }
    place_.resize(s.m);
    for (std::size_t lane = 0; lane < s.m; ++lane) {
      if (lane > 0 && s.h[lane] == s.h[lane - 1]) {
        place_[lane] = place_[lane - 1];
        continue;
      }
      const auto [at, fresh] = known_.try_emplace(std::bit_cast<std::uint64_t>(s.h[lane]), known_.size());
      if (fresh)
        for (std::size_t i = 0; i < langevin_.dim; ++i)
          table_.emplace_back(s.h[lane], langevin_.gamma[i], langevin_.u[i]);
      place_[lane] = at->second;
    }
    if (s.stiffness) std::fill_n(s.stiffness, s.m, 0.0);
  }

  Langevin langevin_;
  std::vector<double> time_, point_, force_[2];

 private:
  bool carries_;
  std::vector<LangevinCoefficients> table_;
  std::vector<std::size_t> place_;
  std::unordered_map<std::uint64_t, std::size_t> known_;
};

class Ubu final : public LangevinStepper {
 public:
  Ubu(const Langevin& langevin, std::size_t capacity) : LangevinStepper(langevin, capacity, false) {}

  void step(const Step& s) override {
    look_up(s);
    for_each(s, [&](const Here& o) {
      point_[o.p] = s.y[o.x] + o.c.a_half * s.y[o.v] + o.c.rho * (o.c.b_half * o.w + o.c.h_half * o.h);
    });
    gradient(s.t, point_.data(), force_[0].data(), s.m);
    for_each(s, [&](const Here& o) {
      const LangevinCoefficients& c = o.c;
      const double push = c.u * c.h * force_[0][o.p];
      s.y1[o.x] = s.y[o.x] + c.a * s.y[o.v] - c.a_half * push + c.rho * (c.b * o.w + c.h_whole * o.h);
      s.y1[o.v] = c.e * s.y[o.v] - c.e_half * push + c.rho * (c.a / c.h * o.w - c.gamma * c.h_whole * o.h);
    });
  }
};

class Align final : public LangevinStepper {
 public:
  Align(const Langevin& langevin, std::size_t capacity) : LangevinStepper(langevin, capacity, true) {}

  void step(const Step& s) override {
    look_up(s);
    for_each(s, [&](const Here& o) {
      const LangevinCoefficients& c = o.c;
      s.y1[o.x] = s.y[o.x] + c.a * s.y[o.v] - c.b * c.u * c.h * s.y[o.f] + c.rho * (c.b * o.w + c.h_whole * o.h);
    });
    gradient(s.t, s.y1, s.y1 + 2 * langevin_.dim * s.m, s.m);
    for_each(s, [&](const Here& o) {
      const LangevinCoefficients& c = o.c;
      s.y1[o.v] = c.e * s.y[o.v] - c.u * ((c.a - c.b) * s.y[o.f] + c.b * s.y1[o.f]) +
                  c.rho * (c.a / c.h * o.w - c.gamma * c.h_whole * o.h);
      if (s.error) {
        s.error[o.x] = s.error[o.f] = 0;
        s.error[o.v] = -c.u * c.b * (s.y1[o.f] - s.y[o.f]);
      }
    });
  }
};

class Should final : public LangevinStepper {
 public:
  Should(const Langevin& langevin, std::size_t capacity) : LangevinStepper(langevin, capacity, true) {}

  void step(const Step& s) override {
    look_up(s);
    for_each(s, [&](const Here& o) {
      const LangevinCoefficients& c = o.c;
      const double v = s.y[o.v] + c.rho * (o.h + 6 * o.k);
      point_[o.p] = s.y[o.x] + c.a_half * v + c.b_half * (c.rho * (o.w - 12 * o.k) - c.u * c.h * s.y[o.f]);
    });
    gradient(s.t, point_.data(), force_[0].data(), s.m);
    for_each(s, [&](const Here& o) {
      const LangevinCoefficients& c = o.c;
      s.y1[o.x] = s.y[o.x] + c.a * s.y[o.v] - c.u * c.h * c.b * (s.y[o.f] / 3 + force_[0][o.p] * (2.0 / 3)) +
                  c.rho * (c.b * o.w + c.h_whole * o.h + c.k_whole * o.k);
    });
    gradient(s.t, s.y1, s.y1 + 2 * langevin_.dim * s.m, s.m);
    for_each(s, [&](const Here& o) {
      const LangevinCoefficients& c = o.c;
      s.y1[o.v] = c.e * s.y[o.v] -
                  c.u * c.h * (c.e * s.y[o.f] / 6 + c.e_half * force_[0][o.p] * (2.0 / 3) + s.y1[o.f] / 6) +
                  c.rho * (c.a / c.h * o.w - c.gamma * (c.h_whole * o.h + c.k_whole * o.k));
    });
  }
};

class Quicsort final : public LangevinStepper {
 public:
  Quicsort(const Langevin& langevin, std::size_t capacity) : LangevinStepper(langevin, capacity, false) {}

  void step(const Step& s) override {
    look_up(s);
    const auto velocity = [&](const Here& o) { return s.y[o.v] + o.c.rho * (o.h + 6 * o.k); };
    const auto kick = [](const Here& o) { return o.c.rho * (o.w - 12 * o.k); };
    const auto push = [&](int i, const Here& o) { return o.c.u * o.c.h * force_[i][o.p]; };
    for_each(s, [&](const Here& o) { point_[o.p] = s.y[o.x] + o.c.a_l * velocity(o) + o.c.b_l * kick(o); });
    gradient(s.t, point_.data(), force_[0].data(), s.m);
    for_each(s, [&](const Here& o) {
      point_[o.p] = s.y[o.x] + o.c.a_r * velocity(o) + o.c.b_r * kick(o) - o.c.a_third * push(0, o);
    });
    gradient(s.t, point_.data(), force_[1].data(), s.m);
    for_each(s, [&](const Here& o) {
      const LangevinCoefficients& c = o.c;
      s.y1[o.x] = s.y[o.x] + c.a * velocity(o) + c.b * kick(o) - 0.5 * (c.a_r * push(0, o) + c.a_l * push(1, o));
      s.y1[o.v] = c.e * velocity(o) - 0.5 * (c.e_r * push(0, o) + c.e_l * push(1, o)) + c.a / c.h * kick(o) -
                  c.rho * (o.h - 6 * o.k);
    });
  }
};

}  // namespace

std::unique_ptr<Stepper> make_stepper(Solver solver, const Langevin& langevin, std::size_t capacity) {
  switch (solver) {
    case Solver::ubu:
      return std::make_unique<Ubu>(langevin, capacity);
    case Solver::align:
      return std::make_unique<Align>(langevin, capacity);
    case Solver::should:
      return std::make_unique<Should>(langevin, capacity);
    default:
      return std::make_unique<Quicsort>(langevin, capacity);
  }
}

}  // namespace trimtab::sde
