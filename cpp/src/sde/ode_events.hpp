#pragma once

#include "ode_path.hpp"

#include <trimtab/sde/ode.hpp>

#include <cstddef>
#include <vector>

namespace trimtab::sde {

/// Watches the signs of the events' values along the paths of one block.
class OdeEvents {
 public:
  OdeEvents(std::span<const OdeEvent> events, std::size_t dim) : events_(events), dim_(dim), zeros_(events.size()) {}

  bool empty() const { return events_.empty(); }

  /// Values at the starts of m paths, or at the ends of their steps.
  void start(const double* t, const double* y, std::size_t m) { evaluate(t, y, m, before_); }
  void arrive(const double* t, const double* y, std::size_t m) { evaluate(t, y, m, after_); }

  /// True if a value of this path has changed its sign over the step in a direction that is asked for.
  bool changed(std::size_t lane) const;

  /// Finds the zeros in the step of one path and adds them to it.
  /// @return true if one of them is terminal; then `end` is its time, and later zeros are left out
  bool find(std::size_t lane, const OdePiece& piece, OdePath& path, double& end);

  /// The step of this path was accepted: its end is where the next begins.
  void accept(std::size_t lane);
  /// Keeps the given lanes alone, in rising order.
  void keep(const std::vector<std::size_t>& lanes);

 private:
  using Values = std::vector<std::vector<double>>;  // of each event, of each lane

  void evaluate(const double* t, const double* y, std::size_t m, Values& out) const;
  bool crossed(std::size_t event, std::size_t lane) const;
  double value(std::size_t event, const OdePiece& piece, double t, double* y) const;
  double zero(std::size_t event, const OdePiece& piece, double at_start, double at_end) const;

  struct Zero {
    double t;
    std::size_t event;
  };

  std::span<const OdeEvent> events_;
  std::size_t dim_;
  Values before_, after_;
  std::vector<Zero> zeros_;
};

}  // namespace trimtab::sde
