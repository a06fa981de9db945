#pragma once

#include <trimtab/core/grid.hpp>
#include <trimtab/core/simd.hpp>
#include <trimtab/hyperbolic/boundary.hpp>
#include <trimtab/hyperbolic/smoothness.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

/// @file class_map.hpp
/// The classes of all cells and faces of a row, and the defects that they come from.

namespace trimtab::hyperbolic {

/// Classes found in one step serve the next one. Memory: 3 bytes and a Real per cell.
template <Law L>
class ClassMap {
 public:
  using Real = typename L::Real;

  ClassMap(std::int64_t n, const ClassOptions& options)
      : n_(n),
        options_(options),
        raw_(static_cast<std::size_t>(n + 2 * halo), Class::smooth),
        cells_(raw_),
        faces_(static_cast<std::size_t>(n + 1), Class::smooth),
        defect_(static_cast<std::size_t>(n), Real(0)) {}

  /// Class of each cell in the next step.
  const Class* cells() const { return cells_.data() + halo; }
  Class* cells() { return cells_.data() + halo; }

  /// Class of face i, on the left of cell i, in this step.
  const Class* faces() const { return faces_.data(); }

  /// Larger defect of each cell.
  const Real* defect() const { return defect_.data(); }
  Real* defect() { return defect_.data(); }
  double largest_defect() const {
    simd::Largest<Real> largest;
    simd::for_each<Real>(defect_.size(), [&]<class T>(std::size_t j) { largest.add(simd::load<T>(&defect_[j])); });
    return double(largest.value());
  }

  void fill(Class c) {
    std::fill(cells_.begin(), cells_.end(), c);
    std::fill(faces_.begin(), faces_.end(), c);
  }

  /// Face classes of this step; contacts must pass the monotone-layer test on u, whose ghosts are filled.
  void select_faces(const L& law, Rows<const Real> u, const Boundaries<L>& boundaries) {
    boundaries.fill(cells());
    const Class* c = cells();
    for (std::int64_t i = 0; i <= n_; ++i) {
      faces_[i] = std::max(c[i - 1], c[i]);
      if constexpr (L::has_contacts)
        if (faces_[i] == Class::contact && !is_monotone_layer(law, primitive_around(law, u, i).w, 0))
          faces_[i] = Class::shock;
    }
  }

  /// Takes the defects of cells [begin, end) for those of a step that is `cut` times a full one.
  /// @param rough  whether any of them may be above the tolerance
  void classify(std::int64_t begin, std::int64_t end, const Real* wave, const Real* pressure, bool rough, double cut) {
    const Real scale = Real(1 / cut);
    for (std::int64_t j = begin; j < end; ++j)
      raw_[j + halo] = !rough ? Class::smooth
                              : hyperbolic::classify(scale * wave[j - begin], scale * pressure[j - begin],
                                                     cells_[j + halo], options_);
    if (cut != 1)
      for (std::int64_t j = begin; j < end; ++j) defect_[j] *= scale;
  }

  /// Defect up to which a cell is smooth whatever it was before.
  Real smooth_below(double cut) const { return Real(cut * 0.5 * options_.tol); }

  /// Widens what classify() found and makes it the classes of the next step.
  void widen(const Boundaries<L>& boundaries) {
    for (int pass = 0; pass < options_.grow; ++pass) {
      boundaries.fill(raw_.data() + halo);
      dilate(raw_.data() + halo, cells(), static_cast<std::size_t>(n_));
      std::swap(raw_, cells_);
    }
    std::swap(raw_, cells_);
  }

  /// Cells of a class.
  std::int64_t count(Class wanted) const {
    std::int64_t found = 0;
    for (std::int64_t j = 0; j < n_; ++j) found += cells()[j] == wanted;
    return found;
  }

 private:
  struct Around {
    State<Real, L::n_vars> w[6];
  };
  static Around primitive_around(const L& law, Rows<const Real> u, std::int64_t face) {
    Around a;
    for (int s = 0; s < 6; ++s)
      a.w[s] = law.primitive(make_state<Real, L::n_vars>([&](int k) { return u[k][face - halo + s]; }));
    return a;
  }

  std::int64_t n_;
  ClassOptions options_;
  std::vector<Class> raw_, cells_, faces_;
  std::vector<Real> defect_;
};

}  // namespace trimtab::hyperbolic
