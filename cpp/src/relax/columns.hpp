#pragma once

#include "../core/sums.hpp"
#include "operator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

/// @file columns.hpp
/// Several right-hand sides at once, one in each lane of a register: the matrix is read once for all of them. Lanes
/// never meet, so how many there are does not show in the numbers.

namespace trimtab::relax {

inline constexpr int columns = static_cast<int>(std::min<std::size_t>(simd::lanes<simd::Pack<double>>, 4));

template <class Real>
struct ColumnsOf {
  typedef Real type __attribute__((vector_size(columns * sizeof(Real))));
};
template <class Real>
using Columns = typename ColumnsOf<Real>::type;

/// Lane l of v; v itself where it is one number.
template <class Value>
inline auto lane(const Value& v, int l) {
  if constexpr (std::is_arithmetic_v<Value>) {
    return v;
  } else {
    return v[l];
  }
}
template <class Value>
inline void set_lane(Value& v, int l, simd::Scalar<Value> x) {
  if constexpr (std::is_arithmetic_v<Value>) {
    v = x;
  } else {
    v[l] = x;
  }
}

/// What the solvers ask of a matrix, for several vectors; as in Operator.
template <class Real>
class ColumnsOperator {
 public:
  using Value = Columns<Real>;
  virtual ~ColumnsOperator() = default;

  virtual void multiply(const Value* x, Value* y) const = 0;
  virtual Columns<double> sweep(bool forward, const Sweep<Value>& s) const = 0;
  virtual void sweeps(bool forward, const Sweep<Value>& s, std::int64_t count) const = 0;
  virtual void near_products(bool forward, const Value* x, Value* near) const = 0;
  virtual Columns<double> solve_triangle(bool forward, Real omega, const Value* p, Real shift, const Value* t,
                                         Value* x) const = 0;
  virtual void next_direction(Real omega, const Value* z, Value beta, Value* p, Value* x) const = 0;
};

/// The kernels that take vectors of Value.
template <class Real, class Value>
using Kernels = std::conditional_t<std::is_arithmetic_v<Value>, Operator<Real>, ColumnsOperator<Real>>;

/// One double a lane.
template <class Value>
using Numbers = std::array<double, simd::lanes<Value>>;

template <class Value, class Sum>
Numbers<Value> numbers(const Sum& sum) {
  Numbers<Value> all;
  for (int l = 0; l < std::ssize(all); ++l) all[l] = lane(sum, l);
  return all;
}

/// The 2-norm of v, lane by lane.
template <class Value>
Numbers<Value> norms(const Vector<Value>& v, int threads) {
  const auto sum = sum_chunks(v.size(), threads, [v = v.data()](std::size_t begin, std::size_t end) {
    return lane_sum(begin, end, [v](std::size_t i) { return widened(v[i]) * widened(v[i]); });
  });
  auto all = numbers<Value>(sum);
  for (double& x : all) x = std::sqrt(x);
  return all;
}

/// The caller's vectors, which stand one after the other, in a's layout and one in each lane; lanes beyond are zero.
template <class Real, class Value>
Vector<Value> load(const Product<Real>& a, const Real* user, int count) {
  Vector<Value> own(a.storage());
  if constexpr (std::is_arithmetic_v<Value>) {
    a.load(user, own.data());
  } else {
    Vector<Real> one(own.size());
    for (int l = 0; l < count; ++l) {
      a.load(user + l * a.size(), one.data());
      for (std::size_t i = 0; i < own.size(); ++i) own[i][l] = one[i];
    }
  }
  return own;
}

/// Lane l by itself, in the same layout.
template <class Value>
auto lane_of(const Vector<Value>& own, int l) {
  Vector<simd::Scalar<Value>> one(own.size());
  for (std::size_t i = 0; i < own.size(); ++i) one[i] = lane(own[i], l);
  return one;
}

/// Lane l to its place among the caller's vectors.
template <class Real, class Value>
void store(const Product<Real>& a, const Vector<Value>& own, int l, Real* user) {
  if constexpr (std::is_arithmetic_v<Value>) {
    a.store(own.data(), user);
  } else {
    a.store(lane_of(own, l).data(), user + l * a.size());
  }
}

/// together(first, count) for those of `total` right-hand sides that share the matrix, alone(i) for the others; the
/// calls run beside each other.
template <class Real, class Together, class Alone>
void for_columns(const ColumnsOperator<Real>* many, std::size_t total, int threads, Together&& together,
                 Alone&& alone) {
  const std::size_t most = many ? columns : 1, groups = (total + most - 1) / most;
  parallel_for(groups, groups > 1 ? threads : 1, [&](std::size_t group) {
    const std::size_t first = group * most, count = std::min(most, total - first);
    if (2 * count > most && count > 1) return together(first, count);
    for (std::size_t i = first; i < first + count; ++i) alone(i);
  });
}

}  // namespace trimtab::relax
