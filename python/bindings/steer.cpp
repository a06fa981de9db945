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
  pb::class_<LedgerOptions>(m, "LedgerOptions")
      .def(pb::init<>())
      .def_readwrite("alpha", &LedgerOptions::alpha)
      .def_readwrite("slack", &LedgerOptions::slack)
      .def_readwrite("cap", &LedgerOptions::cap);

  pb::class_<TunerOptions>(m, "TunerOptions")
      .def(pb::init<>())
      .def_readwrite("arms", &TunerOptions::arms)
      .def_property(
          "learner", [](const TunerOptions& o) { return static_cast<int>(o.learner); },
          [](TunerOptions& o, int learner) {
            if (learner < 0 || learner > static_cast<int>(LearnerName::thompson))
              reject("learner", "an index from 0 to 4", learner);
            o.learner = static_cast<LearnerName>(learner);
          })
      .def_readwrite("seed", &TunerOptions::seed)
      .def_readwrite("context_dim", &TunerOptions::context_dim)
      .def_readwrite("context_lower", &TunerOptions::context_lower)
      .def_readwrite("context_upper", &TunerOptions::context_upper)
      .def_readwrite("bins", &TunerOptions::bins)
      .def_readwrite("degree", &TunerOptions::degree)
      .def_readwrite("positions", &TunerOptions::positions)
      .def_readwrite("noise", &TunerOptions::noise)
      .def_readwrite("cost_cap", &TunerOptions::cost_cap)
      .def_readwrite("discount", &TunerOptions::discount)
      .def_readwrite("restart", &TunerOptions::restart)
      .def_readwrite("split_every", &TunerOptions::split_every)
      .def_readwrite("reference", &TunerOptions::reference)
      .def_readwrite("ledger", &TunerOptions::ledger);

  pb::class_<Tuner>(m, "Tuner")
      .def(pb::init<TunerOptions>(), pb::arg("options"))
      .def(
          "suggest",
          [](Tuner& tuner, const std::vector<double>& context, double uniform) {
            const Choice c = tuner.suggest(context, uniform);
            return pb::make_tuple(c.arm, c.probability, c.cap);
          },
          pb::arg("context"), pb::arg("uniform"))
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
             return pb::make_tuple(l.spent(), l.bound(t.round()), l.reference_mean(), l.reference_rounds(), l.cap());
           })
      .def("decisions",
           [](const Tuner& t) {
             const Decisions& d = t.decisions();
             const pb::ssize_t width = static_cast<pb::ssize_t>(d.columns().size());
             pb::array_t<double> rows({static_cast<pb::ssize_t>(d.size()), width});
             std::copy(d.rows().begin(), d.rows().end(), rows.mutable_data());
             return pb::make_tuple(d.columns(), rows, d.recorded(), d.stride());
           })
      .def("state", [](const Tuner& t) { return to_array<double>(t.state()); })
      .def(
          "restore",
          [](Tuner& tuner, const Array& state, const Array& rows, std::int64_t recorded, std::int64_t stride) {
            tuner.restore(span(state));
            tuner.decisions().restore(span(rows), recorded, stride);
          },
          pb::arg("state"), pb::arg("rows"), pb::arg("recorded"), pb::arg("stride"))
      .def(
          "replay",
          [](Tuner& tuner, const Array& costs, const Array& contexts) {
            if (costs.ndim() != 2) throw pb::value_error("costs: expected two dimensions (rounds, arms)");
            pb::array_t<std::int64_t> chosen(costs.shape(0));
            const std::span<std::int64_t> to(chosen.mutable_data(), static_cast<std::size_t>(chosen.size()));
            const auto from = span(costs), seen = span(contexts);
            {
              const pb::gil_scoped_release unlocked;
              replay(tuner, from, seen, to);
            }
            return chosen;
          },
          pb::arg("costs"), pb::arg("contexts"));

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
