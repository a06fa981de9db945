#include "check.hpp"

#include <trimtab/steer/decisions.hpp>
#include <trimtab/steer/step_control.hpp>

#include <cmath>
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

void the_step_follows_the_law_of_proportion_and_integral() {
  PiControl control({.order = 5, .proportional = .2, .integral = .6});
  CHECK_NEAR(control.suggest(.5), .9 * std::pow(.5, -.16), 4e-15);
  control.observe(.25);
  CHECK_NEAR(control.suggest(.5), .9 * std::pow(.5, -.16) * std::pow(.25, .04), 4e-15);
  control.observe(3);  // rejected: not remembered
  control.observe(std::nan(""));
  CHECK(control.previous == .25);
  CHECK(control.suggest(0) == 2 && control.suggest(1e9) == .2 && control.suggest(std::nan("")) == .2);
  CHECK(control.suggest(HUGE_VAL) == .2);
  control.observe(0);
  CHECK(control.previous == 1e-10);
}

void a_rejected_step_shrinks() {
  const PiControl control({.order = 1.5, .safety = 1});
  CHECK(control.suggest(1) == .9 && control.suggest(1.0001) == .9);
  CHECK(control.suggest(std::nextafter(1., 0.)) > .99);
}

/// Steps of a method whose error is c h^q settle where e is what the safety factor asks for: e^(kI / q) = safety.
void the_steps_settle() {
  const double order = 3, c = 50;
  PiControl control({.order = order, .proportional = .1, .integral = .5});
  double h = 1e-3, error = 0;
  for (int i = 0; i < 200; ++i) {
    error = c * std::pow(h, order);
    h *= control.suggest(error);
    control.observe(error);
  }
  CHECK_NEAR(error, std::pow(.9, order / .5), 1e-12);
}

void wrong_gains_are_named() {
  CHECK_THROWS(PiControl({.order = 0}), std::invalid_argument, "order: expected a number > 0, got 0");
  CHECK_THROWS(PiControl({.proportional = -1}), std::invalid_argument, "proportional");
  CHECK_THROWS(PiControl({.integral = NAN}), std::invalid_argument, "integral");
  CHECK_THROWS(PiControl({.safety = 1.1}), std::invalid_argument, "safety");
  CHECK_THROWS(PiControl({.least = 0}), std::invalid_argument, "least");
  CHECK_THROWS(PiControl({.least = .95}), std::invalid_argument, "least");
  CHECK_THROWS(PiControl({.most = .5}), std::invalid_argument, "most");
  CHECK_THROWS(PiControl({.most_rejected = 1}), std::invalid_argument, "most_rejected");
}

}  // namespace

int main() {
  a_full_log_keeps_every_second_record();
  a_restored_log_goes_on_alike();
  wrong_rows_are_named();
  first_steps_are_short();
  the_step_follows_the_law_of_proportion_and_integral();
  a_rejected_step_shrinks();
  the_steps_settle();
  wrong_gains_are_named();
}
