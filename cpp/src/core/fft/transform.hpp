#pragma once

#include "four_step.hpp"
#include "group.hpp"
#include "plan.hpp"
#include "scratch.hpp"

#include <trimtab/core/parallel.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace trimtab::fft_detail {

/// Rows up to this length are transformed in groups, if there are several.
inline constexpr std::size_t longest_in_groups = 80;

/// Complex transforms of one length, in the way that suits it: four steps when the data overflow the cache, short rows
/// in groups, other rows one by one.
template <class Real>
class Transform {
 public:
  explicit Transform(std::size_t n) : n_(n) {
    if (n * sizeof(Complex<Real>) >= four_step_bytes) {
      four_step_.emplace(n);
    } else if (n > 1) {
      plan_.emplace(n);
    }
  }

  /// Rows of n numbers, the first ones in_stride and out_stride complex numbers apart. in may be out.
  void run(const Interleaved<const Real>& in, std::size_t in_stride, const Interleaved<Real>& out,
           std::size_t out_stride, std::size_t rows, int threads) const {
    if (four_step_) {
      for (std::size_t row = 0; row < rows; ++row)
        four_step_->run(at(in, row * in_stride), at(out, row * out_stride), threads);
      return;
    }
    const std::size_t task_rows = std::max(group_size<Real>, task_size / n_ / group_size<Real> * group_size<Real>);
    parallel_for((rows + task_rows - 1) / task_rows, threads, [&](std::size_t task) {
      const std::size_t first = task * task_rows;
      run_task(at(in, first * in_stride), in_stride, at(out, first * out_stride), out_stride,
               std::min(task_rows, rows - first));
    });
  }

 private:
  static constexpr std::size_t four_step_bytes = std::size_t{1} << 23;
  static constexpr std::size_t task_size = 8192;  ///< numbers

  template <class T>
  static Interleaved<T> at(Interleaved<T> x, std::size_t i) {
    x.data += 2 * i;
    return x;
  }

  void run_task(const Interleaved<const Real>& in, std::size_t in_stride, const Interleaved<Real>& out,
                std::size_t out_stride, std::size_t rows) const {
    constexpr std::size_t B = group_size<Real>;
    std::size_t row = 0;
    if (!plan_) {
      for (; row < rows; ++row) at(out, row * out_stride).store(0, at(in, row * in_stride).template load<Real>(0));
    } else if (n_ <= longest_in_groups && rows > 1) {
      const Scratch<Real> work(n_ * B, 3);
      for (; row < rows; row += B) {
        const std::size_t count = std::min(B, rows - row);
        gather_group(at(in, row * in_stride), n_, in_stride, count, work[2]);
        plan_->run_group(work[2], B, work[2], B, work[0], work[1]);
        scatter_group(work[2], n_, out_stride, count, at(out, row * out_stride));
      }
    } else {
      const Scratch<Real> work(n_, 2);
      for (; row < rows; ++row) plan_->run(at(in, row * in_stride), at(out, row * out_stride), work[0], work[1]);
    }
  }

  std::size_t n_;
  std::optional<Plan<Real>> plan_;
  std::optional<FourStep<Real>> four_step_;
};

}  // namespace trimtab::fft_detail
