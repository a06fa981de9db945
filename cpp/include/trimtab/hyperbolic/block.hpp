#pragma once

#include <trimtab/core/grid.hpp>
#include <trimtab/hyperbolic/flux.hpp>
#include <trimtab/hyperbolic/law.hpp>
#include <trimtab/hyperbolic/reconstruct.hpp>
#include <trimtab/hyperbolic/smoothness.hpp>
#include <trimtab/hyperbolic/twin.hpp>

#include <algorithm>
#include <cstdint>

/// @file block.hpp
/// The kernels of one stage over a block of cells, with all intermediate values in the first-level cache.
///
/// Face i of a block lies on the left of its cell i. Every value is computed pointwise, so a face shared by two blocks
/// gets the same bits in both, and neither the block size nor the number of threads shows in the result.

namespace trimtab::hyperbolic {

/// How the flux at a face is made.
enum class Treatment { linear, shock, shock_ldcu, contact };

/// `axis` is the direction of the sweep.
template <Law L, int axis = 0>
class Block {
 public:
  using Real = typename L::Real;
  static constexpr int n = L::n_vars;
  template <class T>
  using S = State<T, n>;
  using Floor = State<Real, std::max(L::n_positive, 1)>;

  /// @param u    conserved variables; u[k][j] is cell j of the block, ghosts included
  /// @param size cells of the block
  Block(const L& law, Rows<const Real> u, std::ptrdiff_t size) : law_(law), u_(u.from(-halo)), size_(size) {
    simd::for_each<Real>(size + 2 * halo, [&]<class T>(std::size_t j) {
      const auto state = load<T>(u_, j);
      const auto w = law_.primitive(state);
      store(w_, j, w);
      store(f_, j, law_.flux(state, w, axis));
      const auto a = law_.speeds(w, axis);
      simd::store(lo_ + j, a.lo);
      simd::store(hi_ + j, a.hi);
    });
  }

  /// One treatment at every face.
  template <Treatment treatment>
  void flux_everywhere() {
    // guards cost, and are hardly ever needed: go without, and again with them if one face would have asked for them
    simd::Any<Real> inadmissible;
    dense_pass<treatment, false>(inadmissible);
    if (inadmissible.found()) dense_pass<treatment, true>(inadmissible);
  }

  /// The treatment that each face's class asks for: a dense pass for smooth faces, then the rough ones in packs.
  void flux_by_class(const Class* face_class) {
    flux_everywhere<Treatment::linear>();
    unsigned rough = 0;
    for (std::ptrdiff_t i = 0; i <= size_; ++i) rough |= static_cast<unsigned>(face_class[i]);
    if (rough == 0) return;
    std::int32_t shocks[block_cells + 1], contacts[block_cells + 1];
    std::ptrdiff_t n_shocks = 0, n_contacts = 0;
    for (std::ptrdiff_t i = 0; i <= size_; ++i) {
      shocks[n_shocks] = contacts[n_contacts] = static_cast<std::int32_t>(i);
      n_shocks += face_class[i] == Class::shock;
      n_contacts += face_class[i] == Class::contact;
    }
    flux_listed<Treatment::shock>(shocks, n_shocks);
    flux_listed<Treatment::contact>(contacts, n_contacts);
  }

  /// Blends the flux with the first-order one wherever a half-cell update would leave the admissible states
  /// (Hu, Adams, Shu, J. Comput. Phys. 242 (2013) 169). Returns the number of faces touched.
  /// @param lambda 2 dt / dx
  std::int64_t keep_positive(Real lambda, const Floor& floor) {
    std::int64_t touched = 0;
    if constexpr (L::n_positive > 0) {
      simd::Any<Real> unsafe;
      simd::for_each<Real>(size_ + 1, [&]<class T>(std::size_t i) { unsafe.add(!is_safe<T>(i, lambda, floor)); });
      if (unsafe.found())
        for (std::ptrdiff_t i = 0; i <= size_; ++i)
          if (!is_safe<Real>(i, lambda, floor)) touched += blend(i, lambda, floor);
    }
    return touched;
  }

  /// Conserved variables of cells j... after one Euler step of ratio = dt / dx, without sources.
  template <class T>
  S<T> advanced(std::size_t j, Real ratio) const {
    const auto u = load<T>(u_, j + halo);
    return make_state<T, n>(
        [&](int k) { return u[k] - ratio * (simd::load<T>(h_[k] + j + 1) - simd::load<T>(h_[k] + j)); });
  }

  /// The nonconservative form of the same cells.
  Twin<L, axis> twin() const { return {law_, {w_[0] + halo, width}, lo_ + halo, hi_ + halo, size_}; }

  /// Primitive variables of cells j...
  template <class T>
  S<T> primitive(std::size_t j) const {
    return load<T>(Rows<const Real>{w_[0], width}, j + halo);
  }

  /// Numerical flux at face i.
  Real flux(int k, std::ptrdiff_t i) const { return h_[k][i]; }

 private:
  static constexpr std::ptrdiff_t width = block_width;

  template <class T>
  static S<T> load(Rows<const Real> rows, std::size_t j) {
    return make_state<T, n>([&](int k) { return simd::load<T>(rows[k] + j); });
  }
  template <class T>
  static void store(Real (&rows)[n][width], std::size_t j, const S<T>& s) {
    for (int k = 0; k < n; ++k) simd::store(rows[k] + j, s[k]);
  }
  template <class T>
  static S<T> shifted(const S<T>& u, Real lambda, const S<T>& h) {
    return make_state<T, n>([&](int k) { return u[k] + lambda * h[k]; });
  }
  template <class T>
  Speeds<T> speeds(std::size_t j) const {
    return {simd::load<T>(lo_ + j), simd::load<T>(hi_ + j)};
  }

  template <Treatment treatment, bool guarded>
  void dense_pass(simd::Any<Real>& inadmissible) {
    simd::for_each<Real>(size_ + 1, [&]<class T>(std::size_t i) {
      store(h_, i, face<treatment, T, guarded>([i](const Real* p) { return simd::load<T>(p + i); }, inadmissible));
    });
  }

  template <Treatment treatment>
  void flux_listed(std::int32_t* faces, std::ptrdiff_t count) {
    using T = simd::Pack<Real>;
    constexpr std::ptrdiff_t lanes = simd::lanes<T>;
    simd::Any<Real> inadmissible;
    for (std::ptrdiff_t first = 0; first < count; first += lanes) {
      std::int32_t index[lanes];
      for (std::ptrdiff_t l = 0; l < lanes; ++l) index[l] = faces[std::min(first + l, count - 1)];
      const auto h =
          face<treatment, T, true>([&index](const Real* p) { return simd::gather<T>(p, index); }, inadmissible);
      for (std::ptrdiff_t l = 0; l < lanes; ++l)
        for (int k = 0; k < n; ++k) h_[k][index[l]] = h[k][l];
    }
  }

  /// Flux at the face(s) that `at` reads: at(p) gives p[i] for the first cell of the six around the face. Face values
  /// outside the admissible states are noted, and replaced by the cell's own if `guarded`.
  template <Treatment treatment, class T, bool guarded, class At>
  S<T> face(const At& at, simd::Any<Real>& inadmissible) const {
    const auto cell = [&](int s) { return make_state<T, n>([&](int k) { return at(u_[k] + s); }); };
    const auto cell_primitive = [&](int s) { return make_state<T, n>([&](int k) { return at(w_[k] + s); }); };
    S<T> ul, ur;
    if constexpr (treatment == Treatment::linear) {
      for (int k = 0; k < n; ++k) {
        T p[6];
        for (int s = 0; s < 6; ++s) p[s] = at(u_[k] + s);
        ul[k] = interpolate(p[0], p[1], p[2], p[3], p[4]);
        ur[k] = interpolate(p[5], p[4], p[3], p[2], p[1]);
      }
    } else {
      const auto left = cell_primitive(2), right = cell_primitive(3);
      const auto frame = law_.frame(make_state<T, n>([&](int k) { return Real(0.5) * (left[k] + right[k]); }), axis);
      constexpr int first = treatment == Treatment::contact ? 1 : 0;
      S<T> c[6];
      for (int s = first; s < 6 - first; ++s) c[s] = frame.project(cell(s));
      S<T> cl, cr;
      for (int k = 0; k < n; ++k) {
        if constexpr (treatment == Treatment::contact) {
          const T jump = c[3][k] - c[2][k];
          cl[k] = c[2][k] + Real(0.5) * sbm_slope(c[2][k] - c[1][k], jump);
          cr[k] = c[3][k] - Real(0.5) * sbm_slope(jump, c[4][k] - c[3][k]);
        } else {
          cl[k] = ai_weno_z(c[0][k], c[1][k], c[2][k], c[3][k], c[4][k]);
          cr[k] = ai_weno_z(c[5][k], c[4][k], c[3][k], c[2][k], c[1][k]);
        }
      }
      ul = frame.recover(cl);
      ur = frame.recover(cr);
    }
    S<T> wl = law_.primitive(ul), wr = law_.primitive(ur);
    if constexpr (L::n_positive > 0) {
      const auto good_l = law_.is_admissible(wl), good_r = law_.is_admissible(wr);
      inadmissible.add(!(good_l & good_r));
      if constexpr (guarded)
        for (int k = 0; k < n; ++k) {
          ul[k] = simd::select(good_l, ul[k], at(u_[k] + 2));
          wl[k] = simd::select(good_l, wl[k], at(w_[k] + 2));
          ur[k] = simd::select(good_r, ur[k], at(u_[k] + 3));
          wr[k] = simd::select(good_r, wr[k], at(w_[k] + 3));
        }
    }

    constexpr bool low_dissipation =
        L::has_contacts && (treatment == Treatment::contact || treatment == Treatment::shock_ldcu);
    auto h = face_flux<low_dissipation>(law_, ul, ur, wl, wr, axis);
    if constexpr (treatment != Treatment::contact)
      for (int k = 0; k < n; ++k) {
        T p[6];
        for (int s = 0; s < 6; ++s) p[s] = at(f_[k] + s);
        h[k] = h[k] + correction(p[0], p[1], p[2], p[3], p[4], p[5]);
      }
    return h;
  }

  template <class T>
  auto is_safe(std::size_t i, Real lambda, const Floor& floor) const {
    const auto h = load<T>({h_[0], width}, i), ul = load<T>(u_, i + halo - 1), ur = load<T>(u_, i + halo);
    return law_.above(shifted(ul, -lambda, h), floor) & law_.above(shifted(ur, lambda, h), floor);
  }

  /// Moves the flux at face i towards the first-order one, for one positive quantity after the other.
  bool blend(std::size_t i, Real lambda, const Floor& floor) {
    const Rows<const Real> f{f_[0], width};
    const auto ul = load<Real>(u_, i + halo - 1), ur = load<Real>(u_, i + halo);
    const auto low = central_upwind(ul, ur, load<Real>(f, i + halo - 1), load<Real>(f, i + halo),
                                    fan(speeds<Real>(i + halo - 1), speeds<Real>(i + halo)));
    bool touched = false;
    for (int q = 0; q < L::n_positive; ++q) {
      const auto h = load<Real>({h_[0], width}, i);
      Real theta = 1;
      for (const Real side : {-lambda, lambda}) {
        const auto& u = side < 0 ? ul : ur;
        const Real at_low = law_.positive(shifted(u, side, low))[q], at_high = law_.positive(shifted(u, side, h))[q];
        if (at_high < floor[q]) theta = std::min(theta, std::max(Real(0), (at_low - floor[q]) / (at_low - at_high)));
      }
      if (theta < 1) {
        touched = true;
        for (int k = 0; k < n; ++k) h_[k][i] = low[k] + theta * (h[k] - low[k]);
      }
    }
    return touched;
  }

  const L law_;
  const Rows<const Real> u_;
  const std::ptrdiff_t size_;
  // by cell, from -halo on
  Real w_[n][width], f_[n][width], lo_[width], hi_[width];
  // by face
  Real h_[n][width];
};

}  // namespace trimtab::hyperbolic
