#include "arguments.hpp"
#include "pcg.hpp"
#include "precondition.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/fft.hpp>
#include <trimtab/core/parallel.hpp>
#include <trimtab/fractional/solve.hpp>

#include <algorithm>
#include <complex>
#include <optional>
#include <utility>

namespace trimtab::fractional {
namespace {

/// T^-1 = (Lo(x) Lo(x)' - Lo(y) Lo(y)') / x_0 with x the first column of the inverse and y = (0, x_(n-1), ..., x_1).
class GohbergSemencul final : public ToeplitzInverse {
 public:
  explicit GohbergSemencul(std::vector<double> x)
      : n_(x.size()), length_(2 * next_fast_length(n_)), first_(x[0]), low_(transformed(x)) {
    std::vector<double> y(n_);
    for (std::size_t i = 1; i < n_; ++i) y[i] = x[n_ - i];
    high_ = transformed(y);
  }

  void solve(const double* v, double* y, Workspace& work) const override {
    const auto x = work.reals(length_);
    std::vector<Complex> all(length_ / 2 + 1), sum(length_ / 2 + 1), part(length_ / 2 + 1);
    std::copy_n(v, n_, x.data());
    std::fill(x.begin() + static_cast<std::ptrdiff_t>(n_), x.end(), 0.0);
    rfft<double>(x, all, length_, work.threads);
    std::fill(sum.begin(), sum.end(), Complex{});
    for (const auto* factor : {&low_, &high_}) {
      const double sign = factor == &low_ ? 1 : -1;
      for (std::size_t j = 0; j < all.size(); ++j) part[j] = product(all[j], std::conj((*factor)[j]));
      irfft<double>(part, x, length_, work.threads);
      std::fill(x.begin() + static_cast<std::ptrdiff_t>(n_), x.end(), 0.0);
      rfft<double>(x, part, length_, work.threads);
      for (std::size_t j = 0; j < all.size(); ++j) {
        const Complex q = product(part[j], (*factor)[j]);
        sum[j] = {sum[j].real() + sign * q.real(), sum[j].imag() + sign * q.imag()};
      }
    }
    irfft<double>(sum, x, length_, work.threads);
    for (std::size_t i = 0; i < n_; ++i) y[i] = x[i] / first_;
  }
  bool centrosymmetric() const override { return true; }

 private:
  using Complex = std::complex<double>;

  static Complex product(const Complex& a, const Complex& b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
  }
  std::vector<Complex> transformed(std::vector<double> x) const {
    x.resize(length_);
    std::vector<Complex> y(length_ / 2 + 1);
    rfft<double>(x, y, length_, 1);
    return y;
  }

  std::size_t n_, length_;
  double first_;
  std::vector<Complex> low_, high_;
};

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
        a.circulant->multiply(n, v, y, work);
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
