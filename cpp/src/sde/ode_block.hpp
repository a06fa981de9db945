#pragma once

#include "explicit_step.hpp"
#include "ode_events.hpp"
#include "ode_path.hpp"

#include <trimtab/sde/ode.hpp>
#include <trimtab/steer/step_control.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace trimtab::sde {

/// Solves some paths in lockstep: one call of f serves a stage of all that still run.
class OdeBlock {
 public:
  /// @param first  number of the first path
  OdeBlock(const Function& f, std::size_t dim, double t0, double t1, const OdeOptions& options, std::size_t first,
           std::span<OdePath> paths, const double* y0);

  /// @param go_on  asked before each sweep with the share of the work that is done
  void run(const std::function<bool(double)>& go_on);

 private:
  /// Where one path stands.
  struct Lane {
    std::size_t path;  ///< in the block
    double length;     ///< wish for the next step, > 0
    steer::PiControl control;
    std::size_t next_saved = 0;
    bool after_rejection = false, ended = false;
  };

  std::size_t size() const { return lanes_.size(); }
  double least_length(double t) const;
  void first_lengths();
  void sweep();
  void choose_step(std::size_t lane);
  void judge(std::size_t lane);
  void accept(std::size_t lane);
  void reject_step(std::size_t lane);
  OdePiece piece(std::size_t lane) const;
  void save(Lane& lane, const OdePiece& piece, double until);
  void end(std::size_t lane, OdeStatus status);
  void drop_ended();
  double progress() const;

  Function f_;
  std::size_t dim_;
  double t0_, t1_, direction_;
  const OdeOptions& options_;
  std::size_t first_;
  std::span<OdePath> paths_;
  OdeEvents events_;
  std::optional<ExplicitStep> step_;
  std::vector<Lane> lanes_;
  std::vector<double> t_, h_, end_, y_, slope_, error_, stiffness_;  ///< (lanes) and (dim, lanes)
  std::vector<char> moved_;
};

}  // namespace trimtab::sde
