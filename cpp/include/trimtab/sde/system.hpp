#pragma once

#include <cstddef>
#include <cstdint>

/// @file system.hpp
/// The equations that the solvers take: dy = f(t, y) dt + g(t, y) dW, given by functions that serve many paths at once.

namespace trimtab::sde {

/// A function of time and state for m paths. Arrays are component-major, so that a component of all paths lies
/// together.
///
/// The address has the C signature `void f(const double* t, const double* y, double* out, int64_t m, void* ctx)`, with
/// t (m), y (d, m) and out (components, m). It may throw; it must not keep or change t and y.
struct Function {
  using Address = void (*)(const double* t, const double* y, double* out, std::int64_t m, void* ctx);

  Address call = nullptr;
  void* ctx = nullptr;

  explicit operator bool() const { return call != nullptr; }
  void operator()(const double* t, const double* y, double* out, std::size_t m) const {
    call(t, y, out, static_cast<std::int64_t>(m), ctx);
  }
};

/// The Function of a callable object body(t, y, out, m), which must outlive it.
template <class Body>
Function function_of(Body& body) {
  return {[](const double* t, const double* y, double* out, std::int64_t m, void* ctx) {
            (*static_cast<Body*>(ctx))(t, y, out, m);
          },
          const_cast<void*>(static_cast<const void*>(&body))};
}

/// How the diffusion depends on the state and mixes the components of the noise.
enum class Noise {
  additive,     ///< g depends on time alone
  scalar,       ///< one component of noise
  diagonal,     ///< component i of the noise drives component i of the state, by g_i(t, y_i)
  commutative,  ///< (dg_j) g_k = (dg_k) g_j for all j, k
  general
};

enum class Calculus { ito, stratonovich };

/// An equation. `drift` writes (dim, m). `diffusion` writes (dim, m), the diagonal of a square matrix, if `diagonal`,
/// else (dim, noise_dim, m).
struct System {
  std::size_t dim = 1, noise_dim = 1;
  Noise noise = Noise::additive;
  Calculus calculus = Calculus::stratonovich;
  bool diagonal = true;
  Function drift, diffusion;
  Function correction;  ///< sum_j (dg_j / dy) g_j, (dim, m); may be missing
};

}  // namespace trimtab::sde
