#include "zeta.hpp"

namespace trimtab::fractional {

Extended zeta(Extended s) {
  constexpr int direct = 10;
  // Bernoulli numbers B_2j / (2j)!
  constexpr Extended bernoulli[] = {1.0L / 12,
                                    -1.0L / 720,
                                    1.0L / 30240,
                                    -1.0L / 1209600,
                                    1.0L / 47900160,
                                    -691.0L / 1307674368000,
                                    1.0L / 74724249600,
                                    -3617.0L / 10670622842880000,
                                    43867.0L / 5109094217170944000};
  Extended rest = 0;
  const Extended first = std::pow(Extended(direct), -s);  // the sum below stops before this term
  Extended c = s * first / direct;
  for (int j = 0; j < 9; ++j) {
    rest += bernoulli[j] * c;
    c *= (s + 2 * j + 1) * (s + 2 * j + 2) / (direct * direct);
  }
  rest += first / 2 + first * direct / (s - 1);
  const int last = s > 64 ? 2 : direct - 1;  // 3^-64 is nothing next to 1
  for (int l = last; l > 1; --l) rest += std::pow(Extended(l), -s);
  return rest + 1;
}

Extended alternating_zeta(Extended s) { return -std::expm1((1 - s) * std::numbers::ln2_v<Extended>) * zeta(s); }

}  // namespace trimtab::fractional
