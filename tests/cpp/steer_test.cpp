#include "check.hpp"

#include <trimtab/steer/decisions.hpp>
#include <trimtab/steer/step_control.hpp>

#include <string>

using namespace trimtab::steer;

namespace {

void a_full_log_keeps_every_second_record() {
  Decisions log({"round", "value"}, 8);
  for (int i = 0; i < 100; ++i) {
    log.record({static_cast<double>(i), 2.0 * i});
    CHECK(log.size() <= 8);
    for (std::size_t r = 0; r < log.size(); ++r) {
      CHECK(log.rows()[2 * r] == static_cast<double>(r) * static_cast<double>(log.stride()));
      CHECK(log.rows()[2 * r + 1] == 2 * log.rows()[2 * r]);
    }
  }
  CHECK(log.recorded() == 100 && log.stride() == 16 && log.size() == 7);
}

void a_restored_log_goes_on_alike() {
  Decisions straight({"round"}, 8), first({"round"}, 8), second({"round"}, 8);
  for (int i = 0; i < 50; ++i) straight.record({static_cast<double>(i)});
  for (int i = 0; i < 21; ++i) first.record({static_cast<double>(i)});
  second.restore(first.rows(), first.recorded(), first.stride());
  for (int i = 21; i < 50; ++i) second.record({static_cast<double>(i)});
  CHECK(second.size() == straight.size() && second.stride() == straight.stride());
  for (std::size_t i = 0; i < straight.size(); ++i) CHECK(second.rows()[i] == straight.rows()[i]);
}

void wrong_rows_are_named() {
  Decisions log({"a", "b"});
  CHECK_THROWS(log.record({1}), std::invalid_argument, "row: expected one number per column, got 1 for 2");
  const double three[3] = {1, 2, 3};
  CHECK_THROWS(log.restore(three, 3, 1), std::invalid_argument, "rows");
  CHECK_THROWS(Decisions({}), std::invalid_argument, "columns");
}

void first_steps_are_short() {
  CflControl control(0.5);
  for (int i = 0; i < 5; ++i) {
    CHECK_NEAR(control.suggest(10), 0.01, 1e-17);
    control.observe();
  }
  CHECK_NEAR(control.suggest(10), 0.05, 1e-17);
  CHECK_THROWS(CflControl(0), std::invalid_argument, "cfl");
  CHECK_THROWS(CflControl(1.1), std::invalid_argument, "cfl");
}

}  // namespace

int main() {
  a_full_log_keeps_every_second_record();
  a_restored_log_goes_on_alike();
  wrong_rows_are_named();
  first_steps_are_short();
}
