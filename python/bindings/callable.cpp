#include "callable.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace trimtab::py {
namespace {

std::string text(const Shape& shape) {
  pb::tuple numbers(shape.size());
  for (std::size_t i = 0; i < shape.size(); ++i) numbers[i] = shape[i];
  return pb::str(static_cast<const pb::object&>(numbers));
}

/// Empty if it cannot be.
pb::array_t<double> broadcast(const pb::array_t<double>& values, const Shape& shape) {
  try {
    return pb::module_::import("numpy").attr("broadcast_to")(values, shape);
  } catch (const pb::error_already_set&) {
    return pb::reinterpret_steal<pb::array_t<double>>(nullptr);
  }
}

}  // namespace

void store_result(const char* name, const pb::object& result, const Shape& components, bool single, std::size_t m,
                  double* out, bool broadcasts) {
  Shape expected = components;
  if (!single) expected.insert(expected.begin(), m);
  const auto any = pb::array::ensure(result);
  const char kind = any ? any.dtype().kind() : 'O';
  if (kind != 'f' && kind != 'i' && kind != 'u' && kind != 'b')
    throw pb::type_error(std::string(name) + ": expected to return real numbers, got " +
                         std::string(pb::str(any ? pb::object(any.dtype()) : pb::type::of(result))));
  auto values = pb::array_t<double>::ensure(any);
  if (!values) throw pb::error_already_set();
  const Shape shape(values.shape(), values.shape() + values.ndim());
  if (shape != expected) {
    const std::size_t size = std::accumulate(expected.begin(), expected.end(), std::size_t{1}, std::multiplies<>());
    const bool fits = broadcasts || (shape.empty() && size == 1);
    if (fits) values = broadcast(values, expected);
    if (!fits || !values)
      throw pb::value_error(std::string(name) + ": expected to return an array of shape " + text(expected) + ", got " +
                            text(shape));
  }
  const auto* from = reinterpret_cast<const char*>(values.data());
  const auto at = [&](pb::ssize_t offset) { return *reinterpret_cast<const double*>(from + offset); };
  const pb::ssize_t* strides = values.strides() + (single ? 0 : 1);
  const pb::ssize_t lane = single ? 0 : values.strides(0);
  const std::size_t lanes = single ? 1 : m, rank = components.size();
  const std::size_t rows = rank > 0 ? components[0] : 1, columns = rank > 1 ? components[1] : 1;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      pb::ssize_t offset = rank > 0 ? static_cast<pb::ssize_t>(row) * strides[0] : 0;
      if (rank > 1) offset += static_cast<pb::ssize_t>(column) * strides[1];
      for (std::size_t i = 0; i < lanes; ++i) *out++ = at(offset + static_cast<pb::ssize_t>(i) * lane);
    }
}

EquationFunction::EquationFunction(const char* name, pb::object spec, std::size_t dim, Shape components, bool single,
                                   bool broadcasts)
    : name_(name),
      callable_(std::move(spec)),
      components_(std::move(components)),
      single_(single),
      broadcasts_(broadcasts),
      t_({}, single),
      y_({dim}, single) {
  if (!pb::isinstance<pb::tuple>(callable_)) return;
  const auto [address, context] = callable_.cast<std::pair<std::uintptr_t, std::uintptr_t>>();
  address_ = reinterpret_cast<sde::Function::Address>(address);
  context_ = reinterpret_cast<void*>(context);
}

sde::Function EquationFunction::function() {
  if (callable_.is_none()) return {};
  if (address_) return {address_, context_};
  return {&EquationFunction::call, this};
}

void EquationFunction::call(const double* t, const double* y, double* out, std::int64_t m, void* ctx) {
  const pb::gil_scoped_acquire gil;
  auto& self = *static_cast<EquationFunction*>(ctx);
  const auto lanes = static_cast<std::size_t>(m);
  const pb::object time = self.single_ ? pb::object(pb::float_(*t)) : self.t_.fill(t, lanes);
  store_result(self.name_, self.callable_(time, self.y_.fill(y, lanes)), self.components_, self.single_, lanes, out,
               self.broadcasts_);
}

}  // namespace trimtab::py
