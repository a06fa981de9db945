#pragma once

#include "explicit_step.hpp"

#include <trimtab/core/stop.hpp>
#include <trimtab/sde/adjoint.hpp>
#include <trimtab/sde/brownian.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace trimtab::sde {

/// Length of the last part of `count` steps, when `checkpoints` states may be kept: the part that the new state begins.
std::size_t last_part(std::size_t count, std::size_t checkpoints);

/// What stands behind Adjoint.
class AdjointSweep {
 public:
  AdjointSweep(const System& system, const StepList& steps, const SaveList& save, const double* y0, std::size_t m,
               const BrownianTree* tree, const Paths& paths, const AdjointOptions& options);

  Stop forward(double* saved, double* error, double* stiffness);
  Stop reverse(const Cotangents& cotangents, const VectorJacobian& drift, const VectorJacobian& diffusion,
               double* y_bar, double* p_bar);

 private:
  using State = std::vector<double>;
  struct Pull;  ///< a reverse sweep on its way

  StepStart start_of(std::size_t n, const double* y);
  void advance(std::size_t from, std::size_t to, State& y);
  void reverse_part(std::size_t from, std::size_t to, std::size_t checkpoints, Pull& pull);
  void reverse_step(std::size_t n, const State& y, Pull& pull);

  ExplicitStep step_;
  StepList steps_;
  SaveList save_;
  std::size_t m_, size_;
  AdjointOptions options_;
  std::map<std::size_t, State> kept_;  ///< states before steps
  std::optional<BrownianCursor<double>> cursor_;
  bool with_area_ = false;
  std::vector<std::uint32_t> lanes_;
  std::vector<double> w_, area_, error_, stiffness_;
};

}  // namespace trimtab::sde
