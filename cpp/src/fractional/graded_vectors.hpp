#pragma once

#include "kernel.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace trimtab::fractional {

/// A few vectors that are smooth in their index away from 0, where they are steep: numbers near 0, polynomials on
/// blocks a 32nd as long as they are far from 0, and numbers again at the end, where another law may hold. Room and
/// setup grow with log n, and a product reads no memory but the other vector.
class GradedVectors {
 public:
  static constexpr std::size_t terms = 10;  ///< of a polynomial: on a block they fall by 65 each

  /// exact(k, begin, out): numbers begin, begin + 1, ... of vector k.
  using Exact = std::function<void(std::size_t k, std::size_t begin, std::span<double> out)>;
  /// expand(k, middle, c): vector k at middle + z as a polynomial in z.
  using Expand = std::function<void(std::size_t k, Extended middle, std::span<Extended> c)>;

  /// @param steep numbers 0 ... steep - 1 are kept, and those from smooth_end on; all if there are few
  GradedVectors(std::size_t size, std::size_t count, std::size_t steep, std::size_t smooth_end, const Exact& exact,
                const Expand& expand);

  std::size_t size() const { return size_; }
  std::size_t count() const { return count_; }

  /// y += sum_k c[k] vector[k]; backwards: y[size - 1 - i] += sum_k c[k] vector[k][i].
  void add_combination(const double* c, double* y, bool backwards) const;

  /// out[k] = vector[k] . x, or that with x backwards.
  void dot_products(const double* x, double* out, bool backwards) const;

  /// Vector k.
  void copy(std::size_t k, double* out) const;

  /// Number i < steep of vector k.
  double& near(std::size_t k, std::size_t i) { return near_[k * steep_ + i]; }

 private:
  struct Block {
    std::size_t begin, length;
  };

  std::size_t size_, count_, steep_, smooth_end_;
  std::vector<double> near_, end_;  ///< [vector][index]
  std::vector<Block> blocks_;
  std::vector<double> coefficients_;  ///< [block][vector][term]
};

}  // namespace trimtab::fractional
