#pragma once

#include "factor.hpp"
#include "pass.hpp"
#include "roots.hpp"

#include <cstddef>
#include <vector>

namespace trimtab::fft_detail {

/// Radices and roots of one length n > 1; immutable. The data wander between two work arrays of n numbers (times
/// columns) each. One transform and one column of many go through the same arithmetic, and give the same bits.
template <class Real>
class Plan {
 public:
  explicit Plan(std::size_t n) : n_(n) {
    std::size_t rows = n;
    for (const int radix : radices(n)) {
      const std::size_t m = rows / static_cast<std::size_t>(radix);
      stages_.push_back({radix, m, roots_.size()});
      if (m > 1)
        for (int k = 1; k < radix; ++k)
          for (std::size_t p = 0; p < 2 * m; ++p) {
            const Complex<long double> root = root_of_unity(p % m * k, rows);
            roots_.push_back(static_cast<Real>(p < m ? root.re : root.im));
          }
      rows = m;
    }
  }

  std::size_t size() const { return n_; }

  /// One transform. in may be out.
  void run(const Interleaved<const Real>& in, const Interleaved<Real>& out, Split<Real> work, Split<Real> other) const {
    const Stage& first = stages_.front();
    if (stages_.size() == 1) {
      with_radix(first.radix,
                 [&]<int R>() { run_pass<Real, R, Turn::none>(Pass<Real>{1, 1, 0, 1, 0, 1, nullptr}, in, out); });
      return;
    }
    with_register<Real>(first.m, [&]<class T>() {
      with_radix(first.radix, [&]<int R>() {
        if constexpr (R >= 4) run_first_pass<T, R>(first.m, roots_.data(), in, work);
      });
    });
    middle(static_cast<std::size_t>(first.radix), work, other);
    const Stage& last = stages_.back();
    const std::size_t s = n_ / static_cast<std::size_t>(last.radix);
    with_register<Real>(s, [&]<class T>() { pass<T, Turn::none>(last.radix, {1, s, 0, s, 0, s, nullptr}, work, out); });
  }

  /// Transforms a group: number b of row j is at j * in_row + b, of row k of the result at k * out_row + b.
  template <class In, class Out>
  void run_group(const In& in, std::size_t in_row, const Out& out, std::size_t out_row, Split<Real> work,
                 Split<Real> other) const {
    using T = Register<Real, std::min(max_lanes<Real>, group_size<Real>)>;
    constexpr std::size_t B = group_size<Real>;
    const Stage &first = stages_.front(), &last = stages_.back();
    if (stages_.size() == 1) {
      pass<T, Turn::none>(first.radix, {1, B, 0, in_row, 0, out_row, nullptr}, in, out);
      return;
    }
    const std::size_t r = static_cast<std::size_t>(first.radix);
    pass<T, Turn::all>(first.radix, {first.m, B, in_row, first.m * in_row, r * B, B, roots_.data()}, in, work);
    middle(r * B, work, other);
    const std::size_t m = n_ / static_cast<std::size_t>(last.radix);  // butterflies of the last pass
    pass<T, Turn::none>(last.radix, {m, B, B, m * B, out_row, m * out_row, nullptr}, work, out);
  }

 private:
  struct Stage {
    int radix;
    std::size_t m;
    std::size_t offset;  ///< of its roots
  };

  template <class T, Turn turn, class In, class Out>
  static void pass(int radix, const Pass<Real>& pass, const In& in, const Out& out) {
    with_radix(radix, [&]<int R>() { run_pass<T, R, turn>(pass, in, out); });
  }

  /// All passes but the first and the last, from work through other; the result is in work.
  void middle(std::size_t s, Split<Real>& work, Split<Real>& other) const {
    for (std::size_t i = 1; i + 1 < stages_.size(); ++i) {
      const Stage& stage = stages_[i];
      const std::size_t r = static_cast<std::size_t>(stage.radix);
      with_register<Real>(s, [&]<class T>() {
        pass<T, Turn::but_first>(stage.radix, {stage.m, s, s, stage.m * s, r * s, s, roots_.data() + stage.offset},
                                 work, other);
      });
      std::swap(work, other);
      s *= r;
    }
  }

  std::size_t n_;
  std::vector<Stage> stages_;
  std::vector<Real> roots_;
};

}  // namespace trimtab::fft_detail
