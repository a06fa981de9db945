#include "every_header.hpp"

#include <cstdio>
#include <stdexcept>
#include <string>

int main() {
  const double sum = trimtab::parallel_reduce(
      100, 2, 0.0, [](std::size_t block) { return static_cast<double>(block); },
      [](double a, double b) { return a + b; });
  if (sum != 4950) return 1;
  try {  // exceptions cross the library's border with their type
    trimtab::set_threads(-1);
    return 2;
  } catch (const std::invalid_argument& e) {
    if (!std::string(e.what()).starts_with("threads: expected an integer")) return 3;
  }
  try {
    trimtab::parallel_for(4, 2, [](std::size_t) { throw trimtab::Failure("diverged"); });
    return 4;
  } catch (const trimtab::Failure& e) {
    if (e.what() != std::string("diverged")) return 5;
  }
  std::printf("%s %s\n", trimtab::version(), trimtab::isa_level());
}
