#pragma once

#include "operator.hpp"

#include <trimtab/core/simd.hpp>

#include <algorithm>
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

/// A number, or one in each lane, in double precision.
template <class Value>
inline auto widened(const Value& v) {
  if constexpr (std::is_arithmetic_v<Value>) {
    return static_cast<double>(v);
  } else {
    return __builtin_convertvector(v, Columns<double>);
  }
}

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

/// What SSOR-PCG asks of a matrix, for several vectors; as in Operator.
template <class Real>
class ColumnsOperator {
 public:
  using Value = Columns<Real>;
  virtual ~ColumnsOperator() = default;

  virtual void multiply(const Value* x, Value* y) const = 0;
  virtual void near_products(bool forward, const Value* x, Value* near) const = 0;
  virtual Columns<double> solve_triangle(bool forward, Real omega, const Value* p, Real shift, const Value* t,
                                         Value* x) const = 0;
  virtual void next_direction(Real omega, const Value* z, Value beta, Value* p, Value* x) const = 0;
};

}  // namespace trimtab::relax
