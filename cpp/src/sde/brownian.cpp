#include "arguments.hpp"

#include <cmath>
#include <string>

namespace trimtab::sde {
BrownianTree::BrownianTree(std::uint64_t seed, double t0, double t1, std::size_t dim, Levy levy, int depth)
    : seed_(seed), t0_(t0), t1_(t1), dim_(dim), levy_(levy), depth_(depth) {
  if (!std::isfinite(t0)) reject("t0", "a finite time", t0);
  if (!(t0 < t1 && std::isfinite(t1 - t0))) reject("t1", "a finite time after t0 = " + text(t0), text(t1));
  if (dim < 1 || dim > std::size_t{rng::max_dim} + 1) reject("dim", "1 ... 16777216", std::to_string(dim));
  if (levy < Levy::W || levy > Levy::K) reject("levy", "W, H or K", static_cast<int>(levy));
  if (depth < 1 || depth > 52) reject("depth", "1 ... 52", depth);
}

std::uint64_t BrownianTree::tick(double t, const char* name) const {
  if (!(t >= t0_ && t <= t1_)) reject(name, "a time in [" + text(t0_) + ", " + text(t1_) + "]", text(t));
  const double ticks = (t - t0_) / (t1_ - t0_) * 0x1p52;
  return static_cast<std::uint64_t>(ticks + 0x1p52) - n_ticks;  // adding 2^52 rounds to an integer, ties to even
}

}  // namespace trimtab::sde
