#include "zeta.hpp"

namespace trimtab::fractional {

std::vector<Extended> zetas(Extended x, std::size_t count) {
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
  Extended powers[direct + 1];  // l^-s
  for (int l = 2; l <= direct; ++l) powers[l] = power(Extended(l), -1 - x);
  std::vector<Extended> values(count);
  for (std::size_t i = 0; i < count; ++i, x += 1) {
    const Extended s = 1 + x, first = powers[direct];  // of the rest
    Extended rest = 0, c = s * first / direct;
    for (int j = 0; j < 9; ++j) {
      rest += bernoulli[j] * c;
      c *= (s + 2 * j + 1) * (s + 2 * j + 2) / (direct * direct);
    }
    rest += first / 2 + first * direct / x;
    for (int l = direct - 1; l > 1; --l) rest += powers[l];
    values[i] = rest + 1;
    for (int l = 2; l <= direct; ++l) powers[l] /= l;
  }
  return values;
}

std::vector<Extended> alternating_zetas(Extended x, std::size_t count) {
  std::vector<Extended> values = zetas(x, count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] *= -std::expm1(-(x + static_cast<Extended>(i)) * std::numbers::ln2_v<Extended>);
  return values;
}

}  // namespace trimtab::fractional
