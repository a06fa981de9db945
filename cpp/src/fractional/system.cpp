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
    return a.symmetric_weights() ? Preconditioner::tau : Preconditioner::strang;
  }
  if (!a.symmetric_weights() && (asked == Preconditioner::tau || asked == Preconditioner::padded_tau))
    reject("preconditioner", "strang, none or dense for unequal weights", "tau");
  return asked;
}

}  // namespace

class System::Body {
 public:
  Body(std::shared_ptr<const RieszMatrix> a, const SystemOptions& o)
      : matrix(std::move(a)),
        diffusion(coefficient("diffusion", o.diffusion, matrix->size(), true)),
        reaction(coefficient("reaction", o.reaction, matrix->size(), false)),
        kind(choose(*matrix, o.preconditioner)) {
    if (diffusion.empty()) diffusion.push_back(1);
    if (kind == Preconditioner::dense) {
      lu.emplace(matrix->size(), dense());
    } else if (kind != Preconditioner::none) {
      build(o.border);
    }
  }

  /// y = (diag(d) A + diag(r) M) x
  void apply(const double* x, double* y, Workspace& work) const {
    const std::size_t n = matrix->size();
    matrix->multiply(x, y, work);
    if (diffusion.size() == 1) {
      const double factor = matrix->scale * diffusion[0];
      for (std::size_t i = 0; i < n; ++i) y[i] *= factor;
    } else {
      for (std::size_t i = 0; i < n; ++i) y[i] *= matrix->scale * diffusion[i];
    }
    if (reaction.size() == 1) {
      matrix->mass.add_product(x, reaction[0], nullptr, y);
    } else if (!reaction.empty()) {
      matrix->mass.add_product(x, 1, reaction.data(), y);
    }
  }

  void precondition(const double* v, double* y, Workspace& work) const {
    const std::size_t n = matrix->size();
    if (kind == Preconditioner::none) {
      std::copy_n(v, n, y);
      return;
    }
    if (lu) {
      std::copy_n(v, n, y);
      lu->solve(y);
      return;
    }
    const double* in = v;
    if (diffusion.size() > 1) {
      const auto divided = Workspace::sized(work.divided, n);
      for (std::size_t i = 0; i < n; ++i) divided[i] = v[i] / diffusion[i];
      in = divided.data();
    }
    if (bordered) {
      bordered->solve(in, y, work);
    } else {
      inner->solve(in, y, work);
    }
    const double factor = 1 / (matrix->scale * (diffusion.size() == 1 ? diffusion[0] : 1));
    for (std::size_t i = 0; i < n; ++i) y[i] *= factor;
  }

  Report solve(const double* f, double* u, const StopOptions& stop, bool from_start, Workspace& work) const {
    const std::size_t n = matrix->size();
    if (!lu)
      return gmres(
          n, f, u, from_start, stop, work, [&](const double* x, double* y) { apply(x, y, work); },
          [&](const double* x, double* y) { precondition(x, y, work); });
    std::vector<double> residual(n);
    std::copy_n(f, n, u);
    lu->solve(u);
    apply(u, residual.data(), work);
    for (std::size_t i = 0; i < n; ++i) residual[i] = f[i] - residual[i];
    lu->solve(residual.data());
    const double size = norm(n, u), correction = norm(n, residual.data());
    add_multiple(n, 1, residual.data(), u);
    const double error = size > 0 ? correction / size : 0;
    if (!std::isfinite(error)) return {.status = Status::diverged};
    return {.status = error <= stop.rtol ? Status::converged : Status::floor, .error = error};
  }

  std::shared_ptr<const RieszMatrix> matrix;
  std::vector<double> diffusion, reaction;
  Preconditioner kind;

 private:
  std::vector<double> dense() const {
    const std::size_t n = matrix->size();
    std::vector<double> a(n * n), unit(n), column(n);
    const auto entries = matrix->dense();
    std::vector<double> mass(static_cast<std::size_t>(matrix->space.degree) + 1);
    for (std::size_t u = 0; u < n; ++u) {
      const double d = matrix->scale * (diffusion.size() > 1 ? diffusion[u] : diffusion[0]);
      for (std::size_t v = 0; v < n; ++v) a[u * n + v] = d * entries[u * n + v];
      if (reaction.empty()) continue;
      const std::int64_t first = matrix->mass.row(static_cast<std::int64_t>(u), mass.data());
      for (std::int64_t r = 0; r < std::ssize(mass); ++r)
        if (first + r >= 0 && first + r < static_cast<std::int64_t>(n))
          a[u * n + static_cast<std::size_t>(first + r)] += (reaction.size() > 1 ? reaction[u] : reaction[0]) * mass[r];
    }
    return a;
  }

  /// The preconditioner is diag(d) scale (entries + ratio M), with the mean of r / d in the ratio, if not negative.
  void build(bool with_border) {
    double ratio = 0;
    for (std::size_t i = 0; i < std::max(reaction.size(), diffusion.size()) && !reaction.empty(); ++i)
      ratio += reaction[reaction.size() > 1 ? i : 0] / diffusion[diffusion.size() > 1 ? i : 0];
    ratio /= static_cast<double>(std::max(reaction.size(), diffusion.size())) * matrix->scale;
    ratio = std::max(ratio, 0.0);
    if (kind == Preconditioner::strang) {
      inner = make_strang(*matrix, ratio);
    } else {
      inner = make_tau(*matrix, ratio, kind == Preconditioner::padded_tau);
    }
    if (with_border && matrix->border.rank() > 0)
      bordered.emplace(inner, border_with_mass(*matrix, ratio), matrix->workspaces,
                       resolve_threads(matrix->options.threads));
  }

  std::shared_ptr<const ToeplitzInverse> inner;
  std::optional<BorderedInverse<float>> bordered;
  std::optional<DenseLu> lu;
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
