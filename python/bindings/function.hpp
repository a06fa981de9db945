#pragma once

#include "arrays.hpp"

#include <trimtab/sde/system.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace trimtab::py {

/// A Function made of what Python gives: a callable (t (m), y (m, d)) -> (m, ...), or a pair of addresses (C function,
/// its ctx), which runs without the interpreter lock. Must stay where it is while in use.
class PythonFunction {
 public:
  /// @param shape  of the answer for one path; a callable's may be any that broadcasts to (m, *shape)
  PythonFunction(std::string name, pb::object source, std::size_t dim, std::vector<std::size_t> shape)
      : name_(std::move(name)), source_(std::move(source)), dim_(dim), shape_(std::move(shape)) {}
  PythonFunction(const PythonFunction&) = delete;

  /// Empty for a source of None.
  sde::Function function() {
    if (source_.is_none()) return {};
    if (pb::isinstance<pb::tuple>(source_)) {
      const auto pair = source_.cast<std::pair<std::uintptr_t, std::uintptr_t>>();
      return {reinterpret_cast<sde::Function::Address>(pair.first), reinterpret_cast<void*>(pair.second)};
    }
    return sde::function_of(*this);
  }

  void operator()(const double* t, const double* y, double* out, std::int64_t m) const {
    const pb::gil_scoped_acquire gil;
    // copies, as the callable may keep them; (m, d) with each component together
    const pb::array_t<double> times(m, t);
    const std::vector<pb::ssize_t> shape{m, static_cast<pb::ssize_t>(dim_)}, strides{8, 8 * m};
    const pb::array_t<double> states(shape, strides, y);
    store(source_(times, states), out, m);
  }

 private:
  void store(const pb::object& answer, double* out, pb::ssize_t m) const {
    auto given = pb::array::ensure(answer);
    if (!given || given.dtype().kind() == 'c' || given.dtype().kind() == 'O') {
      PyErr_Clear();
      throw pb::type_error(name_ + ": expected real numbers, got " + std::string(pb::str(pb::type::of(answer))));
    }
    auto numbers = pb::array_t<double, pb::array::forcecast>::ensure(given);
    std::vector<pb::ssize_t> shape{m};
    shape.insert(shape.end(), shape_.begin(), shape_.end());
    if (!std::equal(shape.begin(), shape.end(), numbers.shape(), numbers.shape() + numbers.ndim())) {
      try {
        numbers = pb::module_::import("numpy").attr("broadcast_to")(numbers, shape);
      } catch (const pb::error_already_set&) {
        throw pb::value_error(
            name_ + ": expected an array that broadcasts to (m, ...) = " + std::string(pb::str(pb::cast(shape))) +
            ", got shape " + std::string(pb::str(given.attr("shape"))));
      }
    }
    // component after component, the last axis fastest
    const std::size_t rows = shape_.size() < 1 ? 1 : shape_[0], columns = shape_.size() < 2 ? 1 : shape_[1];
    const char* const data = reinterpret_cast<const char*>(numbers.data());
    const pb::ssize_t step = numbers.strides(0);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) {
        const char* from = data + (shape_.size() > 0 ? static_cast<pb::ssize_t>(i) * numbers.strides(1) : 0) +
                           (shape_.size() > 1 ? static_cast<pb::ssize_t>(j) * numbers.strides(2) : 0);
        for (pb::ssize_t lane = 0; lane < m; ++lane, from += step) *out++ = *reinterpret_cast<const double*>(from);
      }
  }

  std::string name_;
  pb::object source_;
  std::size_t dim_;
  std::vector<std::size_t> shape_;
};

}  // namespace trimtab::py
