#include "arrays.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/sde/brownian.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace trimtab::py {
namespace {

using sde::BrownianTree;

/// Numbers of the paths that an array lists.
sde::Paths listed(const Contiguous<std::uint64_t>& paths) {
  return {.first = 0, .count = static_cast<std::size_t>(paths.size()), .list = paths.data()};
}

/// The places in `out`, a list of one array for each coordinate that is wanted.
template <class Real>
sde::Increments<Real> places(std::vector<Contiguous<Real>>& out, std::size_t size) {
  for (auto& a : out)
    if (static_cast<std::size_t>(a.size()) != size)
      reject("out", "arrays of " + std::to_string(size) + " numbers", std::to_string(a.size()));
  const auto place = [&out](std::size_t j) { return j < out.size() ? out[j].mutable_data() : nullptr; };
  return {place(0), place(1), place(2)};
}

template <class Real>
void bind_questions(pb::module_& m) {
  m.def(
      "increments",
      [](const BrownianTree& tree, const Contiguous<std::uint64_t>& paths, const Contiguous<double>& s,
         const Contiguous<double>& t, std::vector<Contiguous<Real>> out, int threads) {
        const sde::Paths lanes = listed(paths);
        const auto to = places(out, static_cast<std::size_t>(s.size()) * lanes.count * tree.dim());
        const auto from_times = view(s), to_times = view(t);
        const pb::gil_scoped_release unlocked;
        sde::increments<Real>(tree, lanes, from_times, to_times, to, threads);
      },
      pb::arg("tree"), pb::arg("paths"), pb::arg("s"), pb::arg("t"), pb::arg("out").noconvert(), pb::arg("threads"));
  m.def(
      "node",
      [](const BrownianTree& tree, int level, std::uint64_t index, const Contiguous<std::uint64_t>& paths,
         std::vector<Contiguous<Real>> out, int threads) {
        const sde::Paths lanes = listed(paths);
        const auto to = places(out, lanes.count * tree.dim());
        const pb::gil_scoped_release unlocked;
        sde::node<Real>(tree, level, index, lanes, to, threads);
      },
      pb::arg("tree"), pb::arg("level"), pb::arg("index"), pb::arg("paths"), pb::arg("out").noconvert(),
      pb::arg("threads"));
  m.def(
      "grid",
      [](const BrownianTree& tree, int level, const Contiguous<std::uint64_t>& paths, std::vector<Contiguous<Real>> out,
         int threads) {
        const sde::Paths lanes = listed(paths);
        const auto to = places(out, (std::size_t{1} << level) * lanes.count * tree.dim());
        const pb::gil_scoped_release unlocked;
        sde::grid<Real>(tree, level, lanes, to, threads);
      },
      pb::arg("tree"), pb::arg("level"), pb::arg("paths"), pb::arg("out").noconvert(), pb::arg("threads"));
}

}  // namespace

void bind_sde(pb::module_ m) {
  pb::class_<BrownianTree>(m, "BrownianTree")
      .def(pb::init([](std::uint64_t seed, double t0, double t1, std::size_t dim, int levy, int depth) {
             return BrownianTree(seed, t0, t1, dim, static_cast<sde::Levy>(levy), depth);
           }),
           pb::arg("seed"), pb::arg("t0"), pb::arg("t1"), pb::arg("dim"), pb::arg("levy"), pb::arg("depth"));
  bind_questions<double>(m);
  bind_questions<float>(m);
}

}  // namespace trimtab::py
