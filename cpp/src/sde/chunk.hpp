#pragma once

#include "stepper.hpp"
#include "stepping.hpp"

#include <functional>

/// @file chunk.hpp
/// Paths that go together: all that are still on their way try a step at a time, each its own.

namespace trimtab::sde {

/// What all chunks of a solve share.
struct Problem {
  std::function<std::unique_ptr<Stepper>(std::size_t capacity)> make_stepper;
  std::size_t dim, noise_dim;
  Levy levy;
  double order;  ///< of the error of a step in its length
  bool estimates;
  const BrownianTree& tree;
  const SolveOptions& options;
  std::vector<std::uint64_t> save_ticks;
  std::uint64_t event_ticks;
  std::function<bool(std::size_t chunk, double fraction)> stops;
};

/// Components of many paths; m of them are in use.
using Rows = std::vector<double>;

class Chunk {
 public:
  /// Paths first ... first + count - 1 of `paths`, and of the start and the answer.
  Chunk(const Problem& problem, const Paths& paths, std::size_t first, std::size_t count, const Start& start,
        const Answer& answer, std::vector<StepRecord>* log);

  /// @param number  of the chunk, for Problem::stops
  Totals run(std::size_t number);

 private:
  /// Steps to take: from tick to tick on lanes of the cursor.
  struct Spans {
    std::vector<std::uint32_t> lanes;
    std::vector<std::uint64_t> from, to;
    std::size_t size() const { return lanes.size(); }
  };
  struct Result {
    double *y1, *error = nullptr, *stiffness = nullptr;
  };

  std::size_t m() const { return lanes_.size(); }
  const SolveOptions& options() const { return problem_.options; }

  void attempt();
  void step(const Spans& spans, const double* y, const Result& result);
  void increments(const Spans& spans, bool alike);
  void judge();
  void save();
  void write(std::size_t i, const double* y, std::size_t column, std::size_t n_columns);
  void write_inside();
  void finish(std::size_t i, Status status, const double* y);
  void drop_finished();
  bool crosses(std::size_t i) const;

  const Problem& problem_;
  Paths paths_;
  std::size_t first_, count_;
  Answer answer_;
  std::vector<StepRecord>* log_;
  std::unique_ptr<Stepper> stepper_;
  std::unique_ptr<StepControl> control_;
  BrownianCursor<double> cursor_;
  std::size_t components_;  ///< of a state, with what it carries
  std::vector<double> atol_;

  // of the paths still on their way
  std::vector<Lane> lanes_;
  std::vector<std::size_t> saves_;        ///< number of the next save time,
  std::vector<std::uint64_t> next_save_;  ///< and its tick
  std::vector<std::int64_t> attempts_;
  Rows y_, event_;

  // of an attempt
  Spans spans_, partial_;
  std::vector<char> accepted_, finished_, halve_;
  std::vector<int> levels_;
  std::vector<std::uint64_t> indices_;
  Rows t_, h_, w_, area_h_, area_k_, y1_, error_, scaled_, stiffness_, middle_, event1_, partial_y_, partial_y1_;
  Totals totals_;
};

}  // namespace trimtab::sde
