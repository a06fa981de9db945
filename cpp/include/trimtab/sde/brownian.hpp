#pragma once

#include <trimtab/core/export.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

/// @file brownian.hpp
/// Brownian paths that can be asked anywhere, any number of times, in any order: a virtual binary tree of increments.
///
/// An increment over [s, u], h = u - s, is W = W_u - W_s, and where asked for its time integrals
///
///     H = 1/h   int_s^u (W_r - W_s - (r - s)/h W) dr               ~ N(0, h / 12)
///     K = 1/h^2 int_s^u (W_r - W_s - (r - s)/h W)(h/2 - (r - s)) dr  ~ N(0, h / 720)
///
/// independent of each other. The same tree gives the same bits for any order of questions, chunks, threads and
/// instruction set. Real = float is a tree of its own: other normals, another path (see legendre.hpp).
///
/// Foster, Lyons, Oberhauser, An optimal polynomial approximation of Brownian motion (SIAM J. Numer. Anal. 58, 2020);
/// Jelincic, Tao, Turner, Cass, Foster, Ni, Generative modelling of Levy area (2023) for the tree with H.

namespace trimtab::sde {

/// How many coordinates an increment has: W alone, W and H, or W, H and K. Each is a tree of its own, another path.
enum class Levy { W = 1, H = 2, K = 3 };

/// Ticks from t0 to t1. Node k of level L covers the ticks [k, k + 1) 2^(52 - L).
inline constexpr std::uint64_t n_ticks = std::uint64_t{1} << 52;

/// The laws of all paths, as a value: every call takes it whole, none changes it.
class TRIMTAB_API BrownianTree {
 public:
  /// @param dim   components of the noise, 1 ... 2^24
  /// @param depth levels, 1 ... 52. With 52 every tick is exact. With fewer, one normal splits a leaf at any tick, and
  /// a
  ///              call that cuts one leaf twice is refused.
  /// @throws std::invalid_argument unless t0 < t1 are finite, and for a dim, levy or depth out of range
  BrownianTree(std::uint64_t seed, double t0, double t1, std::size_t dim = 1, Levy levy = Levy::W, int depth = 52);

  std::uint64_t seed() const { return seed_; }
  double t0() const { return t0_; }
  double t1() const { return t1_; }
  std::size_t dim() const { return dim_; }
  Levy levy() const { return levy_; }
  int depth() const { return depth_; }

  /// Nearest tick of a time.
  /// @param name  of the time, for the error
  /// @throws std::invalid_argument if t is NaN or outside [t0, t1]
  std::uint64_t tick(double t, const char* name = "t") const;

  /// Time of a tick up to n_ticks.
  double time(std::uint64_t tick) const { return t0_ + length(tick); }

  /// Length in time of so many ticks.
  double length(std::uint64_t ticks) const { return (t1_ - t0_) * (static_cast<double>(ticks) * 0x1p-52); }

 private:
  std::uint64_t seed_;
  double t0_, t1_;
  std::size_t dim_;
  Levy levy_;
  int depth_;
};

/// Sample paths: `count` of them from `first` on, or those of a list. Numbers are below 2^40; one may stand twice.
struct Paths {
  std::uint64_t first = 0;
  std::size_t count = 1;
  const std::uint64_t* list = nullptr;  ///< count numbers, instead of first

  std::uint64_t operator[](std::size_t i) const { return list ? list[i] : first + i; }
};

/// Where increments go; null for what is not wanted. A tree without H or K refuses a place for it.
template <class Real>
struct Increments {
  Real *w = nullptr, *h = nullptr, *k = nullptr;
};

template <class Real>
struct CursorState;

/// A reader of one chunk of paths, its lanes. It remembers on each lane the last node that was split and both halves of
/// all its ancestors, so going on from there costs one split for a neighbor, and never more than the depth: once for a
/// node, twice for an increment between any ticks. Memory: 2 (depth + 1) levy dim numbers a lane, allocated once.
///
/// Outputs are (dim, m), row-major, m the number of lanes asked. A cursor serves one thread at a time.
template <class Real>
class TRIMTAB_API BrownianCursor {
 public:
  /// @throws std::invalid_argument for a path beyond 2^40 - 1
  BrownianCursor(const BrownianTree& tree, const Paths& paths);
  ~BrownianCursor();
  BrownianCursor(BrownianCursor&&) noexcept;
  BrownianCursor& operator=(BrownianCursor&&) noexcept;

  std::size_t size() const;  ///< lanes

  /// Increment over node `index` of `level`, on all lanes.
  /// @throws std::invalid_argument unless level <= depth and index < 2^level
  void node(int level, std::uint64_t index, const Increments<Real>& out);

  /// Increment over node (levels[i], indices[i]) on lane lanes[i]. Each lane stands there once at most.
  void nodes(std::span<const std::uint32_t> lanes, std::span<const int> levels, std::span<const std::uint64_t> indices,
             const Increments<Real>& out);

  /// Increment over the ticks [from, to] on all lanes; zeros if they are equal.
  /// @throws std::invalid_argument unless from <= to <= n_ticks, or if both lie inside one leaf
  void increment(std::uint64_t from, std::uint64_t to, const Increments<Real>& out);

  /// Increment over [from[i], to[i]] on lane lanes[i]. Each lane stands there once at most.
  void increments(std::span<const std::uint32_t> lanes, std::span<const std::uint64_t> from,
                  std::span<const std::uint64_t> to, const Increments<Real>& out);

  /// Splits made so far, counted on each lane and component.
  std::uint64_t splits() const;

 private:
  std::unique_ptr<CursorState<Real>> state_;
};

/// Increments over [s[i], t[i]] in time for all paths; out (s.size(), paths.count, dim), row-major.
/// @param threads as resolve_threads() takes it
/// @throws std::invalid_argument for times that are NaN, outside [t0, t1] or in falling order, and if the times of the
///         call cut one leaf twice
template <class Real>
void increments(const BrownianTree& tree, const Paths& paths, std::span<const double> s, std::span<const double> t,
                const Increments<Real>& out, int threads = 1);

/// Increments over one node for all paths; out (paths.count, dim).
template <class Real>
void node(const BrownianTree& tree, int level, std::uint64_t index, const Paths& paths, const Increments<Real>& out,
          int threads = 1);

/// Increments over all nodes of a level for all paths; out (2^level, paths.count, dim). 2^level - 1 splits a path.
template <class Real>
void grid(const BrownianTree& tree, int level, const Paths& paths, const Increments<Real>& out, int threads = 1);

/// Increments over [s[i], t[i]] of path paths[i] and component dims[i]; out (s.size()).
template <class Real>
void scattered_increments(const BrownianTree& tree, std::span<const std::uint64_t> paths,
                          std::span<const std::uint64_t> dims, std::span<const double> s, std::span<const double> t,
                          const Increments<Real>& out, int threads = 1);

}  // namespace trimtab::sde
