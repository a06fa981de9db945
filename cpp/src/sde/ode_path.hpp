#pragma once

#include <trimtab/sde/ode.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace trimtab::sde {

/// The interpolant of a step: y(t) = sum_p c_p theta^p, theta = (t - start) / h, coefficients (5, dim).
struct OdePiece {
  double start, end, h;
  std::vector<double> coefficients;

  void evaluate(double t, double* y) const {
    const std::size_t dim = coefficients.size() / 5;
    const double theta = (t - start) / h;
    for (std::size_t i = 0; i < dim; ++i) {
      double sum = coefficients[4 * dim + i];
      for (std::size_t p = 4; p-- > 0;) sum = coefficients[p * dim + i] + theta * sum;
      y[i] = sum;
    }
  }
};

/// What is kept of one path.
struct OdePath {
  struct Points {
    std::vector<double> t, y;

    void add(double time, const double* state, std::size_t dim) {
      t.push_back(time);
      y.insert(y.end(), state, state + dim);
    }
  };

  OdeStatus status = OdeStatus::stopped;
  double t = 0;
  std::int64_t evaluations = 0;
  Points saved;
  std::vector<OdeStep> steps;
  std::vector<double> ends, coefficients;
  std::vector<Points> events;
};

class OdePaths {
 public:
  std::size_t dim = 0;
  std::vector<OdePath> path;
};

}  // namespace trimtab::sde
