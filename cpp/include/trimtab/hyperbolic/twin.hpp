#pragma once

#include <trimtab/core/grid.hpp>
#include <trimtab/hyperbolic/flux.hpp>
#include <trimtab/hyperbolic/law.hpp>

/// @file twin.hpp
/// The nonconservative twin: primitive variables by central differences with an upwind dissipation of fifth order. It
/// agrees with the conservative scheme where the solution is smooth, and only there.

namespace trimtab::hyperbolic {

inline constexpr int halo = 3;                      ///< ghost cells on each side
inline constexpr std::ptrdiff_t block_cells = 256;  ///< cells of a block: its arrays stay in the first-level cache
inline constexpr std::ptrdiff_t block_width = block_cells + 2 * halo + 2;  ///< two more keep rows off one cache set

/// Dissipation at the face between p[2] and p[3]: the jump of unlimited interpolation times -a+ a- / (a+ - a-).
template <class T>
inline T twin_dissipation(const T (&p)[6], const Speeds<T>& a) {
  using R = simd::Scalar<T>;
  const T width = a.hi - a.lo;
  const T jump = R(3.0 / 128) * (((p[5] - p[0]) - R(5) * (p[4] - p[1])) + R(10) * (p[3] - p[2]));
  return simd::select(width > T{}, -(a.hi * a.lo) / width * jump, T{});
}

/// Sixth-order central difference times the spacing at p[3], in mirrored pairs.
template <class T>
inline T central_difference(const T (&p)[7]) {
  using R = simd::Scalar<T>;
  return ((R(45) * (p[4] - p[2]) - R(9) * (p[5] - p[1])) + (p[6] - p[0])) * R(1.0 / 60);
}

/// Right-hand side of the twin over a block of cells.
template <Law L, int axis = 0>
class Twin {
 public:
  using Real = typename L::Real;
  static constexpr int n = L::n_vars;

  /// @param w      primitive variables; w[k][j] is cell j of the block, ghosts included
  /// @param lo,hi  slowest and fastest signal of each cell, ghosts included
  Twin(const L& law, Rows<const Real> w, const Real* lo, const Real* hi, std::ptrdiff_t size)
      : law_(law), w_(w.from(-halo)) {
    simd::for_each<Real>(size + 1, [&]<class T>(std::size_t i) {
      const auto cell = [&](std::ptrdiff_t j) { return Speeds<T>{simd::load<T>(lo + j), simd::load<T>(hi + j)}; };
      const Speeds<T> a = fan(cell(static_cast<std::ptrdiff_t>(i) - 1), cell(i));
      for (int k = 0; k < n; ++k) {
        T p[6];
        for (int s = 0; s < 6; ++s) p[s] = simd::load<T>(w_[k] + i + s);
        simd::store(dissipation_[k] + i, twin_dissipation(p, a));
      }
    });
  }

  /// Primitive variables of cells j... after one Euler step of ratio = dt / dx.
  template <class T>
  State<T, n> advanced(std::size_t j, Real ratio) const {
    State<T, n> w, gradient;
    for (int k = 0; k < n; ++k) {
      T p[7];
      for (int s = 0; s < 7; ++s) p[s] = simd::load<T>(w_[k] + j + s);
      w[k] = p[halo];
      gradient[k] = central_difference(p);
    }
    const auto transport = law_.quasilinear(w, gradient, axis);
    return make_state<T, n>([&](int k) {
      const T flow = simd::load<T>(dissipation_[k] + j + 1) - simd::load<T>(dissipation_[k] + j);
      return w[k] + ratio * (flow - transport[k]);
    });
  }

 private:
  const L law_;
  const Rows<const Real> w_;
  Real dissipation_[n][block_width];  // by face
};

}  // namespace trimtab::hyperbolic
