#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace trimtab::fractional {

/// Memory of the transforms, owned by whoever runs many of them: fresh pages would cost as much as a transform.
struct Workspace {
  std::vector<double> real;
  std::vector<std::complex<double>> spectrum;
  std::vector<double> padded, transformed, divided;
  int threads = 1;

  std::span<double> reals(std::size_t n) { return sized(real, n); }
  std::span<std::complex<double>> complexes(std::size_t n) { return sized(spectrum, n); }

  template <class T>
  static std::span<T> sized(std::vector<T>& v, std::size_t n) {
    if (v.size() < n) v.resize(n);
    return {v.data(), n};
  }
};

}  // namespace trimtab::fractional
