#include "arguments.hpp"
#include "gmres.hpp"
#include "precondition.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/parallel.hpp>
#include <trimtab/fractional/solve.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace trimtab::fractional {
namespace {

constexpr std::int64_t dense_below = 48;  // unknowns; from there on iterations are quicker than elimination

std::vector<double> coefficient(const char* name, std::span<const double> given, std::size_t n, bool positive) {
  if (given.size() > 1 && given.size() != n)
    reject(name, "one number or " + std::to_string(n), static_cast<double>(given.size()));
  for (std::size_t i = 0; i < given.size(); ++i)
    if (!std::isfinite(given[i]) || (positive && !(given[i] > 0)))
      reject(name, positive ? "finite numbers > 0" : "finite numbers",
             std::to_string(given[i]) + " at index " + std::to_string(i));
  return {given.begin(), given.end()};
}

Preconditioner choose(const RieszMatrix& a, Preconditioner asked) {
  if (!a.structured()) return Preconditioner::dense;
  if (asked == Preconditioner::automatic) {
    if (a.space.size() < dense_below) return Preconditioner::dense;
    return a.symmetric_weights() ? Preconditioner::padded_tau : Preconditioner::strang;
  }
  if (!a.symmetric_weights() && (asked == Preconditioner::tau || asked == Preconditioner::padded_tau))
    reject("preconditioner", "strang, none or dense for unequal weights", "tau");
  return asked;
}

}  // namespace

/// Everything is done in units of the entries, (entries + diag(ratio) M) u = f / divisor with divisor = scale d and
/// ratio = r / divisor.
class System::Body {
 public:
  Body(std::shared_ptr<const RieszMatrix> a, const SystemOptions& o)
      : matrix(std::move(a)),
        kind(choose(*matrix, o.preconditioner)),
        divisor_(coefficient("diffusion", o.diffusion, matrix->size(), true)),
        ratio_(coefficient("reaction", o.reaction, matrix->size(), false)) {
    if (divisor_.empty()) divisor_.push_back(1);
    for (double& d : divisor_) d *= matrix->scale;
    if (!ratio_.empty() && divisor_.size() > ratio_.size()) ratio_.resize(divisor_.size(), ratio_[0]);
    for (std::size_t i = 0; i < ratio_.size(); ++i) ratio_[i] /= divisor_[divisor_.size() > 1 ? i : 0];
    if (kind == Preconditioner::dense) {
      lu_.emplace(matrix->size(), dense());
    } else if (kind != Preconditioner::none) {
      build(o.border);
    }
  }

  void apply(const double* x, double* y, Workspace& work) const {
    multiply(x, y, work);
    if (divisor_.size() == 1)
      for (std::size_t i = 0; i < matrix->size(); ++i) y[i] *= divisor_[0];
    else
      for (std::size_t i = 0; i < matrix->size(); ++i) y[i] *= divisor_[i];
  }

  void precondition(const double* v, double* y, Workspace& work) const {
    divide(v, y);
    invert(y, y, work);
  }

  Report solve(const double* f, double* u, const StopOptions& stop, bool from_start, Workspace& work) const {
    const std::size_t n = matrix->size();
    const auto residual_of = [&](const double* x, double* y) {
      if (x) multiply(x, y, work);
      for (std::size_t i = 0; i < n; ++i) {
        const double b = f[i] / divisor_[divisor_.size() > 1 ? i : 0];
        y[i] = x ? b - y[i] : b;
      }
      invert(y, y, work);
    };
    if (!lu_)
      return gmres(
          n, u, from_start, stop, work,
          [&](const double* x, double* y) {
            multiply(x, y, work);
            invert(y, y, work);
          },
          residual_of);
    double* residual = work.vector(0, n);
    residual_of(nullptr, u);
    residual_of(u, residual);
    const double size = norm(n, u), correction = norm(n, residual);
    add_multiple(n, 1, residual, u);
    const double error = size > 0 ? correction / size : 0;
    if (!std::isfinite(error)) return {.status = Status::diverged};
    return {.status = error <= stop.rtol ? Status::converged : Status::floor, .error = error};
  }

  std::shared_ptr<const RieszMatrix> matrix;
  Preconditioner kind;

 private:
  void divide(const double* v, double* out) const {
    if (divisor_.size() == 1)
      for (std::size_t i = 0; i < matrix->size(); ++i) out[i] = v[i] / divisor_[0];
    else
      for (std::size_t i = 0; i < matrix->size(); ++i) out[i] = v[i] / divisor_[i];
  }

  /// y = (entries + diag(ratio) M) x
  void multiply(const double* x, double* y, Workspace& work) const {
    matrix->multiply(x, y, work);
    if (ratio_.size() == 1) {
      matrix->mass.add_product(x, ratio_[0], nullptr, y);
    } else if (!ratio_.empty()) {
      matrix->mass.add_product(x, 1, ratio_.data(), y);
    }
  }

  void invert(const double* v, double* y, Workspace& work) const {
    if (bordered_) {
      bordered_->solve(v, y, work);
    } else if (inner_) {
      inner_->solve(v, y, work);
    } else {
      if (v != y) std::copy_n(v, matrix->size(), y);
      if (lu_) lu_->solve(y);
    }
  }

  std::vector<double> dense() const {
    const std::size_t n = matrix->size();
    std::vector<double> a = matrix->dense();
    std::vector<double> mass(static_cast<std::size_t>(matrix->space.degree) + 1);
    for (std::size_t u = 0; u < n && !ratio_.empty(); ++u) {
      const std::int64_t first = matrix->mass.row(static_cast<std::int64_t>(u), mass.data());
      for (std::int64_t r = 0; r < std::ssize(mass); ++r)
        if (first + r >= 0 && first + r < static_cast<std::int64_t>(n))
          a[u * n + static_cast<std::size_t>(first + r)] += ratio_[ratio_.size() > 1 ? u : 0] * mass[r];
    }
    return a;
  }

  /// The preconditioner has the mean of the ratio, if that is not negative.
  void build(bool with_border) {
    double mean = 0;
    for (const double r : ratio_) mean += r / static_cast<double>(ratio_.size());
    mean = std::max(mean, 0.0);
    if (kind == Preconditioner::strang) {
      inner_ = make_strang(*matrix, mean);
    } else {
      inner_ = make_tau(*matrix, mean, kind == Preconditioner::padded_tau);
    }
    if (with_border)
      bordered_.emplace(inner_, border_with_mass(*matrix, mean), matrix->workspaces,
                        resolve_threads(matrix->options.threads));
  }

  std::vector<double> divisor_, ratio_;
  std::shared_ptr<const ToeplitzInverse> inner_;
  std::optional<BorderedInverse<float>> bordered_;
  std::optional<DenseLu> lu_;
};

System::System(const Riesz& riesz, const SystemOptions& options)
    : body_(std::make_unique<Body>(riesz.matrix(), options)) {}
System::~System() = default;
System::System(System&&) noexcept = default;
System& System::operator=(System&&) noexcept = default;

std::int64_t System::size() const { return body_->matrix->space.size(); }
Preconditioner System::preconditioner() const { return body_->kind; }

void System::apply(std::span<const double> v, std::span<double> y) const {
  for_each_row(*body_->matrix, "v", v, y,
               [&](const double* in, double* out, Workspace& work, std::size_t) { body_->apply(in, out, work); });
}

void System::precondition(std::span<const double> v, std::span<double> y) const {
  for_each_row(*body_->matrix, "v", v, y, [&](const double* in, double* out, Workspace& work, std::size_t) {
    body_->precondition(in, out, work);
  });
}

Report System::solve(std::span<const double> f, std::span<double> u, const StopOptions& stop, bool from_start) const {
  if (!(stop.rtol >= 0 && stop.rtol < 1)) reject("rtol", "a number in [0, 1)", stop.rtol);
  if (stop.max_iterations < 1) reject("max_iterations", "an integer >= 1", stop.max_iterations);
  const auto begin = std::chrono::steady_clock::now();
  if (from_start) check_rows("u", u, size());
  std::vector<Report> reports(f.size() / body_->matrix->size());
  for_each_row(*body_->matrix, "f", f, u, [&](const double* in, double* out, Workspace& work, std::size_t row) {
    reports[row] = body_->solve(in, out, stop, from_start, work);
  });
  Report total;
  for (const Report& r : reports) {
    total.status = std::max(total.status, r.status);
    total.iterations = std::max(total.iterations, r.iterations);
    total.error = std::max(total.error, r.error);
  }
  total.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return total;
}

}  // namespace trimtab::fractional
