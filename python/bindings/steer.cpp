#include "bindings.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/steer/tuner.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace trimtab::py {
namespace {

using namespace steer;
using Array = pb::array_t<double, pb::array::c_style | pb::array::forcecast>;

std::span<const double> span(const Array& a) { return {a.data(), static_cast<std::size_t>(a.size())}; }

template <class T>
pb::array_t<T> to_array(std::span<const T> values) {
  return pb::array_t<T>(static_cast<pb::ssize_t>(values.size()), values.data());
}

}  // namespace

void bind_steer(pb::module_ m) {
  pb::class_<Tuner>(m, "Tuner")
      .def(pb::init([](std::size_t arms, int learner, std::uint64_t seed, const Array& context_lower,
                       const Array& context_upper, std::size_t bins, std::size_t degree, const Array& positions,
                       double noise, double cost_cap, double discount, double restart, std::size_t split_every,
                       std::int64_t reference, double alpha, double slack, double cap) {
             if (learner < 0 || learner > static_cast<int>(LearnerName::thompson))
               reject("learner", "an index from 0 to 4", learner);
             return Tuner({.arms = arms,
                           .learner = static_cast<LearnerName>(learner),
                           .seed = seed,
                           .context_lower = span(context_lower),
                           .context_upper = span(context_upper),
                           .bins = bins,
                           .degree = degree,
                           .positions = span(positions),
                           .noise = noise,
                           .cost_cap = cost_cap,
                           .discount = discount,
                           .restart = restart,
                           .split_every = split_every,
                           .reference = reference,
                           .ledger = {.alpha = alpha, .slack = slack, .cap = cap}});
           }),
           pb::arg("arms"), pb::arg("learner"), pb::arg("seed"), pb::arg("context_lower"), pb::arg("context_upper"),
           pb::arg("bins"), pb::arg("degree"), pb::arg("positions"), pb::arg("noise"), pb::arg("cost_cap"),
           pb::arg("discount"), pb::arg("restart"), pb::arg("split_every"), pb::arg("reference"), pb::arg("alpha"),
           pb::arg("slack"), pb::arg("cap"))
      .def(
          "suggest",
          [](Tuner& tuner, const std::vector<double>& context, double uniform, double size) {
            const Choice c = tuner.suggest(context, uniform, size);
            return pb::make_tuple(c.arm, c.probability, c.cap);
          },
          pb::arg("context"), pb::arg("uniform"), pb::arg("size"))
      .def("observe", &Tuner::observe, pb::arg("cost"))
      .def_property_readonly("round", &Tuner::round)
      .def_property_readonly("pending", &Tuner::pending)
      .def_property_readonly("restarts", &Tuner::restarts)
      .def_property_readonly("splits", &Tuner::splits)
      .def_property_readonly("reference", &Tuner::reference)
      .def("weights", [](const Tuner& tuner) { return to_array(tuner.weights()); })
      .def("last_split", [](const Tuner& t) { return pb::make_tuple(t.last_split().left, t.last_split().dropped); })
      .def("ledger",
           [](const Tuner& t) {
             const Ledger& l = t.ledger();
             return pb::make_tuple(l.spent(), l.baseline(), l.bound(), l.reference_rounds());
           })
      .def("decisions",
           [](const Tuner& t) {
             const Decisions& d = t.decisions();
             const pb::ssize_t width = static_cast<pb::ssize_t>(d.columns().size());
             pb::array_t<double> rows({static_cast<pb::ssize_t>(d.size()), width});
             std::copy(d.rows().begin(), d.rows().end(), rows.mutable_data());
             return pb::make_tuple(d.columns(), rows, d.recorded(), d.stride());
           })
      .def("state",
           [](const Tuner& t) {
             pb::array_t<double> state(static_cast<pb::ssize_t>(t.state_size()));
             t.save({state.mutable_data(), static_cast<std::size_t>(state.size())});
             return state;
           })
      .def(
          "restore",
          [](Tuner& tuner, const Array& state, const Array& rows, std::int64_t recorded, std::int64_t stride) {
            tuner.restore(span(state));
            tuner.decisions().restore(span(rows), recorded, stride);
          },
          pb::arg("state"), pb::arg("rows"), pb::arg("recorded"), pb::arg("stride"))
      .def(
          "replay",
          [](Tuner& tuner, const Array& costs, const Array& contexts, const Array& sizes) {
            if (costs.ndim() != 2) throw pb::value_error("costs: expected two dimensions (rounds, arms)");
            pb::array_t<std::int64_t> chosen(costs.shape(0));
            const std::span<std::int64_t> to(chosen.mutable_data(), static_cast<std::size_t>(chosen.size()));
            const auto from = span(costs), seen = span(contexts), in = span(sizes);
            {
              const pb::gil_scoped_release unlocked;
              tuner.replay(from, seen, in, to);
            }
            return chosen;
          },
          pb::arg("costs"), pb::arg("contexts"), pb::arg("sizes"));

  m.def(
      "tsallis_weights",
      [](const Array& losses, double eta) {
        pb::array_t<double> weights(losses.size());
        const double x =
            tsallis_weights(span(losses), eta, {weights.mutable_data(), static_cast<std::size_t>(weights.size())});
        return pb::make_tuple(weights, x);
      },
      pb::arg("losses"), pb::arg("eta"));
}

}  // namespace trimtab::py
