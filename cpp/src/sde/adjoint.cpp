#include "adjoint_sweep.hpp"
#include "tableau.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/sde/adjoint.hpp>

namespace trimtab::sde {

double stability_size(Method method) { return tableau(method).stability_size; }

Adjoint::Adjoint(const System& system, const StepList& steps, const SaveList& save, const double* y0, std::size_t m,
                 const BrownianTree* tree, const Paths& paths, const AdjointOptions& options) {
  if (system.diffusion) {
    if (options.method == Method::tsit5) reject("method", "a method for noise", "tsit5");
    const bool additive = options.method == Method::sra1 || options.method == Method::shark;
    if (additive && system.noise != Noise::additive) reject("method", "one for noise that is not additive", "another");
    const bool needs_area = additive || options.method == Method::spark;
    if (!tree) reject("tree", "a BrownianTree, as there is noise", "none");
    if (needs_area && tree->levy() == Levy::W) reject("tree", "levy H or K, which this method needs", "W");
    if (tree->dim() != system.noise_dim)
      reject("tree", "dim " + std::to_string(system.noise_dim), static_cast<double>(tree->dim()));
  }
  sweep_ = std::make_unique<AdjointSweep>(system, steps, save, y0, m, tree, paths, options);
}
Adjoint::~Adjoint() = default;
Adjoint::Adjoint(Adjoint&&) noexcept = default;
Adjoint& Adjoint::operator=(Adjoint&&) noexcept = default;

Stop Adjoint::forward(double* saved, double* error, double* stiffness) {
  return sweep_->forward(saved, error, stiffness);
}

Stop Adjoint::reverse(const Cotangents& cotangents, const VectorJacobian& drift, const VectorJacobian& diffusion,
                      double* y_bar, double* p_bar) {
  return sweep_->reverse(cotangents, drift, diffusion, y_bar, p_bar);
}

}  // namespace trimtab::sde
