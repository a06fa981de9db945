#include <trimtab/core/elementary.hpp>
#include <trimtab/core/simd.hpp>
#include <trimtab/sde/models.hpp>

#include <algorithm>

namespace trimtab::sde {
namespace {

/// The Function body(model, y, out, m) of a model.
template <class Model, auto body>
Function of(const Model& model) {
  return {[](const double*, const double* y, double* out, std::int64_t m, void* ctx) {
            body(*static_cast<const Model*>(ctx), y, out, static_cast<std::size_t>(m));
          },
          const_cast<Model*>(&model)};
}

/// The same, for all components by themselves: out = body(model, y).
template <class Model, auto body>
Function each(const Model& model) {
  return of<Model, [](const Model& o, const double* y, double* out, std::size_t m) {
    const Model local = o;  // no store can be taken to change it
    for (std::size_t i = 0; i < local.dim * m; ++i) out[i] = body(local, y[i]);
  }>(model);
}

System diagonal_system(std::size_t dim, Noise noise, Function drift, Function diffusion) {
  System s;
  s.dim = s.noise_dim = dim;
  s.noise = noise;
  s.calculus = Calculus::ito;
  s.steady = noise == Noise::additive;
  s.drift = drift;
  s.diffusion = diffusion;
  return s;
}

double positive(double v) { return v > 0 ? v : 0; }

}  // namespace

System OrnsteinUhlenbeck::system() const {
  using Model = OrnsteinUhlenbeck;
  return diagonal_system(dim, Noise::additive,
                         each<Model, [](const Model& o, double y) { return o.theta * (o.mu - y); }>(*this),
                         each<Model, [](const Model& o, double) { return o.sigma; }>(*this));
}

System DoubleWell::system() const {
  using Model = DoubleWell;
  return diagonal_system(dim, Noise::additive,
                         each<Model, [](const Model& o, double y) { return -4 * o.depth * y * (y * y - 1); }>(*this),
                         each<Model, [](const Model& o, double) { return o.sigma; }>(*this));
}

System GeometricBrownianMotion::system() const {
  using Model = GeometricBrownianMotion;
  System s =
      diagonal_system(dim, Noise::diagonal, each<Model, [](const Model& o, double y) { return o.mu * y; }>(*this),
                      each<Model, [](const Model& o, double y) { return o.sigma * y; }>(*this));
  s.correction = each<Model, [](const Model& o, double y) { return o.sigma * o.sigma * y; }>(*this);
  return s;
}

System Heston::system() const {
  using Model = Heston;
  System s;
  s.dim = s.noise_dim = 2;
  s.noise = Noise::general;
  s.calculus = Calculus::ito;
  s.diagonal = false;
  s.drift = of<Model, [](const Model& o, const double* y, double* out, std::size_t m) {
    for (std::size_t i = 0; i < m; ++i) {
      const double v = positive(y[m + i]);
      out[i] = o.r - 0.5 * v;
      out[m + i] = o.kappa * (o.theta - v);
    }
  }>(*this);
  s.diffusion = of<Model, [](const Model& o, const double* y, double* out, std::size_t m) {
    const double rest = simd::sqrt(1 - o.rho * o.rho);
    for (std::size_t i = 0; i < m; ++i) {
      const double root = simd::sqrt(positive(y[m + i]));
      out[i] = o.rho * root;
      out[m + i] = rest * root;
      out[2 * m + i] = o.xi * root;
      out[3 * m + i] = 0;
    }
  }>(*this);
  // only dg/dv counts, along the noise of v: g_1 = (rho, xi) sqrt(v), so (dg_1/dv) xi sqrt(v) = (rho, xi) xi / 2
  s.correction = of<Model, [](const Model& o, const double* y, double* out, std::size_t m) {
    for (std::size_t i = 0; i < m; ++i) {
      const double there = (y[m + i] > 0) ? 0.5 * o.xi : 0;
      out[i] = o.rho * there;
      out[m + i] = o.xi * there;
    }
  }>(*this);
  return s;
}

Function Quadratic::gradient() const {
  return each<Quadratic, [](const Quadratic& o, double x) { return o.stiffness * x; }>(*this);
}

Function DoubleWellPotential::gradient() const {
  using Model = DoubleWellPotential;
  return each<Model, [](const Model& o, double x) { return 4 * o.depth * x * (x * x - 1); }>(*this);
}

Function Funnel::gradient() const {
  return of<Funnel, [](const Funnel& o, const double* x, double* out, std::size_t m) {
    for (std::size_t i = 0; i < m; ++i) {
      const double precision = exp(std::min(-x[i], 700.0));
      double squares = 0;
      for (std::size_t c = 1; c < o.dim; ++c) {
        out[c * m + i] = precision * x[c * m + i];
        squares += x[c * m + i] * x[c * m + i];
      }
      out[i] = x[i] / 9 - 0.5 * precision * squares + 0.5 * static_cast<double>(o.dim - 1);
    }
  }>(*this);
}

}  // namespace trimtab::sde
