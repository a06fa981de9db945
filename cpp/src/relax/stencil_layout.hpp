#pragma once

#include "operator.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/parallel.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>

/// @file stencil_layout.hpp
/// Where the values of a grid and of its stencil lie. Vectors have a margin of zeros all around, so no point is
/// special.

namespace trimtab::relax {

/// body(integral_constant<int, i>) for i in [0, count).
template <int count, class Body>
inline void unrolled(Body&& body) {
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (body(std::integral_constant<int, int(i)>{}), ...);
  }(std::make_index_sequence<count>{});
}

/// The numbers that the inner loops need, held by value so that no store can be taken to change them.
template <class Real, int points, bool variable>
struct StencilPoints {
  static constexpr int center = points / 2;

  std::array<std::ptrdiff_t, points> offset{};
  std::array<Real, points> constant{};
  std::array<const Real*, points> field{};

  Real operator()(int e, std::ptrdiff_t p) const {
    if constexpr (variable) return field[e][p];
    return constant[e];
  }
  Real diagonal(std::ptrdiff_t p) const { return (*this)(center, p); }
};

/// points_ = 5, 9 or 7 as in Stencil.
template <class Real_, int points_, bool variable_>
class StencilLayout {
 public:
  using Real = Real_;
  static constexpr int points = points_;
  static constexpr bool variable = variable_;
  static constexpr int center = points / 2;
  static constexpr int n_near = points / 2;  ///< neighbors before the center, and as many behind it

  StencilLayout(const StencilLayout&) = delete;  // stencil_ points into field_
  explicit StencilLayout(const Stencil<Real>& a)
      : nz_(a.nz), ny_(a.ny), nx_(a.nx), stride_(a.nx + 2), plane_((a.ny + 2) * stride_) {
    set_offsets();
    diagonal_.assign(storage(), Real(1));
    const std::int64_t n = nz_ * ny_ * nx_, numbers = variable ? n : 1;
    for (int e = 0; e < points; ++e) {
      const Real* from = a.coefficients + e * numbers;
      for (std::int64_t i = 0; i < numbers; ++i) {
        const auto row = [i] { return "row " + std::to_string(i); };
        if (!std::isfinite(from[i])) reject("A", "finite coefficients", row() + ": " + std::to_string(from[i]));
        if (e == center && from[i] == 0)
          throw std::invalid_argument("A: " + row() + ": zero diagonal; SOR needs a_ii != 0");
      }
      if constexpr (variable) {
        if (e != center) field_[e].assign(storage(), Real(0));
        Real* to = e == center ? diagonal_.data() : field_[e].data();
        load(from, to);
        stencil_.field[e] = to;
      } else {
        stencil_.constant[e] = from[0];
      }
    }
    if constexpr (variable) {
      cut_outside();
    } else {
      for_rows([&](std::int64_t, std::ptrdiff_t p) { std::fill_n(&diagonal_[p], nx_, stencil_.constant[center]); });
    }
  }

  std::int64_t nz() const { return nz_; }
  std::int64_t ny() const { return ny_; }
  std::int64_t nx() const { return nx_; }
  std::ptrdiff_t stride() const { return stride_; }  ///< from a row to the next
  std::size_t storage() const { return static_cast<std::size_t>((points == 7 ? nz_ + 2 : 1) * plane_); }

  /// Position of the first point of row i of plane k.
  std::ptrdiff_t at(std::int64_t k, std::int64_t i) const {
    return (points == 7 ? k + 1 : 0) * plane_ + (i + 1) * stride_ + 1;
  }
  const StencilPoints<Real, points, variable>& stencil() const { return stencil_; }
  const Real* diagonals() const { return diagonal_.data(); }

  void load(const Real* user, Real* own) const {
    for_rows([&](std::int64_t row, std::ptrdiff_t p) { std::copy_n(user + row * nx_, nx_, own + p); });
  }
  void store(const Real* own, Real* user) const {
    for_rows([&](std::int64_t row, std::ptrdiff_t p) { std::copy_n(own + p, nx_, user + row * nx_); });
  }

  double jacobi_norm() const {
    double norm = 0;
    for (std::int64_t k = 0; k < nz_; ++k)
      for (std::int64_t i = 0; i < ny_; ++i)
        for (std::int64_t j = 0; j < nx_; ++j) {
          const std::ptrdiff_t p = at(k, i) + j;
          double sum = 0;
          for (int e = 0; e < points; ++e)
            if (e != center && is_inside(e, k, i, j)) sum += std::abs(double(stencil_(e, p)));
          norm = std::max(norm, sum / std::abs(double(stencil_.diagonal(p))));
          if (!variable && j >= 1 && j < nx_ - 1) j = nx_ - 2;  // all between the ends of a row are alike
        }
    return norm;
  }

  /// body(number, position of its first point) for each row.
  template <class Body>
  void for_rows(Body&& body) const {
    for (std::int64_t k = 0; k < nz_; ++k)
      for (std::int64_t i = 0; i < ny_; ++i) body(k * ny_ + i, at(k, i));
  }
  /// body(position of its first point) for each row, on several threads.
  template <class Body>
  void by_rows(int threads, Body&& body) const {
    const std::int64_t rows = nz_ * ny_, task = std::max<std::int64_t>(1, 4096 / nx_);
    parallel_for(static_cast<std::size_t>((rows + task - 1) / task), threads, [&](std::size_t block) {
      const std::int64_t begin = static_cast<std::int64_t>(block) * task;
      for (std::int64_t r = begin; r < std::min(rows, begin + task); ++r) body(at(r / ny_, r % ny_));
    });
  }

 private:
  void set_offsets() {
    if constexpr (points == 7) {
      stencil_.offset = {-plane_, -stride_, -1, 0, 1, stride_, plane_};
    } else if constexpr (points == 5) {
      stencil_.offset = {-stride_, -1, 0, 1, stride_};
    } else {
      stencil_.offset = {-stride_ - 1, -stride_, -stride_ + 1, -1, 0, 1, stride_ - 1, stride_, stride_ + 1};
    }
  }

  bool is_inside(int e, std::int64_t k, std::int64_t i, std::int64_t j) const {
    std::int64_t dk = 0, di = 0, dj = 0;
    if constexpr (points == 9) {
      di = e / 3 - 1, dj = e % 3 - 1;
    } else {
      const int distance = std::abs(e - center), sign = e < center ? -1 : 1;
      (distance == 1 ? dj : distance == 2 ? di : dk) = sign;
    }
    return k + dk >= 0 && k + dk < nz_ && i + di >= 0 && i + di < ny_ && j + dj >= 0 && j + dj < nx_;
  }

  /// Coefficients that point out of the grid become zero, whatever the caller left there.
  void cut_outside() {
    for (std::int64_t k = 0; k < nz_; ++k)
      for (std::int64_t i = 0; i < ny_; ++i)
        for (std::int64_t j = 0; j < nx_; ++j)
          for (int e = 0; e < points; ++e)
            if (e != center && !is_inside(e, k, i, j)) field_[e][at(k, i) + j] = 0;
  }

  std::int64_t nz_, ny_, nx_;
  std::ptrdiff_t stride_, plane_;
  StencilPoints<Real, points, variable> stencil_;
  std::array<std::vector<Real>, points> field_;
  std::vector<Real> diagonal_;
};

}  // namespace trimtab::relax
