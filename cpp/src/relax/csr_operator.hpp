#pragma once

#include "columns.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/parallel.hpp>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>

/// @file csr_operator.hpp
/// Kernels on compressed sparse rows. A row first takes the neighbors that are not updated yet ("far"), outward from
/// the diagonal, then the updated ones ("near"), inward, each by x -= (omega a_ij / a_ii) x_j: the neighbor just
/// computed enters last, so that the chain of dependent operations is one product and one difference a row.

namespace trimtab::relax {

/// Where the entries of a row lie. With a fixed number of them on both sides of the diagonal, the loops are unrolled.
template <class Real, class Index, bool ahead, int sides = -1>
struct CsrRow {
  Index begin, middle, end;

  static constexpr Index step = ahead ? 1 : -1;
  bool has_near() const { return ahead ? begin < middle : middle + 1 < end; }
  Index last_near() const { return middle - step; }

  /// add(a_ij, x_j) for the neighbors not yet updated, outward.
  template <class Value, class Add>
  void for_far(const Csr<Real, Index>& a, const Value* x, Add&& add) const {
    const Index n = sides >= 0 ? Index(sides) : ahead ? Index(end - middle - 1) : Index(middle - begin);
    for (Index m = 1; m <= n; ++m) add(a.data[middle + step * m], x[a.indices[middle + step * m]]);
  }

  /// add(a_ij, x_j) for the updated neighbors, inward; x of the row before comes from a register, not from the memory
  /// it was just sent to.
  template <class Value, class Add>
  void for_near(const Csr<Real, Index>& a, std::int64_t i, const Value* x, const Value& previous, Add&& add) const {
    const Index n = sides >= 0 ? Index(sides) : ahead ? Index(middle - begin) : Index(end - middle - 1);
    if (n == 0) return;
    for (Index m = n; m > 1; --m) add(a.data[middle - step * m], x[a.indices[middle - step * m]]);
    const Index last = last_near();
    if (a.indices[last] == i - step) {
      add(a.data[last], previous);
    } else {
      add(a.data[last], x[a.indices[last]]);
    }
  }
};

template <class Real, class Index>
class CsrOperator : public Operator<Real>, private ColumnsOperator<Real> {
  using Many = Columns<Real>;

 public:
  CsrOperator(const Csr<Real, Index>& a, int threads) : a_(a), n_(a.n), threads_(resolve_threads(threads)) {
    if (a.n < 1) reject("A", "at least one row", static_cast<double>(a.n));
    prepare();
    if (threads_ > 1) {
      forward_ = levels<true>();
      backward_ = levels<false>();
    }
  }

  std::size_t size() const override { return static_cast<std::size_t>(n_); }
  std::size_t storage() const override { return size(); }
  int threads() const override { return threads_; }
  void load(const Real* user, Real* own) const override { std::copy_n(user, n_, own); }
  void store(const Real* own, Real* user) const override { std::copy_n(own, n_, user); }
  const Real* diagonal() const override { return diagonal_.data(); }

  double jacobi_norm() const override {
    double norm = 0;
    for (std::int64_t i = 0; i < n_; ++i) {
      double sum = 0;
      for (Index k = a_.indptr[i]; k < a_.indptr[i + 1]; ++k)
        if (k != middle_[i]) sum += std::abs(double(a_.data[k]));
      norm = std::max(norm, sum / std::abs(double(diagonal_[i])));
    }
    return norm;
  }

  void multiply(const Real* x, Real* y) const override { product(x, y); }
  void near_products(bool forward, const Real* x, Real* near) const override { half_product(forward, x, near); }

  double sweep(bool forward, const Sweep<Real>& s) const override { return measured_sweep(forward, s); }
  void sweeps(bool forward, const Sweep<Real>& s, std::int64_t count) const override {
    blind_sweeps(forward, s, count);
  }

  double solve_triangle(bool forward, Real omega, const Real* p, Real shift, const Real* t, Real* x) const override {
    return substitute(forward, omega, p, shift, t, x);
  }
  void next_direction(Real omega, const Real* z, Real beta, Real* p, Real* x) const override {
    advance(omega, z, beta, p, x);
  }

  const ColumnsOperator<Real>* for_columns() const override { return this; }
  const Operator<Real>* multicolored() const override {
    std::call_once(coloring_, [this] { colored_ = make_colored(a_, threads_); });
    return colored_.get();
  }

 private:
  static constexpr std::int64_t rows_per_block = 2048;
  static constexpr std::int64_t rows_per_task = 256;  ///< of one level
  static constexpr std::int64_t least_level = 256;    ///< mean rows a level that repay its barrier

  /// Rows ordered so that those between two of `begin` depend on none of the same group.
  struct Levels {
    std::vector<Index> rows;
    std::vector<std::int64_t> begin;
    bool wide() const { return std::ssize(rows) >= least_level * (std::ssize(begin) - 1); }
  };

  void multiply(const Many* x, Many* y) const override { product(x, y); }
  Columns<double> sweep(bool forward, const Sweep<Many>& s) const override { return measured_sweep(forward, s); }
  void sweeps(bool forward, const Sweep<Many>& s, std::int64_t count) const override {
    blind_sweeps(forward, s, count);
  }
  void near_products(bool forward, const Many* x, Many* near) const override { half_product(forward, x, near); }
  Columns<double> solve_triangle(bool forward, Real omega, const Many* p, Real shift, const Many* t,
                                 Many* x) const override {
    return substitute(forward, omega, p, shift, t, x);
  }
  void next_direction(Real omega, const Many* z, Many beta, Many* p, Many* x) const override {
    advance(omega, z, beta, p, x);
  }

  template <class Value>
  void product(const Value* x, Value* y) const {
    in_blocks([&](std::int64_t i) {
      Value sum{};
      for (Index k = a_.indptr[i]; k < a_.indptr[i + 1]; ++k) sum += a_.data[k] * x[a_.indices[k]];
      y[i] = sum;
    });
  }

  template <class Value>
  void half_product(bool forward, const Value* x, Value* near) const {
    in_blocks([&](std::int64_t i) {
      Value sum{};
      if (forward) {
        for (Index k = a_.indptr[i]; k < middle_[i]; ++k) sum += a_.data[k] * x[a_.indices[k]];
      } else {
        for (Index k = a_.indptr[i + 1] - 1; k > middle_[i]; --k) sum += a_.data[k] * x[a_.indices[k]];
      }
      near[i] = sum;
    });
  }

  template <class Value>
  auto substitute(bool forward, Real omega, const Value* p, Real shift, const Value* t, Value* x) const {
    const auto with = [&]<bool ahead>(std::bool_constant<ahead>) {
      in_order<ahead>(x, [&](std::int64_t i, const auto& row, const Value& previous, std::int64_t) {
        const Real d = a_.data[row.middle], step = omega / d;
        Value next = step * (t ? Value(p[i] - shift * d * t[i]) : p[i]);
        row.for_near(a_, i, x, previous, [&](Real entry, const Value& near) { next -= (step * entry) * near; });
        return x[i] = next;
      });
    };
    forward ? with(std::true_type{}) : with(std::false_type{});
    return sum_chunks(t ? size() : 0, threads_, [=](std::size_t begin, std::size_t end) {
      return lane_sum(begin, end, [=](std::size_t i) { return widened(p[i]) * widened(Value(t[i] + x[i])); });
    });
  }

  template <class Value>
  void advance(Real omega, const Value* z, const Value& beta, Value* p, Value* x) const {
    in_order<false>(x, [&](std::int64_t i, const auto& row, const Value& previous, std::int64_t) {
      const Real d = a_.data[row.middle], step = omega / d;
      p[i] = d * z[i] + beta * p[i];
      Value next = step * p[i];
      row.for_near(a_, i, x, previous, [&](Real entry, const Value& near) { next -= (step * entry) * near; });
      return x[i] = next;
    });
  }

  void prepare() {
    if (a_.indptr[0] != 0) reject("A", "an indptr that starts at 0", static_cast<double>(a_.indptr[0]));
    middle_.resize(size());
    diagonal_.resize(size());
    for (std::int64_t i = 0; i < n_; ++i) {
      Index middle = -1;
      const auto row = [i] { return "row " + std::to_string(i); };
      if (a_.indptr[i + 1] < a_.indptr[i]) reject("A", "an indptr that never falls", row());
      for (Index k = a_.indptr[i]; k < a_.indptr[i + 1]; ++k) {
        const Index j = a_.indices[k];
        if (j < 0 || j >= n_)
          reject("A", "columns from 0 to " + std::to_string(n_ - 1), row() + ": " + std::to_string(j));
        if (k > a_.indptr[i] && j <= a_.indices[k - 1]) reject("A", "ascending columns", row() + " out of order");
        if (!std::isfinite(a_.data[k])) reject("A", "finite numbers", row() + ": " + std::to_string(a_.data[k]));
        if (j == i) middle = k;
      }
      if (middle < 0 || a_.data[middle] == 0)
        throw std::invalid_argument("A: " + row() + ": zero diagonal; SOR needs a_ii != 0");
      middle_[i] = middle;
      diagonal_[i] = a_.data[middle];
    }
  }

  template <class Row>
  void in_blocks(Row&& row) const {
    parallel_for((n_ + rows_per_block - 1) / rows_per_block, threads_, [&](std::size_t block) {
      const std::int64_t begin = static_cast<std::int64_t>(block) * rows_per_block;
      for (std::int64_t i = begin; i < std::min(n_, begin + rows_per_block); ++i) row(i);
    });
  }

  template <bool ahead>
  Levels levels() const {
    std::vector<Index> level(size());
    std::vector<std::int64_t> begin(1, 0);
    for (std::int64_t step = 0; step < n_; ++step) {
      const std::int64_t i = ahead ? step : n_ - 1 - step;
      Index depth = 0;
      const Index first = ahead ? a_.indptr[i] : middle_[i] + 1, last = ahead ? middle_[i] : a_.indptr[i + 1];
      for (Index k = first; k < last; ++k) depth = std::max(depth, Index(level[a_.indices[k]] + 1));
      level[i] = depth;
      if (begin.size() < static_cast<std::size_t>(depth) + 2) begin.resize(depth + 2, 0);
      ++begin[depth + 1];
    }
    for (std::size_t l = 1; l < begin.size(); ++l) begin[l] += begin[l - 1];
    Levels result{std::vector<Index>(size()), begin};
    for (std::int64_t i = 0; i < n_; ++i) result.rows[begin[level[i]]++] = static_cast<Index>(i);
    return result;
  }

  /// Calls row(i, CsrRow, x of the row before, step) for every row, in row order or in one that gives the same results.
  template <bool ahead, class Value, class Row>
  void in_order(const Value* x, Row&& row) const {
    if (!threaded(ahead)) {
      Value previous{};
      for (std::int64_t step = 0; step < n_;) {
        const auto r = row_of<ahead>(ahead ? step : n_ - 1 - step);
        // rows of the commonest shapes, for which the compiler need not count; columns share the counting
        if constexpr (simd::lanes<Value> == 1)
          if (alike<ahead, 2>(r, row, step, previous) || alike<ahead, 3>(r, row, step, previous) ||
              alike<ahead, 4>(r, row, step, previous))
            continue;
        previous = row(ahead ? step : n_ - 1 - step, r, previous, step);
        ++step;
      }
      return;
    }
    const Levels& levels = ahead ? forward_ : backward_;
    for (std::size_t l = 0; l + 1 < levels.begin.size(); ++l) {
      const std::int64_t begin = levels.begin[l], end = levels.begin[l + 1];
      parallel_for((end - begin + rows_per_task - 1) / rows_per_task, threads_, [&](std::size_t task) {
        const std::int64_t first = begin + static_cast<std::int64_t>(task) * rows_per_task;
        for (std::int64_t p = first; p < std::min(end, first + rows_per_task); ++p) {
          const std::int64_t i = levels.rows[p], before = ahead ? i - 1 : i + 1;
          const auto r = row_of<ahead>(i);
          row(i, r, r.has_near() && a_.indices[r.last_near()] == before ? x[before] : Value{}, ahead ? i : n_ - 1 - i);
        }
      });
    }
  }

  template <bool ahead>
  CsrRow<Real, Index, ahead> row_of(std::int64_t i) const {
    return {a_.indptr[i], middle_[i], a_.indptr[i + 1]};
  }

  /// Goes through the rows that follow while each has `sides` neighbors before the diagonal and as many behind it.
  template <bool ahead, int sides, class Row>
  bool alike(const CsrRow<Real, Index, ahead>& first, Row&& row, std::int64_t& step, Real& previous) const {
    if (first.middle - first.begin != sides || first.end - first.middle != sides + 1) return false;
    std::int64_t s = step;
    Real before = previous;
    for (; s < n_; ++s) {
      const std::int64_t i = ahead ? s : n_ - 1 - s;
      const auto r = row_of<ahead>(i);
      if (r.middle - r.begin != sides || r.end - r.middle != sides + 1) break;
      before = row(i, CsrRow<Real, Index, ahead, sides>{r.begin, r.middle, r.end}, before, s);
    }
    step = s;
    previous = before;
    return true;
  }

  bool threaded(bool ahead) const { return threads_ > 1 && (ahead ? forward_ : backward_).wide(); }

  template <class Value>
  auto measured_sweep(bool forward, const Sweep<Value>& s) const {
    return forward ? run<true, true>(s) : run<false, true>(s);
  }
  template <class Value>
  void blind_sweeps(bool forward, const Sweep<Value>& s, std::int64_t count) const {
    for (; count > 0; --count) forward ? run<true, false>(s) : run<false, false>(s);
  }

  template <bool ahead, bool measured, class Value>
  auto run(const Sweep<Value>& sweep) const {
    using Measure = decltype(widened(Value{}));
    const Sweep<Value> s = sweep;
    const bool projected = s.floor, threads = threaded(ahead);
    Measure total{}, partial{};
    const auto collect = [&](std::int64_t step, const Measure& measure) {
      if (projected) {
        total = larger(total, measure);
      } else {
        partial += measure;
        if ((step + 1) % static_cast<std::int64_t>(chunk) == 0) total += std::exchange(partial, Measure{});
      }
    };
    std::vector<Measure> measures(measured && threads ? size() : 0);
    in_order<ahead>(s.x, [&, s](std::int64_t i, const auto& row, const Value& previous, std::int64_t step) {
      const Real d = a_.data[row.middle];
      const Value old = s.x[i];
      Value far{};
      row.for_far(a_, s.x, [&](Real entry, const Value& neighbor) { far += entry * neighbor; });
      const Real factor = s.omega / d;
      const Value lacking = (s.b[i] - far) - d * old;
      Value x = old + factor * lacking, kept{};
      row.for_near(a_, i, s.x, previous, [&](Real entry, const Value& neighbor) {
        x -= (factor * entry) * neighbor;
        if constexpr (measured) kept += entry * neighbor;
      });
      if constexpr (measured) {
        const Value r = lacking - s.near[i];
        const Measure measure = measure_of(r, old, s.floor, i);
        if (threads) {
          measures[step] = measure;
        } else {
          collect(step, measure);
        }
        s.near[i] = kept;
      }
      if (projected) x = x < s.floor[i] ? s.floor[i] : x;
      return s.x[i] = x;
    });
    for (std::int64_t step = 0; step < std::ssize(measures); ++step) collect(step, measures[step]);
    return Measure(total + partial);
  }

  Csr<Real, Index> a_;
  std::int64_t n_;
  int threads_;
  std::vector<Index> middle_;  ///< position of the diagonal
  std::vector<Real> diagonal_;
  Levels forward_, backward_;
  mutable std::once_flag coloring_;
  mutable std::unique_ptr<Operator<Real>> colored_;
};

}  // namespace trimtab::relax
