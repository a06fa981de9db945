#include "precondition.hpp"

#include "symbol.hpp"

#include <trimtab/core/fft.hpp>
#include <trimtab/core/parallel.hpp>

#include <algorithm>
#include <utility>

namespace trimtab::fractional {
namespace {

/// n + 1 if that is a fast length; else, or if asked for, one that is at least a hundredth longer, which saves an
/// iteration or two: the first and the last rows of T are then far from those of the sine transform. As much room is
/// left before as behind the n numbers, so that both ends stay alike.
std::size_t sine_length(std::size_t n, bool padded) {
  if (!padded && next_fast_length(n + 1) == n + 1) return n + 1;
  std::size_t m = next_fast_length(n + 1 + n / 100);
  while (m == n + 1 || (m - n - 1) % 2 != 0) m = next_fast_length(m + 1);
  return m;
}

class Tau final : public ToeplitzInverse {
 public:
  Tau(const RieszMatrix& a, double ratio, bool padded)
      : n_(a.size()), sines_(sine_length(n_, padded)), before_((sines_.size() - n_) / 2), inverse_(sines_.size()) {
    const std::size_t m = sines_.size() + 1;
    std::vector<double> f(m + 1);
    Symbol(a.space.degree, a.options.alpha).grid(m, f);
    for (double& x : f) x *= static_cast<double>(a.weights.left);
    if (ratio != 0) {
      std::vector<double> mass(m + 1);
      mass_symbol(a.space.degree, m, mass);
      for (std::size_t j = 0; j <= m; ++j) f[j] += ratio * mass[j];
    }
    for (std::size_t j = 1; j < m; ++j) inverse_[j - 1] = 2 / (static_cast<double>(m) * f[j]);
  }

  void solve(const double* v, double* y, Workspace& work) const override {
    const auto array = work.complexes((sines_.size() + 1) / 2 + 1);
    double* x = reinterpret_cast<double*>(array.data()) + 1;
    std::fill_n(x, before_, 0.0);
    std::copy_n(v, n_, x + before_);
    std::fill(x + before_ + n_, x + sines_.size(), 0.0);
    sines_.apply(array, inverse_.data(), work.threads);
    sines_.apply(array, nullptr, work.threads);
    std::copy_n(x + before_, n_, y);
  }

  bool centrosymmetric() const override { return (sines_.size() - n_) % 2 == 0; }

 private:
  std::size_t n_;
  SineTransform sines_;
  std::size_t before_;
  std::vector<double> inverse_;
};

class Strang final : public ToeplitzInverse {
 public:
  Strang(const RieszMatrix& a, double ratio)
      : n_(a.size()),
        length_(2 * even_fast_length((n_ + 1) / 2)),
        eigenvalues_(circulant_eigenvalues(*a.table, a.options.alpha, a.weights, length_)) {
    if (ratio == 0) return;
    std::vector<double> mass(length_ / 2 + 1);
    mass_symbol(a.space.degree, length_ / 2, mass);
    for (std::size_t j = 0; j < mass.size(); ++j) eigenvalues_.real[j] += ratio * mass[j];
  }

  /// In the middle of zeros, and cut out again.
  void solve(const double* v, double* y, Workspace& work) const override {
    const auto z = work.complexes(length_ / 2 + 1);
    const std::span<double> x(reinterpret_cast<double*>(z.data()), length_);
    const std::size_t before = (length_ - n_) / 2;
    std::fill(x.begin(), x.end(), 0.0);
    std::copy_n(v, n_, x.data() + before);
    rfft<double>(x, z, length_, work.threads);
    divide(z, eigenvalues_, z);
    irfft<double>(z, x, length_, work.threads);
    std::copy_n(x.data() + before, n_, y);
  }
  bool centrosymmetric() const override { return eigenvalues_.imaginary.empty() && (length_ - n_) % 2 == 0; }

 private:
  std::size_t n_, length_;
  Spectrum eigenvalues_;
};

/// border.first or border.last with the same places of ratio * mass added.
std::shared_ptr<const EndBorder> with_mass(const EndBorder& plain, const RieszMatrix& a, double ratio) {
  auto made = std::make_shared<EndBorder>(plain);
  const int p = a.space.degree;
  const std::int64_t n = static_cast<std::int64_t>(a.size()), columns = p - 1;
  std::vector<double> row(static_cast<std::size_t>(p) + 1), inner(row.size());
  const std::int64_t middle = n / 2, shift = a.mass.row(middle, inner.data()) - middle;
  const auto toeplitz = [&](std::int64_t u, std::int64_t v) {
    const std::int64_t r = v - u - shift;
    return r >= 0 && r <= p ? inner[r] : 0.0;
  };
  for (std::int64_t u = 0; u < std::min<std::int64_t>(n, 2 * p); ++u) {
    const std::int64_t first = a.mass.row(u, row.data());
    for (std::int64_t v = 0; v < std::min<std::int64_t>(n, 4 * p); ++v) {
      const double exact = v >= first && v <= first + p ? row[v - first] : 0;
      const double delta = ratio * (exact - toeplitz(u, v));
      if (v < columns) {
        made->columns.near(static_cast<std::size_t>(v), static_cast<std::size_t>(u)) += delta;
      } else if (u < p - 2 && v < n - columns) {
        made->rows.near(static_cast<std::size_t>(u), static_cast<std::size_t>(v)) += delta;
      }
    }
  }
  return made;
}

/// y[u] += sum_k c_first[k] first[k][u] and, counted backwards, y[n - 1 - u] += sum_k c_last[k] last[k][u].
template <class Stored>
void add_combinations(std::size_t n, std::size_t count, const Stored* first, const double* c_first, const Stored* last,
                      const double* c_last, double* y) {
  constexpr std::size_t piece = 1024;
  double front[piece], back[piece];
  for (std::size_t begin = 0; begin < n; begin += piece) {
    const std::size_t length = std::min(piece, n - begin);
    std::fill_n(front, length, 0.0);
    std::fill_n(back, length, 0.0);
    for (std::size_t k = 0; k < count; ++k) {
      const double a = c_first[k], b = c_last[k];
      const Stored *f = first + k * n + begin, *l = last + k * n + begin;
      for (std::size_t i = 0; i < length; ++i) {
        front[i] += a * static_cast<double>(f[i]);
        back[i] += b * static_cast<double>(l[i]);
      }
    }
    for (std::size_t i = 0; i < length; ++i) y[begin + i] += front[i];
    double* mirrored = y + (n - begin - length);
    for (std::size_t i = 0; i < length; ++i) mirrored[i] += back[length - 1 - i];
  }
}

}  // namespace

std::unique_ptr<ToeplitzInverse> make_tau(const RieszMatrix& a, double ratio, bool padded) {
  return std::make_unique<Tau>(a, ratio, padded);
}

std::unique_ptr<ToeplitzInverse> make_strang(const RieszMatrix& a, double ratio) {
  return std::make_unique<Strang>(a, ratio);
}

Border border_with_mass(const RieszMatrix& a, double ratio) {
  if (ratio == 0) return a.border;
  Border b;
  b.first = with_mass(*a.border.first, a, ratio);
  b.last = a.border.first == a.border.last ? b.first : with_mass(*a.border.last, a, ratio);
  return b;
}

template <class Stored>
BorderedInverse<Stored>::BorderedInverse(std::shared_ptr<const ToeplitzInverse> inner, const Border& border,
                                         const WorkspacePool& workspaces, int threads)
    : inner_(std::move(inner)), border_(border), mirrored_(border.first == border.last && inner_->centrosymmetric()) {
  const std::size_t n = border.size(), rank = border.rank(), stored = mirrored_ ? rank / 2 : rank;
  images_.resize(stored * n);
  std::vector<double> projected(rank * rank);  // [column][row]
  parallel_for(stored, threads, [&](std::size_t i) {
    const WorkspacePool::Lease work(workspaces);
    double* image = work->vector(0, n);
    border_.factor(i, image);
    inner_->solve(image, image, *work);
    for (std::size_t k = 0; k < n; ++k) images_[i * n + k] = static_cast<Stored>(image[k]);
    border_.project(image, &projected[i * rank]);
  });
  // the image of the mirrored column is the mirrored image
  for (std::size_t i = stored; i < rank; ++i)
    for (std::size_t k = 0; k < rank; ++k)
      projected[i * rank + k] = projected[(i - stored) * rank + (k < stored ? k + stored : k - stored)];
  std::vector<double> g(rank * rank);
  for (std::size_t i = 0; i < rank; ++i)
    for (std::size_t k = 0; k < rank; ++k) g[k * rank + i] = projected[i * rank + k] + (i == k ? 1.0 : 0.0);
  capacitance_ = DenseLu(rank, std::move(g));
}

template <class Stored>
void BorderedInverse<Stored>::solve(const double* v, double* y, Workspace& work) const {
  inner_->solve(v, y, work);
  const std::size_t n = border_.size(), rank = border_.rank(), half = rank / 2;
  double c[4 * most_degree];
  border_.project(y, c);
  capacitance_.solve(c);
  for (std::size_t i = 0; i < rank; ++i) c[i] = -c[i];
  if (mirrored_) {
    add_combinations(n, half, images_.data(), c, images_.data(), c + half, y);
  } else {
    const double zeros[2 * most_degree] = {};
    add_combinations(n, half, images_.data(), c, images_.data(), zeros, y);
    add_combinations(n, half, images_.data() + half * n, c + half, images_.data(), zeros, y);
  }
}

template class BorderedInverse<float>;
template class BorderedInverse<double>;

}  // namespace trimtab::fractional
