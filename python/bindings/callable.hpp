#pragma once

#include "bindings.hpp"

#include <trimtab/sde/system.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace trimtab::py {

using Shape = std::vector<std::size_t>;

/// An argument of a Python callable: an array (m, components) over memory that lies (components, m), or one of shape
/// (components) for a single path. It is filled again for each call, and given up to whoever kept it.
class ArrayArgument {
 public:
  ArrayArgument(Shape components, bool single) : components_(std::move(components)), single_(single) {}

  pb::object fill(const double* data, std::size_t m) {
    // beside owner_ itself, shown_ holds it
    if (!owner_ || m != m_ || owner_.ref_count() > 2 || (!single_ && shown_.ref_count() > 1)) make(m);
    std::copy_n(data, size_, memory_);
    return shown_;
  }

 private:
  void make(std::size_t m) {
    Shape shape = components_;
    if (!single_) shape.push_back(m);
    pb::array_t<double> fresh(shape);
    m_ = m, size_ = static_cast<std::size_t>(fresh.size()), memory_ = fresh.mutable_data();
    shown_ = single_ ? pb::object(fresh) : pb::object(fresh.attr("transpose")(paths_first()));
    owner_ = std::move(fresh);
  }
  pb::tuple paths_first() const {
    pb::tuple axes(components_.size() + 1);
    axes[0] = components_.size();
    for (std::size_t i = 0; i < components_.size(); ++i) axes[i + 1] = i;
    return axes;
  }

  Shape components_;
  bool single_;
  std::size_t m_ = 0, size_ = 0;
  double* memory_ = nullptr;
  pb::object owner_, shown_;
};

/// Copies what a callable gave, (m, components) or of a single path (components), to memory (components, m).
/// @param broadcasts  whether it may have any shape that broadcasts to this
void store_result(const char* name, const pb::object& result, const Shape& components, bool single, std::size_t m,
                  double* out, bool broadcasts = false);

/// A function of the equations that is a Python callable or an address.
class EquationFunction {
 public:
  /// @param spec  None, a callable(t, y), or (address, context)
  EquationFunction(const char* name, pb::object spec, std::size_t dim, Shape components, bool single,
                   bool broadcasts = false);
  EquationFunction(const EquationFunction&) = delete;

  sde::Function function();

 private:
  static void call(const double* t, const double* y, double* out, std::int64_t m, void* ctx);

  const char* name_;
  pb::object callable_;
  sde::Function::Address address_ = nullptr;
  void* context_ = nullptr;
  Shape components_;
  bool single_, broadcasts_;
  ArrayArgument t_, y_;
};

}  // namespace trimtab::py
