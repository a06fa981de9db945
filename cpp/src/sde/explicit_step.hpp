#pragma once

#include "field.hpp"
#include "scaled_error.hpp"
#include "tableau.hpp"

#include <trimtab/sde/adjoint.hpp>

#include <cstddef>
#include <vector>

namespace trimtab::sde {

/// Where a step of m paths starts, its length and its noise: t, h (m), y (dim, m), w and area (noise_dim, m).
struct StepStart {
  std::size_t m;
  const double *t, *h, *y;
  const double *w = nullptr, *area = nullptr;
};

/// One step of an explicit method for m paths at once, each with its own time and length, and the reverse of it.
/// All arrays are component-major, so that a stage's sum is one pass over dim m numbers whatever the lengths are.
class ExplicitStep {
 public:
  /// @param capacity  largest m of a step
  ExplicitStep(const Tableau& tableau, const Field& field, std::size_t capacity);

  /// @param slope f(t, y) where it is known, else null
  void advance(const StepStart& start, const double* slope = nullptr);

  const double* end() const { return end_.data(); }
  /// Calls of f in a step whose first slope is not known.
  int drift_stages() const;
  /// f of the last stage that was evaluated.
  const double* last_slope() const { return slope_.data(); }
  /// h f_j
  const double* increment(int j) const { return drift_[j].data(); }

  /// The estimated error (dim, m); zeros without an estimate.
  void estimate(double* error) const;
  /// The estimate, scaled, of each path; NaN without one.
  void scaled_errors(const StepStart& start, const Tolerance& tolerance, double* e);
  /// |f_j - f_i| / |z_j - z_i| of each path, NaN where it is 0 / 0.
  void stiffness(const StepStart& start, double* s);

  /// Value at the share theta of the step of one path, written to out[0], out[stride], ...
  void interpolate(const StepStart& start, std::size_t lane, double theta, double* out, std::size_t stride) const;

  // The reverse of the step that advance() did last. First begin(), then what there is of the others, at last finish().

  void begin_reverse(const double* end_bar);
  void reverse_interpolate(std::size_t lane, double theta, const double* out_bar, std::size_t stride);
  void reverse_error(const StepStart& start, const Tolerance& tolerance, const double* error, const double* error_bar);
  void reverse_stiffness(const StepStart& start, const double* stiffness, const double* stiffness_bar);
  /// @param y_bar (dim, m), written
  void finish_reverse(const StepStart& start, const VectorJacobian& drift, const VectorJacobian& diffusion,
                      double* y_bar, double* p_bar);

 private:
  using Block = std::vector<double>;

  /// A weighted sum of stages without its zeros.
  struct Terms {
    std::vector<double> weight;
    std::vector<const double*> term;

    /// out = start + sum; `out` may be `start`.
    void sum(std::size_t size, const double* start, double* out) const;
  };

  void noise_stage(const StepStart& start, int j);
  /// z_j
  const double* state(const StepStart& start, int j) const {
    return to_stage_[j].term.empty() ? start.y : z_[j].data();
  }
  void reverse_product(const double* out_bar, const double* v, double* g_bar) const;
  void stage_times(const StepStart& start, double share);
  Terms terms(const double* drift, const double* w, const double* area) const;  ///< over the blocks as they lie now
  void reverse_terms(const double* drift, const double* w, const double* area, const double* out_bar);

  Tableau tableau_;
  Field field_;
  std::size_t m_, size_;  ///< of the last step: paths; numbers of a state
  bool noisy_, drift_used_[Tableau::max_stages], noise_used_[Tableau::max_stages];
  Block times_, slope_, g_, end_, error_, product_;
  std::vector<Block> z_, drift_, w_, area_;  ///< of each stage: z, h f, g W, g H
  std::vector<Terms> to_stage_;
  Terms to_end_, to_error_;
  Block start_bar_, end_bar_;
  std::vector<Block> z_bar_, drift_bar_, w_bar_, area_bar_;
};

}  // namespace trimtab::sde
