#pragma once

#include <trimtab/sde/legendre.hpp>

/// @file cut.hpp
/// Both parts of an increment cut at any place, for leaves of a tree that ends above the ticks.

namespace trimtab::sde {

/// A = map of the short part and B = map of the long one satisfy A A^T + B B^T = I. Its rows are completed to an
/// orthogonal matrix by (L^T, N^T), L the Cholesky factor of I - A^T A and N = -(L^-1 A^T B)^T. The short part is put
/// first; when it lies to the right, time is reversed before and after, which turns a_1.
/// @param first,second  lengths of the left and of the right part
template <std::size_t n>
Halves<double, n> cut(Coordinates<double, n> a, const Coordinates<double, n>& z, std::uint64_t first,
                      std::uint64_t second) {
  using Matrix = std::array<std::array<double, n>, n>;
  const bool mirrored = first > second;
  const auto mirror = [mirrored](Coordinates<double, n>& c) {
    if constexpr (n > 1) c[1] = mirrored ? -c[1] : c[1];
  };
  const auto dense = [](const PartMap<double>& m) {
    const double full[3][3] = {{m.m00, 0, 0}, {m.m10, m.m11, 0}, {m.m20, m.m21, m.m22}};
    Matrix d;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) d[i][j] = full[i][j];
    return d;
  };
  const Join<double> join(mirrored ? second : first, mirrored ? first : second);
  const Matrix A = dense(join.left), B = dense(join.right);

  Matrix L{}, N{};  // M = L^-1 A^T B row by row, with the factorization; N = -M^T
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = i == j ? 1 : 0;
      for (std::size_t k = 0; k < n; ++k) sum -= A[k][i] * A[k][j];
      for (std::size_t k = 0; k < j; ++k) sum -= L[i][k] * L[j][k];
      L[i][j] = i == j ? simd::sqrt(sum) : sum / L[j][j];
    }
    for (std::size_t j = 0; j < n; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < n; ++k) sum -= A[k][i] * B[k][j];
      for (std::size_t k = 0; k < i; ++k) sum -= L[i][k] * N[j][k];
      N[j][i] = sum / L[i][i];
    }
  }

  mirror(a);
  Coordinates<double, n> small{}, large{};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < n; ++k) {
      small[i] += A[k][i] * a[k] + L[i][k] * z[k];
      large[i] += B[k][i] * a[k] + N[i][k] * z[k];
    }
  mirror(small);
  mirror(large);
  return mirrored ? Halves<double, n>{large, small} : Halves<double, n>{small, large};
}

}  // namespace trimtab::sde
