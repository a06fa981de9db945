#pragma once

#include <trimtab/core/elementary.hpp>

#include <cmath>

/// @file langevin_coefficients.hpp
/// Integrals of the friction's exponential over a step, without cancellation for small x = gamma h.

namespace trimtab::sde {

namespace langevin {

/// sum of term(n) (-x)^n. 24 terms reach rounding for x < 2.
template <class TermOf>
inline double series(double x, TermOf&& term) {
  double sum = 0, power = 1;
  for (int n = 0; n < 24; ++n, power *= -x) sum += term(n) * power;
  return sum;
}

/// 1 / n!
inline double inverse_factorial(int n) {
  double f = 1;
  for (int i = 2; i <= n; ++i) f /= i;
  return f;
}

inline double p1(double x) {  ///< (1 - e^-x) / x
  if (x < 0.5) return series(x, [](int n) { return inverse_factorial(n + 1); });
  return (1 - exp(-x)) / x;
}
inline double p2(double x) {  ///< (e^-x - 1 + x) / x^2
  if (x < 0.5) return series(x, [](int n) { return inverse_factorial(n + 2); });
  return (exp(-x) - 1 + x) / (x * x);
}
inline double q1(double x) {  ///< 6 (e^-x (x + 2) + x - 2) / x^3
  if (x < 1) return series(x, [](int n) { return 6 * (n + 1) * inverse_factorial(n + 3); });
  return 6 * (exp(-x) * (x + 2) + x - 2) / (x * x * x);
}
inline double q2(double x) {  ///< 60 (e^-x (x (x + 6) + 12) - x (x - 6) - 12) / x^4
  if (x < 2) return series(x, [](int n) { return 60.0 * n * (n + 1) * inverse_factorial(n + 4); });
  return 60 * (exp(-x) * (x * (x + 6) + 12) - x * (x - 6) - 12) / (x * x * x * x);
}
inline double q_half(double x) {  ///< 6 (e^(-x/2) (x + 2) + x^2 / 4 - 2) / x^3
  if (x < 1) {
    return series(x, [half = 0.25](int n) mutable {
      const double term = 6 * half * inverse_factorial(n + 2) - 6 * half * inverse_factorial(n + 3);
      half *= 0.5;
      return term;
    });
  }
  return 6 * (exp(-x / 2) * (x + 2) + x * x / 4 - 2) / (x * x * x);
}

}  // namespace langevin

/// Of one component and one step length h. Indices half, l, r, third: over that part of the step.
struct LangevinCoefficients {
  static constexpr double l = 0.21132486540518711775, r = 0.78867513459481288225;  // 1/2 -+ sqrt(3)/6

  double h, gamma, u, rho;
  double e, e_half, e_l, e_r;           ///< decay of the velocity
  double a, a_half, a_l, a_r, a_third;  ///< way made by a velocity
  double b, b_half, b_l, b_r;           ///< way made by a steady force, over h
  double h_whole, k_whole, h_half;      ///< way made by H, K

  LangevinCoefficients(double h_, double gamma_, double u_)
      : h(h_), gamma(gamma_), u(u_), rho(std::sqrt(2 * gamma_ * u_)) {
    const double x = gamma * h;
    e = exp(-x);
    e_half = exp(-x / 2);
    e_l = exp(-l * x);
    e_r = exp(-r * x);
    const auto way = [&](double c) { return c * h * langevin::p1(c * x); };
    a = way(1);
    a_half = way(0.5);
    a_l = way(l);
    a_r = way(r);
    a_third = way(1.0 / 3);
    const auto forced = [&](double c) { return c * c * h * langevin::p2(c * x); };
    b = forced(1);
    b_half = forced(0.5);
    b_l = forced(l);
    b_r = forced(r);
    h_whole = h * langevin::q1(x);
    k_whole = h * langevin::q2(x);
    h_half = h * langevin::q_half(x);
  }
};

}  // namespace trimtab::sde
