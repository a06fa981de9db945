#pragma once

#include "band.hpp"
#include "operator.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/parallel.hpp>

#include <string>

/// @file stencil_layout.hpp
/// Where the values of a grid and of its stencil lie: band after band of eight rows, step after step, row after row.
/// Vectors have a margin of zeros all around.

namespace trimtab::relax {

struct Shift {
  int z, y, x;
};

/// Where neighbor e of a point lies.
template <int points>
constexpr Shift shift_of(int e) {
  if constexpr (points == 9) return {0, e / 3 - 1, e % 3 - 1};
  const int distance = e < points / 2 ? points / 2 - e : e - points / 2, sign = e < points / 2 ? -1 : 1;
  return {distance == 3 ? sign : 0, distance == 2 ? sign : 0, distance == 1 ? sign : 0};
}

/// The numbers that the inner loops need, held by value so that no store can be taken to change them.
template <class Real_, int points_, bool variable_, int lag_>
struct StencilPoints {
  using Real = Real_;
  using T = BandPack<Real>;
  static constexpr int points = points_, center = points / 2, lag = lag_;
  static constexpr bool variable = variable_;
  static constexpr int lanes = band_lanes<Real>, packs = band_packs<Real>;

  std::ptrdiff_t band = 0, plane = 0;  ///< from a band, a plane to the next
  Real omega = 0, ratio = 0;           ///< of the sweep, and over a constant diagonal
  std::array<Real, points> constant{};
  std::array<const Real*, points> field{};

  /// Coefficient e of the rows of a pack.
  template <int e>
  T entry(std::ptrdiff_t p) const {
    if constexpr (variable) return simd::load<T>(field[e] + p);
    return simd::broadcast<T>(constant[e]);
  }
  T step(std::ptrdiff_t p) const {  ///< omega / d
    if constexpr (variable) return omega / entry<center>(p);
    return simd::broadcast<T>(ratio);
  }

  /// Neighbor e, as memory has it, of pack v of a step. The row of another band is read only where it counts.
  template <int e, int v, class Here>
  T neighbor(const Real* x, const Here& here) const {
    constexpr Shift s = shift_of<points>(e);
    const Real* const at = x + here.p + v * lanes + s.z * plane + (s.y * lag + s.x) * band_rows;
    // what lies beyond the band is not read, not even to be replaced: it may be on its way to memory
    if constexpr (s.y == -1 && v == 0) return shift_up(simd::load<T>(at), simd::broadcast<T>(edge<e>(x, here)));
    if constexpr (s.y == 1 && v == packs - 1)
      return shift_down(simd::load<T>(at), simd::broadcast<T>(edge<e>(x, here)));
    return simd::load<T>(at + s.y);
  }
  /// Neighbor e of the first row (from above) or the last one (from below).
  template <int e, class Here>
  Real edge(const Real* x, const Here& here) const {
    constexpr Shift s = shift_of<points>(e);
    constexpr int opposite = s.y < 0 ? band_rows - 1 : 0;
    if (!(s.y < 0 ? here.has_first : here.has_last)) return 0;
    return x[here.p + s.y * band + (s.x - s.y * (band_rows - 1) * lag) * band_rows + opposite];
  }
};

/// Some steps of a band, by value in loops for the same reason.
struct Segment {
  std::ptrdiff_t origin;  ///< position of step 0
  std::int64_t rows;      ///< of the grid in this band, at most eight
  std::int64_t first, last;
  std::int64_t parity;  ///< of the plane
};

template <class Real_, int points_, bool variable_, int lag_>
class StencilLayout {
 public:
  using Real = Real_;
  using Points = StencilPoints<Real, points_, variable_, lag_>;
  static constexpr int points = points_, center = points / 2, lag = lag_;
  static constexpr bool variable = variable_;
  static constexpr std::int64_t margin = lag + 1;  ///< steps before and behind a band

  StencilLayout(const StencilLayout&) = delete;  // stencil_ points into field_
  StencilLayout(const Stencil<Real>& a, int threads)
      : nz_(a.nz), ny_(a.ny), nx_(a.nx), bands_((ny_ + band_rows - 1) / band_rows) {
    stencil_.band = (steps() + 2 * margin) * band_rows;
    stencil_.plane = (bands_ + 1) * stencil_.band;
    const std::int64_t n = nz_ * ny_ * nx_, numbers = variable ? n : 1;
    for (int e = 0; e < points; ++e) {
      const Real* from = a.coefficients + e * numbers;
      for (std::int64_t i = 0; i < numbers; ++i) {
        const auto row = [i] { return "row " + std::to_string(i); };
        if (!std::isfinite(from[i])) reject("A", "finite coefficients", row() + ": " + std::to_string(from[i]));
        if (e == center && from[i] == 0)
          throw std::invalid_argument("A: " + row() + ": zero diagonal; SOR needs a_ii != 0");
      }
      if constexpr (!variable) stencil_.constant[e] = from[0];
      if (variable || e == center) field_[e].assign(storage(), e == center ? Real(1) : Real(0));
      if constexpr (variable) load(from, field_[e].data(), threads);
      stencil_.field[e] = field_[e].data();
    }
    for_points([&](std::int64_t k, std::int64_t i, std::int64_t j) {
      // coefficients that point out of the grid become zero, whatever the caller left there
      if constexpr (!variable)
        field_[center][at(k, i, j)] = stencil_.constant[center];
      else
        for (int e = 0; e < points; ++e)
          if (e != center && !is_inside(e, k, i, j)) field_[e][at(k, i, j)] = 0;
    });
  }

  std::size_t size() const { return static_cast<std::size_t>(nz_ * ny_ * nx_); }
  std::int64_t nz() const { return nz_; }
  std::int64_t ny() const { return ny_; }
  std::int64_t nx() const { return nx_; }
  std::int64_t bands() const { return bands_; }  ///< of a plane
  std::int64_t n_bands() const { return nz_ * bands_; }
  std::int64_t steps() const { return nx_ + lag * (band_rows - 1); }
  /// So many that each has 256 steps of a band: for every band a thread waits twice for the cache of another one.
  int sweeping_threads(int threads) const {
    return static_cast<int>(std::clamp<std::int64_t>(steps() / 256, 1, threads));
  }
  std::int64_t reach() const { return points == 7 ? bands_ : 1; }  ///< bands between a point and its farthest neighbor
  std::size_t storage() const {
    return static_cast<std::size_t>((nz_ + (points == 7 ? 2 : 0)) * stencil_.plane + stencil_.band);
  }
  Points stencil(Real omega = 1) const {
    Points a = stencil_;
    a.omega = omega;
    a.ratio = omega / a.constant[center];
    return a;
  }
  const Real* diagonals() const { return field_[center].data(); }

  /// All steps of a band.
  Segment whole(std::int64_t number) const {
    const std::int64_t k = number / bands_, band = number % bands_;
    const std::ptrdiff_t origin =
        (points == 7 ? k + 1 : 0) * stencil_.plane + (band + 1) * stencil_.band + margin * band_rows;
    return {origin, std::min<std::int64_t>(band_rows, ny_ - band * band_rows), 0, steps(), k % 2};
  }

  void load(const Real* user, Real* own, int threads) const {
    for_rows(threads, [&](std::ptrdiff_t p, std::int64_t row, std::int64_t n) {
      for (std::int64_t j = 0; j < n; ++j) own[p + j * band_rows] = user[row + j];
    });
  }
  void store(const Real* own, Real* user, int threads) const {
    for_rows(threads, [&](std::ptrdiff_t p, std::int64_t row, std::int64_t n) {
      for (std::int64_t j = 0; j < n; ++j) user[row + j] = own[p + j * band_rows];
    });
  }

  struct Assembled {
    std::vector<std::int64_t> indptr, indices;
    std::vector<Real> data;
  };
  /// Compressed sparse rows in the user's order.
  Assembled assemble() const {
    Assembled a{{0}, {}, {}};
    for_points([&](std::int64_t k, std::int64_t i, std::int64_t j) {
      for (int e = 0; e < points; ++e) {
        if (!is_inside(e, k, i, j)) continue;
        const Shift s = shift_of<points>(e);
        a.indices.push_back(((k + s.z) * ny_ + i + s.y) * nx_ + j + s.x);
        a.data.push_back(variable ? stencil_.field[e][at(k, i, j)] : stencil_.constant[e]);
      }
      a.indptr.push_back(static_cast<std::int64_t>(a.indices.size()));
    });
    return a;
  }

  double jacobi_norm() const {
    double norm = 0;
    for_points([&](std::int64_t k, std::int64_t i, std::int64_t& j) {
      const std::ptrdiff_t p = at(k, i, j);
      double sum = 0;
      for (int e = 0; e < points; ++e)
        if (e != center && is_inside(e, k, i, j))
          sum += std::abs(double(variable ? stencil_.field[e][p] : stencil_.constant[e]));
      norm = std::max(norm, sum / std::abs(double(stencil_.field[center][p])));
      if (!variable && j >= 1) j = std::max(j, nx_ - 2);  // all between the ends of a row are alike
    });
    return norm;
  }

 private:
  std::ptrdiff_t at(std::int64_t k, std::int64_t i, std::int64_t j) const {
    const std::int64_t q = i % band_rows;
    return whole(k * bands_ + i / band_rows).origin + (j + lag * q) * band_rows + q;
  }

  template <class Body>
  void for_points(Body&& body) const {
    for (std::int64_t k = 0; k < nz_; ++k)
      for (std::int64_t i = 0; i < ny_; ++i)
        for (std::int64_t j = 0; j < nx_; ++j) body(k, i, j);
  }
  /// body(own position, the user's, points) for parts of rows: those of a band come in turn while they are in the
  /// cache.
  template <class Body>
  void for_rows(int threads, Body&& body) const {
    constexpr std::int64_t part = 64;  // steps
    parallel_for(static_cast<std::size_t>(n_bands()), threads, [&](std::size_t number) {
      const std::int64_t band = static_cast<std::int64_t>(number), k = band / bands_,
                         first_row = band % bands_ * band_rows;
      const Segment all = whole(band);
      for (std::int64_t s = 0; s < steps(); s += part)
        for (std::int64_t q = 0; q < all.rows; ++q) {
          const std::int64_t first = std::max(s - lag * q, std::int64_t{0}), last = std::min(s + part - lag * q, nx_);
          if (first < last)
            body(all.origin + (first + lag * q) * band_rows + q, (k * ny_ + first_row + q) * nx_ + first, last - first);
        }
    });
  }

  bool is_inside(int e, std::int64_t k, std::int64_t i, std::int64_t j) const {
    const Shift s = shift_of<points>(e);
    return k + s.z >= 0 && k + s.z < nz_ && i + s.y >= 0 && i + s.y < ny_ && j + s.x >= 0 && j + s.x < nx_;
  }

  std::int64_t nz_, ny_, nx_, bands_;
  Points stencil_;
  std::array<Vector<Real>, points> field_;  ///< of a constant stencil, the diagonal alone
};

/// A step of a band.
template <class Real>
struct Here {
  std::ptrdiff_t p;  ///< position of the first row
  std::int64_t step;
  bool has_first, has_last, has_all;  ///< whether these rows have a point
  const BandMask<Real>& mask;

  /// v where pack number `pack` has points, else 0.
  template <class T>
  T only(int pack, const T& v) const {
    return has_all ? v : simd::select(mask(pack, step), v, T{});
  }
};

/// body(Here) for the steps of a segment in the direction of travel, every `stride`-th one.
template <bool ahead, int stride = 1, class Layout, class Body>
inline void travel(const Layout& grid, const Segment segment, Body&& body) {
  constexpr std::int64_t ragged = Layout::lag * (band_rows - 1);
  using Real = typename Layout::Real;
  const std::int64_t nx = grid.nx();
  const BandMask<Real> mask(Layout::lag, segment.rows, nx);
  const auto visit = [&](std::int64_t s) {
    const bool has_first = s < nx, has_last = s >= ragged;
    body(Here<Real>{segment.origin + s * band_rows, s, has_first, has_last,
                    has_first && has_last && segment.rows == band_rows, mask});
  };
  if constexpr (ahead) {
    for (std::int64_t s = segment.first; s < segment.last; s += stride) visit(s);
  } else {
    for (std::int64_t s = segment.last - 1; s >= segment.first; s -= stride) visit(s);
  }
}

}  // namespace trimtab::relax
