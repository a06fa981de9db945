#include "arguments.hpp"
#include "gohberg_semencul.hpp"
#include "pcg.hpp"
#include "precondition.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/parallel.hpp>
#include <trimtab/fractional/solve.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace trimtab::fractional {
namespace {

/// First column of (T + ratio M_T)^-1.
std::vector<double> first_column(const RieszMatrix& a, double ratio, int threads) {
  const std::size_t n = a.size();
  const auto tau = make_tau(a, ratio, false);
  std::vector<double> band(static_cast<std::size_t>(a.space.degree) + 1), b(n), x(n);
  const auto middle = static_cast<std::int64_t>(n / 2);
  const std::int64_t first = a.mass.row(middle, band.data()) - middle;
  Workspace work;
  work.threads = threads;
  b[0] = 1;
  pcg(
      n, b.data(), x.data(),
      [&](const double* v, double* y) {
        a.toeplitz->multiply(v, y, work);
        for (std::int64_t r = 0; ratio != 0 && r < std::ssize(band); ++r) {
          const std::int64_t shift = first + r, size = static_cast<std::int64_t>(n);
          for (std::int64_t i = std::max<std::int64_t>(0, -shift); i < std::min(size, size - shift); ++i)
            y[i] += ratio * band[r] * v[i + shift];
        }
      },
      [&](const double* v, double* y) { tau->solve(v, y, work); });
  return x;
}

}  // namespace

class Factorization::Body {
 public:
  Body(std::shared_ptr<const RieszMatrix> a, double diffusion, double shift)
      : matrix(std::move(a)), scale(matrix->scale * diffusion) {
    if (!(diffusion > 0)) reject("diffusion", "a number > 0", diffusion);
    if (!(shift >= 0)) reject("shift", "a number >= 0", shift);
    if (!matrix->symmetric_weights()) reject("weights", "equal ones for a factorization", "unequal ones");
    if (!matrix->structured()) {
      whole.emplace(Riesz(matrix->space.n, matrix->options),
                    SystemOptions{.diffusion = {&diffusion, 1}, .reaction = {&shift, 1}});
      return;
    }
    const int threads = resolve_threads(matrix->options.threads);
    const double ratio = shift / scale;
    inverse.emplace(std::make_shared<GohbergSemencul>(first_column(*matrix, ratio, threads)),
                    border_with_mass(*matrix, ratio), matrix->workspaces, threads);
  }

  std::shared_ptr<const RieszMatrix> matrix;
  double scale;
  std::optional<BorderedInverse<double>> inverse;
  std::optional<System> whole;  ///< where the ends meet
};

Factorization::Factorization(const Riesz& riesz, double diffusion, double shift)
    : body_(std::make_unique<Body>(riesz.matrix(), diffusion, shift)) {}
Factorization::~Factorization() = default;
Factorization::Factorization(Factorization&&) noexcept = default;
Factorization& Factorization::operator=(Factorization&&) noexcept = default;

std::int64_t Factorization::size() const { return body_->matrix->space.size(); }

void Factorization::solve(std::span<const double> f, std::span<double> u) const {
  if (body_->whole) {
    body_->whole->solve(f, u);
    return;
  }
  for_each_row(*body_->matrix, "f", f, u, [&](const double* in, double* out, Workspace& work, std::size_t) {
    body_->inverse->solve(in, out, work);
    for (std::size_t i = 0; i < body_->matrix->size(); ++i) out[i] /= body_->scale;
  });
}

}  // namespace trimtab::fractional
