#include "../core/sums.hpp"
#include "operator.hpp"

#include <trimtab/core/error.hpp>

#include <cmath>
#include <string>

namespace trimtab::relax {
namespace {

/// Smallest eigenvalue of the symmetric tridiagonal matrix, by bisection with Sturm counts.
double smallest_eigenvalue(const std::vector<double>& diagonal, const std::vector<double>& off) {
  double low = diagonal[0], high = diagonal[0];
  for (std::size_t i = 0; i < diagonal.size(); ++i) {
    const double radius = (i > 0 ? std::abs(off[i - 1]) : 0) + (i < off.size() ? std::abs(off[i]) : 0);
    low = std::min(low, diagonal[i] - radius);
    high = std::min(high, diagonal[i]);
  }
  const auto some_below = [&](double shift) {
    double pivot = 1;
    for (std::size_t i = 0; i < diagonal.size(); ++i) {
      pivot = diagonal[i] - shift - (i > 0 ? off[i - 1] * off[i - 1] / pivot : 0);
      if (pivot < 0) return true;
      if (pivot == 0) pivot = 1e-300;
    }
    return false;
  };
  for (int i = 0; i < 200; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    (some_below(middle) ? high : low) = middle;
  }
  return low + (high - low) / 2;
}

}  // namespace

template <class Real>
Report jacobi_pcg(const Matrix<Real>& matrix, std::span<const Real> b, std::span<Real> x, const PcgOptions& options) {
  const Operator<Real>& a = matrix.kernels();
  check_options(1, options.stop);
  check_vector<Real>("b", b, a.size());
  check_vector<Real>("x0", x, a.size());
  if (const auto row = matrix.negative_diagonal(); row >= 0)
    throw std::invalid_argument("A: row " + std::to_string(row) + ": a_ii < 0: not positive definite; use sor, or -A");
  Watch watch(options.stop.watch);
  const std::size_t n = a.storage();
  const int threads = a.threads();
  const Real* d = a.diagonal();
  Vector<Real> rhs(n), u(n), r(n), p(n), q(n);
  a.load(b.data(), rhs.data());
  a.load(x.data(), u.data());

  Report report;
  const auto true_residual = [&] {
    a.multiply(u.data(), q.data());
    for (std::size_t i = 0; i < n; ++i) r[i] = rhs[i] - q[i];
    return std::sqrt(sum_of_squares(n, threads, r.data()));
  };
  const auto dot_with_z = [&] {  // r' D^-1 r
    return sum_chunks(n, threads, [&](std::size_t begin, std::size_t end) {
      return lane_sum(begin, end, [&](std::size_t i) { return double(r[i]) * double(r[i] / d[i]); });
    });
  };
  const double start = true_residual();
  report.reference = options.stop.reference == StopOptions::Reference::start
                         ? start
                         : std::sqrt(sum_of_squares(n, threads, rhs.data()));
  const double target = std::max(options.stop.rtol * report.reference, options.stop.atol);
  report.residual = start;
  if (report.reference == 0 && options.stop.atol == 0) {  // b = 0
    std::fill(x.begin(), x.end(), Real(0));
    report.residual = 0;
    return report;
  }
  if (start <= target) return report;

  std::vector<double> diagonal, off;  // of the Lanczos matrix
  bool measuring = true;              // until the first restart
  double rz = dot_with_z(), beta = 0, alpha = 0;
  report.status = Status::max_iterations;
  for (std::int64_t k = 1; k <= options.stop.max_iterations; ++k) {
    for (std::size_t i = 0; i < n; ++i) p[i] = r[i] / d[i] + Real(beta) * p[i];
    a.multiply(p.data(), q.data());
    const double curvature = sum_chunks(n, threads, [&](std::size_t begin, std::size_t end) {
      return lane_sum(begin, end, [&](std::size_t i) { return double(p[i]) * double(q[i]); });
    });
    if (!(curvature > 0)) {
      report.status = std::isfinite(curvature) ? Status::not_spd : Status::diverged;
      break;
    }
    const double previous = alpha;
    alpha = rz / curvature;
    if (measuring) {
      if (k > 1) off.push_back(std::sqrt(beta) / previous);
      diagonal.push_back(1 / alpha + (k > 1 ? beta / previous : 0));
    }
    for (std::size_t i = 0; i < n; ++i) {
      u[i] += Real(alpha) * p[i];
      r[i] -= Real(alpha) * q[i];
    }
    report.iterations = k;
    report.residual = std::sqrt(sum_of_squares(n, threads, r.data()));
    if (!std::isfinite(report.residual)) {
      report.status = Status::diverged;
      break;
    }
    bool restarted = false;
    if (report.residual <= target) {  // by the recurrence, which drifts: the true residual decides
      report.residual = true_residual();
      if (report.residual <= target) {
        report.status = Status::converged;
        break;
      }
      measuring = false;
      restarted = true;
    }
    const Stop stop = watch.check(std::clamp(std::log(start / report.residual) / std::log(start / target), 0.0, 1.0));
    if (stop != Stop::none) {
      report.status = stop == Stop::requested ? Status::stopped : Status::time_limit;
      break;
    }
    const double new_rz = dot_with_z();
    beta = restarted ? 0 : new_rz / rz;
    rz = new_rz;
  }
  if (report.status != Status::diverged) {
    report.residual = true_residual();
    a.store(u.data(), x.data());
  }
  if (!diagonal.empty()) report.ritz_min = smallest_eigenvalue(diagonal, off);
  if (diagonal.size() > 1) {
    diagonal.pop_back();
    off.pop_back();
    report.ritz_before = smallest_eigenvalue(diagonal, off);
  }
  report.seconds = watch.seconds();
  return report;
}

template Report jacobi_pcg<float>(const Matrix<float>&, std::span<const float>, std::span<float>, const PcgOptions&);
template Report jacobi_pcg<double>(const Matrix<double>&, std::span<const double>, std::span<double>,
                                   const PcgOptions&);

}  // namespace trimtab::relax
