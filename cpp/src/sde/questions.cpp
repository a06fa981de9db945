#include "arguments.hpp"
#include "cursor_kernels.hpp"
#include "walk.hpp"

#include <trimtab/core/parallel.hpp>
#include <trimtab/sde/brownian.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

namespace trimtab::sde {
namespace {

constexpr std::size_t chunk_rows = 128;        // the two deepest levels of a chunk stay in the first cache
constexpr std::size_t block_questions = 4096;  // enough to forget the first descent

/// An increment over the ticks [from, to], whose answer goes to a place in the list of answers.
struct Question {
  std::uint64_t from, to;
  std::size_t place;
};

std::size_t blocks_of(std::size_t n, std::size_t size) { return (n + size - 1) / size; }

/// Answers of (lanes, dim) numbers on their way from a cursor, component by component, to the caller, path by path.
template <class Real>
class Tray {
 public:
  Tray(const Increments<Real>& out, std::size_t lanes, std::size_t dim)
      : out_{out.w, out.h, out.k}, lanes_(lanes), dim_(dim) {
    for (int j = 0; j < 3; ++j)
      if (out_[j]) numbers_[j].resize(lanes * dim);
  }

  Increments<Real> view() { return {place(0), place(1), place(2)}; }

  /// Lane l to the `dim` numbers from where(l) on.
  template <class Where>
  void serve(Where&& where) const {
    for (int j = 0; j < 3; ++j)
      if (out_[j])
        for (std::size_t lane = 0; lane < lanes_; ++lane)
          for (std::size_t d = 0; d < dim_; ++d) out_[j][where(lane) + d] = numbers_[j][d * lanes_ + lane];
  }

 private:
  Real* place(int j) { return out_[j] ? numbers_[j].data() : nullptr; }

  std::array<Real*, 3> out_;
  std::size_t lanes_, dim_;
  std::array<std::vector<Real>, 3> numbers_;
};

template <class Real>
Increments<Real> from_place(const Increments<Real>& out, std::size_t place) {
  const auto moved = [place](Real* p) { return p ? p + place : nullptr; };
  return {moved(out.w), moved(out.h), moved(out.k)};
}

/// Lanes are paths: one question after the other to a chunk of them.
template <class Real, class Ask>
void ask_chunk(const BrownianTree& tree, const Paths& paths, std::size_t first, std::size_t lanes, std::size_t begin,
               std::size_t end, Ask&& question, const Increments<Real>& out) {
  const Paths chunk{paths.first + first, lanes, paths.list ? paths.list + first : nullptr};
  BrownianCursor<Real> cursor(tree, chunk);
  Tray<Real> tray(out, lanes, tree.dim());
  for (std::size_t q = begin; q < end; ++q) {
    const auto [from, to, place] = question(q);
    if (tree.dim() == 1) {  // the caller's order is the cursor's
      cursor.increment(from, to, from_place(out, place * paths.count + first));
      continue;
    }
    cursor.increment(from, to, tray.view());
    tray.serve([&, row = place](std::size_t lane) { return (row * paths.count + first + lane) * tree.dim(); });
  }
}

/// Lanes are stretches of the list of questions, all to one path.
template <class Real, class Ask>
void ask_path(const BrownianTree& tree, const Paths& paths, std::size_t i, std::size_t begin, std::size_t end,
              Ask&& question, const Increments<Real>& out) {
  const std::size_t n = end - begin, stretch = std::max<std::size_t>(blocks_of(n, 64), std::min<std::size_t>(n, 16));
  const std::vector<std::uint64_t> path(blocks_of(n, stretch), paths[i]);
  BrownianCursor<Real> cursor(tree, {.count = path.size(), .list = path.data()});
  std::vector<std::uint32_t> lanes(path.size());
  std::vector<std::uint64_t> from(lanes.size()), to(lanes.size());
  std::vector<std::size_t> place(lanes.size());
  std::iota(lanes.begin(), lanes.end(), 0u);
  Tray<Real> tray(out, lanes.size(), tree.dim());
  for (std::size_t step = 0; step < stretch; ++step) {
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      const Question q = question(std::min(begin + lane * stretch + step, end - 1));
      from[lane] = q.from, to[lane] = q.to, place[lane] = q.place;
    }
    cursor.increments(lanes, from, to, tray.view());
    tray.serve([&](std::size_t lane) { return (place[lane] * paths.count + i) * tree.dim(); });
  }
}

/// Answers questions 0 ... n - 1 for all paths.
template <class Real, class Ask>
void ask(const BrownianTree& tree, const Paths& paths, std::size_t n, Ask&& question, const Increments<Real>& out,
         int threads) {
  check_paths(paths);
  outputs(tree, out);
  const std::size_t blocks = blocks_of(n, block_questions);
  const auto end = [n](std::size_t block) { return std::min(n, (block + 1) * block_questions); };
  if (n > 1 && paths.count * tree.dim() < 16) {
    parallel_for(paths.count * blocks, resolve_threads(threads), [&](std::size_t task) {
      const std::size_t block = task % blocks;
      ask_path(tree, paths, task / blocks, block * block_questions, end(block), question, out);
    });
  } else {
    const std::size_t size = std::max<std::size_t>(1, chunk_rows / tree.dim());
    parallel_for(blocks_of(paths.count, size) * blocks, resolve_threads(threads), [&](std::size_t task) {
      const std::size_t first = task / blocks * size, block = task % blocks;
      ask_chunk(tree, paths, first, std::min(size, paths.count - first), block * block_questions, end(block), question,
                out);
    });
  }
}

/// Questions to the intervals [s[i], t[i]].
std::vector<Question> questions_of(const BrownianTree& tree, std::span<const double> s, std::span<const double> t) {
  if (s.size() != t.size()) reject("t", std::to_string(s.size()) + " times, as s", std::to_string(t.size()));
  std::vector<Question> questions(s.size());
  for (std::size_t i = 0; i < s.size(); ++i) {
    questions[i] = {tree.tick(s[i], "s"), tree.tick(t[i], "t"), i};
    if (s[i] > t[i]) reject("t", "a time not before s = " + text(s[i]), text(t[i]));
  }
  return questions;
}

/// Each leaf has one normal for one cut: a call with two cuts in a leaf would get numbers of a wrong joint law.
/// @param key  of a question: questions with different keys are independent
template <class Key>
void check_cuts(const BrownianTree& tree, const std::vector<Question>& questions, Key&& key) {
  if (tree.depth() == 52) return;
  std::vector<std::array<std::uint64_t, 3>> cuts;
  for (const Question& q : questions)
    for (const std::uint64_t tick : {q.from, q.to})
      if (border_level(tick) > tree.depth() && q.from != q.to) cuts.push_back({key(q.place)[0], key(q.place)[1], tick});
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  for (std::size_t i = 1; i < cuts.size(); ++i)
    if (cuts[i][0] == cuts[i - 1][0] && cuts[i][1] == cuts[i - 1][1] &&
        common_level(cuts[i][2], cuts[i - 1][2]) >= tree.depth())
      refuse_two_cuts(cuts[i - 1][2], cuts[i][2], tree.depth());
}

}  // namespace

template <class Real>
void increments(const BrownianTree& tree, const Paths& paths, std::span<const double> s, std::span<const double> t,
                const Increments<Real>& out, int threads) {
  std::vector<Question> questions = questions_of(tree, s, t);
  check_cuts(tree, questions, [](std::size_t) { return std::array<std::uint64_t, 2>{}; });
  // in growing order the cursors have the shortest ways
  std::sort(questions.begin(), questions.end(),
            [](const Question& a, const Question& b) { return std::tie(a.from, a.to) < std::tie(b.from, b.to); });
  ask(tree, paths, questions.size(), [&](std::size_t q) { return questions[q]; }, out, threads);
}

template <class Real>
void node(const BrownianTree& tree, int level, std::uint64_t index, const Paths& paths, const Increments<Real>& out,
          int threads) {
  check_node(tree, level, index);
  const std::uint64_t width = width_of(level);
  ask(tree, paths, 1, [&](std::size_t) { return Question{index * width, (index + 1) * width, 0}; }, out, threads);
}

template <class Real>
void grid(const BrownianTree& tree, int level, const Paths& paths, const Increments<Real>& out, int threads) {
  check_node(tree, level, 0);
  const std::uint64_t width = width_of(level);
  ask(
      tree, paths, std::size_t{1} << level, [&](std::size_t q) { return Question{q * width, (q + 1) * width, q}; }, out,
      threads);
}

template <class Real>
void scattered_increments(const BrownianTree& tree, std::span<const std::uint64_t> paths,
                          std::span<const std::uint64_t> dims, std::span<const double> s, std::span<const double> t,
                          const Increments<Real>& out, int threads) {
  const std::vector<Question> questions = questions_of(tree, s, t);
  const std::size_t n = questions.size();
  if (paths.size() != n) reject("paths", std::to_string(n) + " numbers, as s", std::to_string(paths.size()));
  if (dims.size() != n) reject("dims", std::to_string(n) + " numbers, as s", std::to_string(dims.size()));
  for (std::size_t i = 0; i < n; ++i) {
    check_path(paths[i]);
    if (dims[i] >= tree.dim()) reject("dims", "below " + std::to_string(tree.dim()), std::to_string(dims[i]));
  }
  check_cuts(tree, questions, [&](std::size_t i) { return std::array<std::uint64_t, 2>{paths[i], dims[i]}; });
  outputs(tree, out);
  parallel_for(blocks_of(n, chunk_rows), resolve_threads(threads), [&](std::size_t block) {
    const std::size_t begin = block * chunk_rows, size = std::min(chunk_rows, n - begin);
    const auto cursor = make_cursor<Real>(tree, paths.subspan(begin, size), dims.subspan(begin, size));
    std::vector<std::size_t> rows(size);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::vector<std::uint64_t> from, to;
    std::vector<Scales> scales;
    for (std::size_t i = begin; i < begin + size; ++i) {
      from.push_back(questions[i].from);
      to.push_back(questions[i].to);
      scales.emplace_back(tree.length(questions[i].to - questions[i].from));
    }
    cursor->increments(rows, from, to, scales, outputs(tree, from_place(out, begin)));
  });
}

#define TRIMTAB_INSTANTIATE_BROWNIAN(Real)                                                                             \
  template TRIMTAB_API void increments(const BrownianTree&, const Paths&, std::span<const double>,                     \
                                       std::span<const double>, const Increments<Real>&, int);                         \
  template TRIMTAB_API void node(const BrownianTree&, int, std::uint64_t, const Paths&, const Increments<Real>&, int); \
  template TRIMTAB_API void grid(const BrownianTree&, int, const Paths&, const Increments<Real>&, int);                \
  template TRIMTAB_API void scattered_increments(const BrownianTree&, std::span<const std::uint64_t>,                  \
                                                 std::span<const std::uint64_t>, std::span<const double>,              \
                                                 std::span<const double>, const Increments<Real>&, int);
TRIMTAB_INSTANTIATE_BROWNIAN(float)
TRIMTAB_INSTANTIATE_BROWNIAN(double)

}  // namespace trimtab::sde
