#include "../core/sums.hpp"
#include "operator.hpp"

#include <trimtab/core/error.hpp>

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

template <class Real>
class EisenstatRun {
 public:
  EisenstatRun(const Operator<Real>& a, std::span<const Real> b, std::span<Real> x, const PcgOptions& options)
      : a_(in_order(a, options.order)),
        options_(options),
        n_(a_.storage()),
        omega_(static_cast<Real>(options.omega)),
        b_(n_),
        x_(n_),
        p_(n_),
        t_(n_),
        y_(n_),
        rt_(n_) {
    a_.load(b.data(), b_.data());
    a_.load(x.data(), x_.data());
  }

  Report operator()(std::span<Real> user) {
    Watch watch(options_.stop.watch);
    const double start = residual();
    report_.reference = options_.stop.reference == StopOptions::Reference::start
                            ? start
                            : std::sqrt(sum_of_squares(n_, threads(), b_.data()));
    target_ = std::max(options_.stop.rtol * report_.reference, options_.stop.atol);
    if (report_.reference == 0 && options_.stop.atol == 0) {  // b = 0
      std::fill(user.begin(), user.end(), Real(0));
    } else if (start <= target_) {
      report_.residual = start;
    } else {
      iterate(watch, start);
      if (report_.status != Status::diverged) a_.store(x_.data(), user.data());
    }
    report_.seconds = watch.seconds();
    return report_;
  }

 private:
  int threads() const { return a_.threads(); }

  /// y_ = b - A x and its norm.
  double residual() {
    a_.multiply(x_.data(), y_.data());
    for_chunks(n_, threads(), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) y_[i] = b_[i] - y_[i];
    });
    return std::sqrt(sum_of_squares(n_, threads(), y_.data()));
  }

  /// |(Dh + L) rt|: the residual as the recurrence has it.
  double recurrent_residual() {
    a_.near_products(true, rt_.data(), t_.data());
    const Real* d = a_.diagonal();
    return std::sqrt(sum_chunks(n_, threads(), [&](std::size_t begin, std::size_t end) {
      return lane_sum(begin, end, [&](std::size_t i) {
        const double r = t_[i] + d[i] / omega_ * rt_[i];
        return r * r;
      });
    }));
  }

  /// rt = (Dh + L)^-1 y; returns rt' D rt.
  double restart() {
    a_.solve_triangle(true, omega_, y_.data(), Real(0), nullptr, rt_.data());
    return sum_chunks(n_, threads(), [&](std::size_t begin, std::size_t end) { return size_of_rt(begin, end); });
  }

  void iterate(Watch& watch, double start) {
    double rz = restart(), beta = 0;
    const Real shift = Real(2) / omega_ - 1;
    double ratio = start / std::sqrt(rz), last = start;  // ratio: residual to the size of rt, slowly changing
    for (std::int64_t k = 1;; ++k) {
      a_.next_direction(omega_, rt_.data(), static_cast<Real>(beta), p_.data(), t_.data());
      const double curvature = a_.solve_triangle(true, omega_, p_.data(), shift, t_.data(), y_.data());  // p' q
      if (!(curvature > 0))
        return conclude(std::isfinite(curvature) ? Status::not_spd : Status::diverged, k - 1, residual());
      const double new_rz = update(static_cast<Real>(rz / curvature));
      if (!std::isfinite(new_rz)) return conclude(Status::diverged, k, new_rz);

      bool restarted = false;
      if (ratio * std::sqrt(new_rz) <= 8 * target_ || k % residual_every == 0) {
        last = recurrent_residual();
        ratio = last / std::sqrt(new_rz);
        if (last > growth_limit * start) return conclude(Status::diverged, k, last);
        if (last <= target_) {  // by the recurrence, which drifts: the true residual decides
          last = residual();
          if (last <= target_) return conclude(Status::converged, k, last);
          rz = restart();
          restarted = true;
        }
      }
      const double share = std::log(start / last) / std::log(start / target_);
      const Stop stop = watch.check(std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0);
      if (stop != Stop::none)
        return conclude(stop == Stop::requested ? Status::stopped : Status::time_limit, k, residual());
      if (k == options_.stop.max_iterations) {
        last = residual();
        return conclude(last <= target_ ? Status::converged : Status::max_iterations, k, last);
      }
      beta = restarted ? 0 : new_rz / rz;
      if (!restarted) rz = new_rz;
    }
  }

  /// x += alpha t, rt -= alpha (t + y); returns rt' D rt.
  double update(Real alpha) {
    return sum_chunks(n_, threads(), [&](std::size_t begin, std::size_t end) {
      Real* __restrict x = x_.data(), * __restrict rt = rt_.data();
      const Real* __restrict t = t_.data(), * __restrict y = y_.data();
      for (std::size_t i = begin; i < end; ++i) {
        x[i] += alpha * t[i];
        rt[i] -= alpha * (t[i] + y[i]);
      }
      return size_of_rt(begin, end);
    });
  }

  double size_of_rt(std::size_t begin, std::size_t end) const {
    const Real* rt = rt_.data();
    const Real* d = a_.diagonal();
    if (a_.has_constant_diagonal())
      return lane_sum(begin, end, [rt](std::size_t i) { return double(rt[i]) * double(rt[i]); });
    return lane_sum(begin, end, [rt, d](std::size_t i) { return double(d[i] * rt[i]) * double(rt[i]); });
  }

  void conclude(Status status, std::int64_t iterations, double residual) {
    report_.status = status;
    report_.iterations = iterations;
    report_.residual = residual;
  }

  const Operator<Real>& a_;
  const PcgOptions& options_;
  const std::size_t n_;
  const Real omega_;
  Vector<Real> b_, x_, p_, t_, y_, rt_;
  double target_ = 0;
  Report report_;
};

}  // namespace

template <class Real>
Report ssor_pcg(const Matrix<Real>& a, std::span<const Real> b, std::span<Real> x, const PcgOptions& options) {
  check_options(options.omega, options.stop);
  if (options.order == Order::red_black) reject("order", "row or multicolor", "red-black");
  check_vector<Real>("b", b, a.size());
  check_vector<Real>("x0", x, a.size());
  if (const auto row = a.negative_diagonal(); row >= 0)
    throw std::invalid_argument("A: row " + std::to_string(row) + ": a_ii < 0: not positive definite; use sor, or -A");
  return EisenstatRun<Real>(a.kernels(), b, x, options)(x);
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
template void ssor_apply<float>(const Matrix<float>&, double, std::span<const float>, std::span<float>);
template void ssor_apply<double>(const Matrix<double>&, double, std::span<const double>, std::span<double>);

}  // namespace trimtab::relax
