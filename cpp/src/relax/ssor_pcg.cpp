#include "columns.hpp"

#include <trimtab/core/error.hpp>

#include <array>
#include <cmath>
#include <string>

/// Eisenstat's form. With Dh = D / omega, K = 2 Dh - D and A = (Dh + L) + (Dh + U) - K, conjugate gradients run on
/// (Dh + L)^-1 A (Dh + U)^-1, preconditioned by a multiple of D:
///   t = (Dh + U)^-1 p,  y = (Dh + L)^-1 (p - K t),  q = t + y,  x += alpha t,  rt -= alpha q,  z = D rt,
/// where a constant D is left out, since a multiple of the preconditioner does the same.
/// rt = (Dh + L)^-1 r is not the residual; r itself costs half a product, and is formed only when it may be small.

namespace trimtab::relax {
namespace {

constexpr double growth_limit = 1e8;
constexpr int residual_every = 8;  ///< iterations between two residuals while the end is far

/// One right-hand side, or one in each lane of Value. Lanes share the kernels, not the decisions.
template <class Real, class Value>
class EisenstatRun {
  static constexpr int lanes = static_cast<int>(simd::lanes<Value>);
  using Sum = decltype(widened(Value{}));
  using Numbers = relax::Numbers<Value>;
  using Which = std::array<bool, lanes>;

 public:
  /// @param b, x as many vectors as there are reports, one after the other
  EisenstatRun(const Operator<Real>& rows, const Kernels<Real, Value>& a, const Real* b, Real* x,
               std::span<Report> reports, const PcgOptions& options)
      : rows_(rows),
        a_(a),
        options_(options),
        n_(rows.storage()),
        omega_(static_cast<Real>(options.omega)),
        user_(x),
        reports_(reports),
        watch_(options.stop.watch),
        b_(load<Real, Value>(rows, b, count())),
        x_(load<Real, Value>(rows, x, count())),
        p_(n_),
        t_(n_),
        y_(n_),
        rt_(n_) {}

  void operator()() {
    const Numbers start = residual();
    Numbers reference = start;
    if (options_.stop.reference == StopOptions::Reference::rhs) reference = norms(b_, threads());
    for (int l = 0; l < count(); ++l) {
      reports_[l].reference = reference[l];
      target_[l] = std::max(options_.stop.rtol * reference[l], options_.stop.atol);
      if (reference[l] == 0 && options_.stop.atol == 0) {  // b = 0
        std::fill_n(user_ + l * size(), size(), Real(0));
      } else if (start[l] <= target_[l]) {
        reports_[l].residual = start[l];
      } else {
        running_[l] = true;
      }
      reports_[l].seconds = watch_.seconds();
    }
    if (any(running_)) iterate(start);
  }

 private:
  int threads() const { return rows_.threads(); }
  std::size_t size() const { return rows_.size(); }
  int count() const { return static_cast<int>(reports_.size()); }
  static bool any(const Which& which) {
    return std::any_of(which.begin(), which.end(), [](bool b) { return b; });
  }
  template <class Body>
  void for_running(Body&& body) {
    for (int l = 0; l < count(); ++l)
      if (running_[l]) body(l);
  }

  /// y_ = b - A x and its norm.
  Numbers residual() {
    a_.multiply(x_.data(), y_.data());
    for_chunks(n_, threads(), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) y_[i] = b_[i] - y_[i];
    });
    return norms(y_, threads());
  }

  /// |(Dh + L) rt|: the residual as the recurrence has it.
  Numbers recurrent_residual() {
    a_.near_products(true, rt_.data(), t_.data());
    for_chunks(n_, threads(), [&, d = rows_.diagonal()](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) t_[i] += d[i] / omega_ * rt_[i];
    });
    return norms(t_, threads());
  }

  /// rt = (Dh + L)^-1 y in some lanes; returns rt' D rt.
  Numbers restart(const Which& which) {
    a_.solve_triangle(true, omega_, y_.data(), Real(0), nullptr, t_.data());
    if (which == running_) {
      std::swap(t_, rt_);
    } else {
      for (int l = 0; l < lanes; ++l)
        for (std::size_t i = 0; which[l] && i < n_; ++i) set_lane(rt_[i], l, lane(t_[i], l));
    }
    return numbers<Value>(
        sum_chunks(n_, threads(), [&](std::size_t begin, std::size_t end) { return size_of_rt(begin, end); }));
  }

  void iterate(const Numbers& start) {
    Numbers rz = restart(running_), ratio{}, last = start;  // ratio: residual to the size of rt, slowly changing
    for_running([&](int l) { ratio[l] = start[l] / std::sqrt(rz[l]); });
    const Real shift = Real(2) / omega_ - 1;
    Value beta{};
    for (std::int64_t k = 1;; ++k) {
      a_.next_direction(omega_, rt_.data(), beta, p_.data(), t_.data());
      const Numbers curvature =  // p' q
          numbers<Value>(a_.solve_triangle(true, omega_, p_.data(), shift, t_.data(), y_.data()));
      Value alpha{};
      Which bent{};
      for_running([&](int l) {
        bent[l] = !(curvature[l] > 0);
        if (bent[l]) return conclude(l, std::isfinite(curvature[l]) ? Status::not_spd : Status::diverged, k - 1, 0);
        set_lane(alpha, l, static_cast<Real>(rz[l] / curvature[l]));
      });
      if (any(bent)) {
        const Vector<Value> y = y_;
        const Numbers r = residual();
        for (int l = 0; l < count(); ++l)
          if (bent[l]) reports_[l].residual = r[l];
        y_ = y;
      }
      const Numbers new_rz = update(alpha);
      for_running([&](int l) {
        if (!std::isfinite(new_rz[l])) conclude(l, Status::diverged, k, new_rz[l]);
      });
      const Which restarted = check(k, start, new_rz, ratio, last);
      const Numbers afresh = any(restarted) ? restart(restarted) : Numbers{};
      if (ends(k, start, last)) return;
      for_running([&](int l) {
        set_lane(beta, l, restarted[l] ? Real(0) : static_cast<Real>(new_rz[l] / rz[l]));
        rz[l] = restarted[l] ? afresh[l] : new_rz[l];
      });
    }
  }

  /// Ends the lanes that have converged or diverged. Those whose recurrence has drifted off must start anew, from y_.
  Which check(std::int64_t k, const Numbers& start, const Numbers& rz, Numbers& ratio, Numbers& last) {
    Which due{}, met{};
    for_running([&](int l) { due[l] = ratio[l] * std::sqrt(rz[l]) <= 8 * target_[l] || k % residual_every == 0; });
    if (!any(due)) return met;
    const Numbers recurrent = recurrent_residual();
    for_running([&](int l) {
      if (!due[l]) return;
      last[l] = recurrent[l];
      ratio[l] = last[l] / std::sqrt(rz[l]);
      met[l] = last[l] <= target_[l];
      if (last[l] > growth_limit * start[l]) conclude(l, Status::diverged, k, last[l]);
    });
    if (!any(met)) return met;
    const Numbers exact = residual();  // the recurrence drifts: the true residual decides
    for (int l = 0; l < count(); ++l) {
      if (!met[l]) continue;
      last[l] = exact[l];
      if (exact[l] > target_[l]) continue;
      met[l] = false;
      conclude(l, Status::converged, k, exact[l]);
    }
    return met;
  }

  /// Whether all lanes have ended, by themselves or by a limit.
  bool ends(std::int64_t k, const Numbers& start, const Numbers& last) {
    if (!any(running_)) return true;
    double done = 1;
    for_running([&](int l) {
      const double share = std::log(start[l] / last[l]) / std::log(start[l] / target_[l]);
      done = std::min(done, std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0);
    });
    const Stop stop = watch_.check(done);
    if (stop == Stop::none && k < options_.stop.max_iterations) return false;
    const Numbers r = residual();
    for_running([&](int l) {
      conclude(l,
               stop == Stop::requested    ? Status::stopped
               : stop == Stop::time_limit ? Status::time_limit
               : r[l] <= target_[l]       ? Status::converged
                                          : Status::max_iterations,
               k, r[l]);
    });
    return true;
  }

  /// x += alpha t, rt -= alpha (t + y); returns rt' D rt.
  Numbers update(const Value& factor) {
    return numbers<Value>(sum_chunks(n_, threads(), [&, alpha = factor](std::size_t begin, std::size_t end) {
      Value* __restrict x = x_.data(), * __restrict rt = rt_.data();
      const Value* __restrict t = t_.data(), * __restrict y = y_.data();
      for (std::size_t i = begin; i < end; ++i) {
        x[i] += alpha * t[i];
        rt[i] -= alpha * (t[i] + y[i]);
      }
      return size_of_rt(begin, end);
    }));
  }

  Sum size_of_rt(std::size_t begin, std::size_t end) const {
    const Value* rt = rt_.data();
    const Real* d = rows_.diagonal();
    if (rows_.has_constant_diagonal())
      return lane_sum(begin, end, [rt](std::size_t i) { return widened(rt[i]) * widened(rt[i]); });
    return lane_sum(begin, end, [rt, d](std::size_t i) { return widened(Value(d[i] * rt[i])) * widened(rt[i]); });
  }

  void conclude(int l, Status status, std::int64_t iterations, double residual) {
    reports_[l].status = status;
    reports_[l].iterations = iterations;
    reports_[l].residual = residual;
    if (status != Status::diverged) store(rows_, x_, l, user_);
    reports_[l].seconds = watch_.seconds();
    running_[l] = false;
  }

  const Operator<Real>& rows_;
  const Kernels<Real, Value>& a_;
  const PcgOptions& options_;
  const std::size_t n_;
  const Real omega_;
  Real* user_;
  std::span<Report> reports_;
  Watch watch_;
  Vector<Value> b_, x_, p_, t_, y_, rt_;
  Numbers target_{};
  Which running_{};
};

template <class Real>
void check(const Matrix<Real>& a, std::span<const Real> b, std::span<const Real> x, const PcgOptions& options,
           std::size_t total) {
  check_options(options.omega, options.stop);
  if (options.order == Order::red_black) reject("order", "row or multicolor", "red-black");
  check_columns<Real>(b, x, a.size(), total);
  if (const auto row = a.negative_diagonal(); row >= 0)
    throw std::invalid_argument("A: row " + std::to_string(row) + ": a_ii < 0: not positive definite; use sor, or -A");
}

}  // namespace

template <class Real>
Report ssor_pcg(const Matrix<Real>& a, std::span<const Real> b, std::span<Real> x, const PcgOptions& options) {
  Report report;
  ssor_pcg(a, b, x, options, {&report, 1});
  return report;
}

template <class Real>
void ssor_pcg(const Matrix<Real>& a, std::span<const Real> b, std::span<Real> x, const PcgOptions& options,
              std::span<Report> reports) {
  check<Real>(a, b, x, options, reports.size());
  const Operator<Real>& rows = in_order(a.kernels(), options.order);
  const auto* many = rows.for_columns();
  const auto run = [&]<class Value>(Value, const Kernels<Real, Value>& kernels, std::size_t first, std::size_t count) {
    const std::size_t at = first * a.size();
    EisenstatRun<Real, Value>(rows, kernels, b.data() + at, x.data() + at, reports.subspan(first, count), options)();
  };
  for_columns(
      many, reports.size(), a.threads(),
      [&](std::size_t first, std::size_t count) { run(Columns<Real>{}, *many, first, count); },
      [&](std::size_t i) { run(Real{}, rows, i, 1); });
}

template <class Real>
void ssor_apply(const Matrix<Real>& a, double omega, std::span<const Real> r, std::span<Real> z) {
  check_options(omega, {});
  check_vector<Real>("r", r, a.size());
  if (z.size() != a.size()) reject("z", std::to_string(a.size()) + " numbers", static_cast<double>(z.size()));
  const Operator<Real>& kernels = a.kernels();
  const std::size_t n = kernels.storage();
  Vector<Real> own(n), half(n);
  kernels.load(r.data(), own.data());
  kernels.solve_triangle(true, Real(omega), own.data(), Real(0), nullptr, half.data());
  const Real* d = kernels.diagonal();
  for (std::size_t i = 0; i < n; ++i) own[i] = (Real(2) / Real(omega) - 1) * d[i] * half[i];
  kernels.solve_triangle(false, Real(omega), own.data(), Real(0), nullptr, half.data());
  kernels.store(half.data(), z.data());
}

template Report ssor_pcg<float>(const Matrix<float>&, std::span<const float>, std::span<float>, const PcgOptions&);
template Report ssor_pcg<double>(const Matrix<double>&, std::span<const double>, std::span<double>, const PcgOptions&);
template void ssor_pcg<float>(const Matrix<float>&, std::span<const float>, std::span<float>, const PcgOptions&,
                              std::span<Report>);
template void ssor_pcg<double>(const Matrix<double>&, std::span<const double>, std::span<double>, const PcgOptions&,
                               std::span<Report>);
template void ssor_apply<float>(const Matrix<float>&, double, std::span<const float>, std::span<float>);
template void ssor_apply<double>(const Matrix<double>&, double, std::span<const double>, std::span<double>);

}  // namespace trimtab::relax
