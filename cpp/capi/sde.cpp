#include "options.hpp"
#include "status.hpp"

#include <trimtab/core/rng.hpp>
#include <trimtab/sde/brownian.hpp>

#include <span>
#include <string>

using namespace trimtab;

namespace {

/// Numbers from 0 on, as unsigned ones; negative ones become too large for any limit.
std::span<const std::uint64_t> numbers(const int64_t* values, std::size_t n) {
  return {reinterpret_cast<const std::uint64_t*>(values), n};
}

}  // namespace

extern "C" {

trimtab_status trimtab_brownian_increment(uint64_t seed, double t0, double t1, int levy, int depth, int64_t n,
                                          const double* s, const double* t, const int64_t* path, const int64_t* dim,
                                          double* w, double* h, double* k) {
  return capi::guarded([&] {
    capi::require("s", s), capi::require("t", t), capi::require("path", path), capi::require("dim", dim);
    if (n < 0) reject("n", "0 or more", std::to_string(n));
    const auto count = static_cast<std::size_t>(n);
    const sde::BrownianTree tree(seed, t0, t1, std::size_t{rng::max_dim} + 1, static_cast<sde::Levy>(levy), depth);
    sde::scattered_increments<double>(tree, numbers(path, count), numbers(dim, count), {s, count}, {t, count},
                                      {w, h, k}, 0);
  });
}
}
