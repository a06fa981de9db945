#include "options.hpp"
#include "status.hpp"

#include <trimtab/fractional/solve.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>

using namespace trimtab;
using namespace trimtab::fractional;

struct trimtab_fractional {
  Riesz riesz;
  double diffusion, reaction;
  System system;
  std::optional<Factorization> factors;
};

namespace {

struct Words {
  RieszOptions riesz;
  double diffusion = 1, reaction = 0;
  Preconditioner preconditioner = Preconditioner::automatic;
};

Words parsed(const char* options) {
  Words w;
  capi::for_each_option(options, [&](const std::string& key, const std::string& value) {
    if (key == "kind") {
      w.riesz.kind = capi::named<Kind>(key, value, {"riesz", "caputo"});
    } else if (key == "preconditioner") {
      w.preconditioner =
          capi::named<Preconditioner>(key, value, {"auto", "tau", "padded_tau", "strang", "none", "dense"});
    } else if (key == "weight_left") {
      w.riesz.weight_left = capi::number(key, value);
    } else if (key == "weight_right") {
      w.riesz.weight_right = capi::number(key, value);
    } else if (key == "diffusion") {
      w.diffusion = capi::number(key, value);
    } else if (key == "reaction") {
      w.reaction = capi::number(key, value);
    } else if (key == "threads") {
      w.riesz.threads = static_cast<int>(capi::whole_number(key, value));
    } else {
      reject("options", "kind, weight_left, weight_right, diffusion, reaction, preconditioner or threads", key);
    }
  });
  return w;
}

std::span<const double> in(const trimtab_fractional* op, const double* v, int64_t count) {
  if (count < 1) reject("count", "an integer >= 1", static_cast<double>(count));
  return {v, static_cast<std::size_t>(op->riesz.size() * count)};
}
std::span<double> out(const trimtab_fractional* op, double* v, int64_t count) {
  return {v, static_cast<std::size_t>(op->riesz.size() * count)};
}

}  // namespace

extern "C" {

trimtab_status trimtab_fractional_create(int64_t n, int degree, double alpha, double a, double b, const char* options,
                                         trimtab_fractional** op) {
  return capi::guarded([&] {
    capi::require("op", op);
    Words w = parsed(options);
    w.riesz.degree = degree, w.riesz.alpha = alpha, w.riesz.a = a, w.riesz.b = b;
    const Riesz riesz(n, w.riesz);
    SystemOptions system{.diffusion = {&w.diffusion, 1}, .preconditioner = w.preconditioner};
    if (w.reaction != 0) system.reaction = {&w.reaction, 1};
    *op = new trimtab_fractional{riesz, w.diffusion, w.reaction, System(riesz, system), {}};
  });
}

void trimtab_fractional_destroy(trimtab_fractional* op) { delete op; }

int64_t trimtab_fractional_size(const trimtab_fractional* op) { return op ? op->riesz.size() : 0; }

trimtab_status trimtab_fractional_points(const trimtab_fractional* op, double* x) {
  return capi::guarded([&] {
    capi::require("op", op), capi::require("x", x);
    op->riesz.points(out(op, x, 1));
  });
}

trimtab_status trimtab_fractional_apply(const trimtab_fractional* op, int64_t count, const double* u, double* f) {
  return capi::guarded([&] {
    capi::require("op", op), capi::require("u", u), capi::require("f", f);
    op->system.apply(in(op, u, count), out(op, f, count));
  });
}

trimtab_status trimtab_fractional_solve(const trimtab_fractional* op, int64_t count, const double* f, double* u,
                                        double rtol, int max_iterations, trimtab_fractional_report* report) {
  return capi::guarded([&] {
    capi::require("op", op), capi::require("f", f), capi::require("u", u);
    const Report r =
        op->system.solve(in(op, f, count), out(op, u, count), {.rtol = rtol, .max_iterations = max_iterations});
    if (report) *report = {static_cast<int>(r.status), r.iterations, r.error, r.seconds};
  });
}

trimtab_status trimtab_fractional_factorize(trimtab_fractional* op) {
  return capi::guarded([&] {
    capi::require("op", op);
    op->factors.emplace(op->riesz, op->diffusion, op->reaction);
  });
}

trimtab_status trimtab_fractional_solve_factorized(const trimtab_fractional* op, int64_t count, const double* f,
                                                   double* u) {
  return capi::guarded([&] {
    capi::require("op", op), capi::require("f", f), capi::require("u", u);
    if (!op->factors) reject("op", "an operator after trimtab_fractional_factorize()", "one without factors");
    op->factors->solve(in(op, f, count), out(op, u, count));
  });
}

trimtab_status trimtab_fractional_evaluate(const trimtab_fractional* op, const double* u, int64_t count,
                                           const double* x, int derivative, double* values) {
  return capi::guarded([&] {
    capi::require("op", op), capi::require("u", u), capi::require("x", x), capi::require("values", values);
    if (count < 0) reject("count", "an integer >= 0", static_cast<double>(count));
    const auto points = static_cast<std::size_t>(count);
    op->riesz.evaluate(in(op, u, 1), {x, points}, derivative, {values, points});
  });
}
}
