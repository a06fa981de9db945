#include "bindings.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/rng.hpp>

#include <cstdint>
#include <span>

namespace trimtab::py {
namespace {

using Array = pb::array_t<double, pb::array::c_style>;

/// Binds fill_normals or fill_uniforms: out has shape (n_paths, n_dims, n).
void bind_fill(pb::module_& m, const char* name, void (*fill)(const rng::Draw&, std::span<double>, int)) {
  m.def(
      name,
      [fill](std::uint64_t seed, std::uint64_t node, std::uint32_t kind, std::uint64_t path, std::uint32_t dim,
             Array out, int threads) {
        if (out.ndim() != 3) reject("out", "three dimensions (paths, dims, n)", out.ndim());
        const auto shape = [&out](int axis) { return static_cast<std::size_t>(out.shape(axis)); };
        const rng::Draw draw{seed, node, kind, path, dim, shape(0), shape(1), shape(2)};
        const std::span<double> to(out.mutable_data(), static_cast<std::size_t>(out.size()));
        const pb::gil_scoped_release unlocked;
        fill(draw, to, threads);
      },
      pb::arg("seed"), pb::arg("node"), pb::arg("kind"), pb::arg("path"), pb::arg("dim"), pb::arg("out").noconvert(),
      pb::arg("threads"));
}

}  // namespace

void bind_rng(pb::module_ m) {
  bind_fill(m, "fill_normals", &rng::fill_normals);
  bind_fill(m, "fill_uniforms", &rng::fill_uniforms);
  m.def(
      "philox",
      [](std::uint64_t c0, std::uint64_t c1, std::uint64_t c2, std::uint64_t c3, std::uint64_t seed) {
        const auto words = rng::philox(rng::Block<std::uint64_t>{c0, c1, c2, c3}, seed);
        return pb::make_tuple(words[0], words[1], words[2], words[3]);
      },
      pb::arg("c0"), pb::arg("c1"), pb::arg("c2"), pb::arg("c3"), pb::arg("seed"));
}

}  // namespace trimtab::py
