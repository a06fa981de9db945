#include "check.hpp"

#include <trimtab/core/rng.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

using namespace trimtab;
using Word = std::uint64_t;

namespace {

/// Known answers of Random123; the same cases stand in tests/golden/rng.json.
void philox_gives_the_known_answers() {
  using B = rng::Block<Word>;
  const Word ones = 0xFFFFFFFF;
  CHECK(rng::philox(B{0, 0, 0, 0}, 0) == (B{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  CHECK(rng::philox(B{ones, ones, ones, ones}, ~Word{0}) == (B{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  CHECK(rng::philox(B{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822) ==
        (B{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

void normals_of_the_contract() {
  const rng::Draw draw{
      .seed = 12345, .node = (Word{1} << 40) + 17, .kind = 2, .path = (Word{1} << 33) + 5, .dim = 1000, .n = 4};
  std::vector<double> z(4);
  rng::fill_normals(draw, z);
  const double expected[] = {-2.04626954185964, -0.294128334922, -0.0275079247386414, 0.636268380790558};
  for (int i = 0; i < 4; ++i) CHECK_NEAR(z[i], expected[i], 1e-14);
}

/// Number of draws of a rectangle of addresses, batched and one by one, for shapes around the register widths.
void batches_repeat_the_one_block_functions() {
  for (std::size_t n_paths : {1, 2, 3, 5})
    for (std::size_t n_dims : {1, 3, 7, 8, 9, 15, 17})
      for (std::size_t n : {1, 2, 3, 4, 5}) {
        const rng::Draw draw{.seed = 0xDEADBEEF12345678,
                             .node = 1234567890123,
                             .kind = 200,
                             .path = 0xFFFFFFFE,  // crosses a 32-bit boundary
                             .dim = 0xABCDE,
                             .n_paths = n_paths,
                             .n_dims = n_dims,
                             .n = n};
        std::vector<double> z(n_paths * n_dims * n), u(z.size());
        rng::fill_normals(draw, z);
        rng::fill_uniforms(draw, u, 3);
        for (std::size_t i = 0; i < z.size(); ++i) {
          const Word path = draw.path + i / n / n_dims, dim = draw.dim + i / n % n_dims, kind = draw.kind + i % n / 2;
          const auto words = rng::philox(rng::counter<Word>(draw.node, kind, path, dim), draw.seed);
          const auto pair = rng::normals<double>(words), unit = rng::uniforms<double>(words);
          CHECK(z[i] == (i % n % 2 ? pair.second : pair.first));
          CHECK(u[i] == (i % n % 2 ? unit.second : unit.first));
        }
      }
}

void threads_do_not_matter() {
  const rng::Draw draw{.seed = 7, .n_paths = 123, .n_dims = 211, .n = 3};
  std::vector<double> one(123 * 211 * 3), many(one.size());
  rng::fill_normals(draw, one, 1);
  for (int threads : {2, 3, 8}) {
    rng::fill_normals(draw, many, threads);
    CHECK(one == many);
  }
}

/// Units in the last place of `exact`.
double ulps(double value, long double exact) {
  int exponent = 0;
  std::frexp(static_cast<double>(exact), &exponent);
  return static_cast<double>(std::fabs((value - exact) / std::ldexp(1.0L, exponent - 53)));
}

void logarithm_is_accurate() {
  double worst = 0;
  for (int i = 1; i <= 200'000; ++i) {
    const double u = i / 200'000.0, near_one = 1 - i * 0x1p-52, tiny = u * std::ldexp(1.0, -i % 1000);
    for (double x : {u, near_one, tiny, 1 / tiny})
      if (x != 1) worst = std::max(worst, ulps(trimtab::log(x), std::log(static_cast<long double>(x))));
  }
  CHECK(trimtab::log(1.0) == 0);
  CHECK(worst > 0.5 && worst < 1);
  std::printf("log: %.3f units in the last place\n", worst);
}

void sine_and_cosine_are_accurate() {
  const long double turn = 2 * std::acos(-1.0L);
  double worst = 0;
  for (int i = 0; i <= 1'000'000; ++i) {
    const double t = i / 1e6;
    const auto [s, c] = sincos_turns(t);
    worst = std::max(worst, static_cast<double>(std::fabs(s - std::sin(turn * t))));
    worst = std::max(worst, static_cast<double>(std::fabs(c - std::cos(turn * t))));
  }
  CHECK(worst > 0 && worst < 2e-16);
  for (int quarter = 0; quarter < 4; ++quarter) {
    const auto [s, c] = sincos_turns(quarter / 4.0);
    CHECK(s == (quarter == 1) - (quarter == 3) && c == (quarter == 0) - (quarter == 2));
  }
  std::printf("sincos: %.2e\n", worst);
}

void single_precision_is_accurate() {
  double worst_log = 0, worst_sincos = 0;
  const double turn = 2 * std::acos(-1.0);
  for (int i = 1; i <= 200'000; ++i) {
    const float u = static_cast<float>(i / 200'000.0), near_one = 1 - static_cast<float>(i) * 0x1p-24f;
    for (float x : {u, near_one, std::ldexp(u, -i % 100), std::ldexp(u, i % 100)}) {
      const double exact = std::log(static_cast<double>(x));
      int exponent = 0;
      std::frexp(static_cast<float>(exact), &exponent);
      if (x != 1) worst_log = std::max(worst_log, std::abs(std::ldexp(trimtab::log(x) - exact, 24 - exponent)));
    }
    const auto [s, c] = sincos_turns(u);
    worst_sincos = std::max({worst_sincos, std::abs(s - std::sin(turn * u)), std::abs(c - std::cos(turn * u))});
  }
  CHECK(worst_log > 0.5 && worst_log < 1);
  CHECK(worst_sincos > 0 && worst_sincos < 1.2e-7);
  for (int quarter = 0; quarter <= 4; ++quarter) {
    const auto [s, c] = sincos_turns(static_cast<float>(quarter) / 4);
    CHECK(s == (quarter % 4 == 1) - (quarter % 4 == 3) && c == (quarter % 4 == 0) - (quarter % 4 == 2));
  }
  std::printf("float: log %.3f units in the last place, sincos %.2e\n", worst_log, worst_sincos);
}

/// Vectors give the bits of single numbers, at the ends of the words too.
void single_normals_of_vectors_are_those_of_numbers() {
  using Words = simd::WordLanes<Word>;
  using Floats = simd::WordLanes<float>;
  for (Word a : {Word{0}, Word{1}, Word{0x12345678}, Word{0xFFFFFFFF}})
    for (int half = 0; half < 2; ++half) {
      rng::Block<Words> many;
      for (int i = 0; i < 4; ++i)
        for (std::size_t lane = 0; lane < simd::lanes<Words>; ++lane)
          many[i][lane] = (a + 0x1F00 * i * lane) & 0xFFFFFFFF;
      const auto normals = rng::box_muller(rng::single_uniforms<Floats>(many, half));
      for (std::size_t lane = 0; lane < simd::lanes<Words>; ++lane) {
        const rng::Block<Word> one{many[0][lane], many[1][lane], many[2][lane], many[3][lane]};
        const auto pair = rng::box_muller(rng::single_uniforms<float>(one, half));
        CHECK(pair.first == normals.first[lane] && pair.second == normals.second[lane]);
        CHECK(std::hypot(pair.first, pair.second) < 6.67f);
      }
    }
}

/// The ends of the range of the words give finite normals, at most 8.49.
void extreme_words_are_finite() {
  const Word ones = 0xFFFFFFFF;
  for (Word a : {Word{0}, ones})
    for (Word b : {Word{0}, ones}) {
      const auto pair = rng::normals<double>(rng::Block<Word>{a, a, b, b});
      CHECK(std::hypot(pair.first, pair.second) < 8.491);
      CHECK(rng::uniforms<double>(rng::Block<Word>{a, a, b, b}).first == (a ? 1 - 0x1p-52 : 0));
    }
}

void addresses_beyond_the_limits_are_refused() {
  std::vector<double> out(2);
  const auto fill = [&out](const rng::Draw& draw) { rng::fill_normals(draw, out); };
  fill({.node = rng::max_node, .kind = rng::max_kind, .path = rng::max_path, .dim = rng::max_dim});
  CHECK_THROWS(fill({.node = rng::max_node + 1}), std::invalid_argument, "node: expected");
  CHECK_THROWS(fill({.kind = 256}), std::invalid_argument, "kind: expected addresses up to 255, got 256");
  CHECK_THROWS(fill({.path = rng::max_path + 1}), std::invalid_argument, "path: expected");
  CHECK_THROWS(fill({.dim = rng::max_dim, .n_dims = 2}), std::invalid_argument, "dim: expected");
  CHECK_THROWS(fill({.n = 3}), std::invalid_argument, "out: expected 3 numbers, got 2");
  CHECK_THROWS(fill({.n = 513}), std::invalid_argument, "kind: expected addresses up to 255, got 257 from 0");
  CHECK_THROWS(fill({.n_paths = rng::max_path + 1, .n_dims = 1 << 24}), std::invalid_argument, "out: expected fewer");
  out.clear();
  fill({.n_paths = 0});
  fill({.n = 0});
}

}  // namespace

int main() {
  philox_gives_the_known_answers();
  normals_of_the_contract();
  batches_repeat_the_one_block_functions();
  threads_do_not_matter();
  logarithm_is_accurate();
  sine_and_cosine_are_accurate();
  single_precision_is_accurate();
  single_normals_of_vectors_are_those_of_numbers();
  extreme_words_are_finite();
  addresses_beyond_the_limits_are_refused();
}
