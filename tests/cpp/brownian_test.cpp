#include "check.hpp"

#include <trimtab/sde/brownian.hpp>
#include <trimtab/sde/legendre.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace trimtab;
using namespace trimtab::sde;
using Word = std::uint64_t;

namespace {

template <class Real>
struct Answer {
  std::vector<Real> w, h, k;

  Answer(const BrownianTree& tree, std::size_t n) : w(n), h(n), k(n), levy_(tree.levy()) {}
  Increments<Real> view() {
    return {w.data(), levy_ < Levy::H ? nullptr : h.data(), levy_ < Levy::K ? nullptr : k.data()};
  }
  bool operator==(const Answer&) const = default;

 private:
  Levy levy_;
};

void nodes_of_the_contract() {
  const BrownianTree tree(12345, 0, 1, 2, Levy::K);
  const std::vector<Word> path{7, 0};
  BrownianCursor<double> cursor(tree, {.count = 2, .list = path.data()});
  Answer<double> a(tree, 4);
  cursor.node(30, 700000001, a.view());
  const double unit = std::sqrt(0x1p-30);
  CHECK_NEAR(a.w[0], 1.68357233605333e-06, 1e-12 * unit);
  CHECK_NEAR(a.h[0], 7.95731037676866e-07, 1e-12 * unit);
  CHECK_NEAR(a.k[0], -3.57796220113304e-08, 1e-12 * unit);
  cursor.node(1, 1, a.view());
  CHECK_NEAR(a.w[1], -0.0492906022226888, 1e-13);
  CHECK_NEAR(a.h[1], 0.165192683325331, 1e-13);
  CHECK_NEAR(a.k[1], -0.00909341794587731, 1e-13);
}

/// Every way to ask gives the bits of a fresh cursor that is asked nothing else.
template <class Real>
void the_way_of_asking_does_not_matter(Levy levy, int depth) {
  const BrownianTree tree(99, -1, 3, 3, levy, depth);
  const Paths paths{.first = (Word{1} << 32) - 5, .count = 11};
  const std::size_t m = paths.count, dim = tree.dim();
  struct Question {
    int level;
    Word index;
  };
  const std::vector<Question> questions{{3, 5}, {depth, 77}, {0, 0}, {5, 31}, {5, 30}, {depth, 76}, {4, 2}, {1, 1}};
  BrownianCursor<Real> roaming(tree, paths);
  std::vector<Answer<Real>> alone;
  for (const auto& [level, index] : questions) {
    alone.emplace_back(tree, m * dim);
    BrownianCursor<Real>(tree, paths).node(level, index, alone.back().view());
    Answer<Real> again(tree, m * dim), free(tree, m * dim);
    roaming.node(level, index, again.view());
    CHECK(again == alone.back());
    const Word width = n_ticks >> level;
    roaming.increment(index * width, (index + 1) * width, again.view());
    CHECK(again == alone.back());
    node(tree, level, index, paths, free.view(), 2);
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t d = 0; d < dim; ++d) CHECK(free.w[i * dim + d] == again.w[d * m + i]);
  }
  // now each lane goes its own way, in turns with the others
  for (std::size_t turn = 0; turn < 20; ++turn) {
    std::vector<std::uint32_t> lanes;
    std::vector<int> levels;
    std::vector<Word> indices, from, to;
    for (std::size_t lane = m; lane-- > 0;) {
      if ((lane + turn) % 4 == 0) continue;
      const auto& [level, index] = questions[(3 * lane + turn) % questions.size()];
      lanes.push_back(static_cast<std::uint32_t>(lane));
      levels.push_back(level);
      indices.push_back(index);
      from.push_back(index * (n_ticks >> level));
      to.push_back((index + 1) * (n_ticks >> level));
    }
    Answer<Real> a(tree, lanes.size() * dim), b(tree, lanes.size() * dim);
    roaming.nodes(lanes, levels, indices, a.view());
    roaming.increments(lanes, from, to, b.view());
    CHECK(a == b);
    for (std::size_t i = 0; i < lanes.size(); ++i)
      for (std::size_t d = 0; d < dim; ++d) {
        const Answer<Real>& expected = alone[(3 * lanes[i] + turn) % questions.size()];
        CHECK(a.w[d * lanes.size() + i] == expected.w[d * m + lanes[i]]);
        CHECK(a.h[d * lanes.size() + i] == expected.h[d * m + lanes[i]]);
        CHECK(a.k[d * lanes.size() + i] == expected.k[d * m + lanes[i]]);
      }
    if (turn == 10) {  // together for once, from wherever each lane is
      Answer<Real> all(tree, m * dim);
      roaming.node(questions[1].level, questions[1].index, all.view());
      CHECK(all == alone[1]);
    }
  }
}

/// The increment over [a, c] is the join of those over [a, b] and [b, c], by the formulas for W, H and K.
void increments_join() {
  const BrownianTree tree(5, 0, 1, 1, Levy::K);
  BrownianCursor<double> cursor(tree, {.count = 5});
  Word state = 1;
  double worst = 0;
  for (int trial = 0; trial < 400; ++trial) {
    const auto next = [&state](int bits) {
      return (state = state * 6364136223846793005 + 1442695040888963407) >> (64 - bits);
    };
    const int bits = 1 + trial % 51;
    const Word first = 1 + next(bits), second = 1 + next(bits);
    if (first + second > n_ticks) continue;
    const Word a = next(52) % (n_ticks - first - second + 1), b = a + first, c = b + second;
    Answer<double> left(tree, 5), right(tree, 5), whole(tree, 5);
    cursor.increment(a, b, left.view());
    cursor.increment(b, c, right.view());
    cursor.increment(a, c, whole.view());
    const double h1 = tree.length(first), h2 = tree.length(second), h = h1 + h2;
    for (int i = 0; i < 5; ++i) {
      const double d = h2 * left.w[i] - h1 * right.w[i];
      const double w = left.w[i] + right.w[i], hh = (h1 * left.h[i] + h2 * right.h[i] + d / 2) / h;
      const double k =
          (h1 * h1 * left.k[i] + h2 * h2 * right.k[i] + h1 * h2 * (left.h[i] - right.h[i]) / 2 + (h2 - h1) * d / 12) /
          (h * h);
      const Scales s(h);
      worst = std::max({worst, std::abs((whole.w[i] - w) / s.factor[0]), std::abs((whole.h[i] - hh) / s.factor[1]),
                        std::abs((whole.k[i] - k) / s.factor[2])});
    }
  }
  CHECK(worst > 0 && worst < 2e-14);
  std::printf("join: %.1e\n", worst);
}

void halving_is_orthogonal() {
  const auto check = []<std::size_t n>(Coordinates<double, n> a, Coordinates<double, n> z) {
    const Halves<double, n> halves = halve(a, z);
    const auto square = [](const auto& x) { return std::inner_product(x.begin(), x.end(), x.begin(), 0.0); };
    CHECK_NEAR(square(halves.left) + square(halves.right), square(a) + square(z), 1e-15);
    const Coordinates<double, n> again = Join<double>(n_ticks / 2, n_ticks / 2)(halves.left, halves.right);
    for (std::size_t j = 0; j < n; ++j) CHECK_NEAR(again[j], a[j], 1e-15);
  };
  check(Coordinates<double, 1>{0.3}, Coordinates<double, 1>{-0.5});
  check(Coordinates<double, 2>{0.3, 0.2}, Coordinates<double, 2>{-0.5, 0.1});
  check(Coordinates<double, 3>{0.3, 0.2, -0.4}, Coordinates<double, 3>{-0.5, 0.1, 0.6});
}

/// A neighbor costs one split; the whole level, one for each node above it.
void a_cursor_walks_cheaply() {
  const BrownianTree tree(1, 0, 1, 1, Levy::H);
  BrownianCursor<double> cursor(tree, {.count = 3});
  Answer<double> a(tree, 3);
  for (Word k = 0; k < 1024; ++k) cursor.node(10, k, a.view());
  CHECK(cursor.splits() == 3 * 1023);
  cursor.node(10, 1023, a.view());
  cursor.node(4, 15, a.view());
  cursor.node(10, 1022, a.view());
  CHECK(cursor.splits() == 3 * 1023);
}

template <class Real>
void threads_and_chunks_do_not_matter() {
  const BrownianTree tree(3, 0, 2, 2, Levy::K);
  for (const auto& [count, n] : {std::pair<std::size_t, std::size_t>{1, 4200}, {3, 200}, {150, 20}}) {
    std::vector<double> s(n), t(n);
    for (std::size_t i = 0; i < n; ++i) {
      s[i] = static_cast<double>(i * 7919 % n) / static_cast<double>(n);
      t[i] = s[i] + static_cast<double>(i) / static_cast<double>(n);
    }
    Answer<Real> one(tree, n * count * 2), two(tree, n * count * 2), last(tree, 2 * count);
    increments(tree, Paths{.first = 40, .count = count}, s, t, one.view(), 1);
    increments(tree, Paths{.first = 40, .count = count}, s, t, two.view(), 3);
    CHECK(one == two);
    std::vector<Word> paths(n, 40 + count - 1), dims(n, 1);
    Answer<Real> scattered(tree, n);
    scattered_increments(tree, paths, dims, s, t, scattered.view(), 2);
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t place = (i * count + count - 1) * 2 + 1;
      CHECK(scattered.w[i] == one.w[place] && scattered.h[i] == one.h[place] && scattered.k[i] == one.k[place]);
    }
  }
}

/// A leaf that is cut keeps both parts consistent, and refuses a second cut.
void leaves_are_cut_once() {
  const BrownianTree tree(12345, 2, 5, 1, Levy::K, 6);
  const std::array<double, 3> s{2.3, 2.05, 3.0}, t{4.1, 2.21, 4.99};
  const Paths path{.first = 11, .count = 1};
  Answer<double> a(tree, 3);
  for (std::size_t i = 0; i < 3; ++i)
    increments(tree, path, std::span(&s[i], 1), std::span(&t[i], 1), Increments<double>{&a.w[i], &a.h[i], &a.k[i]});
  const double expected[3][3] = {{-1.33716917646258, -0.447915806054912, -0.0751317987814517},
                                 {0.127258471864515, -0.0656791738250753, 0.00248424272015153},
                                 {0.976572176312744, 0.00981842723375912, 0.0421029876671989}};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_NEAR(a.w[i], expected[i][0], 1e-11);
    CHECK_NEAR(a.h[i], expected[i][1], 1e-11);
    CHECK_NEAR(a.k[i], expected[i][2], 1e-11);
  }
  const auto ask = [&](std::vector<double> from, std::vector<double> to) {
    Answer<double> b(tree, from.size());
    increments(tree, path, from, to, b.view());
  };
  CHECK_THROWS(ask({2.01}, {2.02}), std::invalid_argument,
               "depth: expected 8 at least, as two times cut one leaf, got 6");
  CHECK_THROWS(ask({2.01, 2.02}, {3, 4}), std::invalid_argument, "depth: expected 8 at least");
  ask({2.01, 2.01, 2.02}, {3, 4, 2.02});  // one cut, and an empty interval
}

void bad_questions_are_refused() {
  const auto tree = [](double t0, double t1, std::size_t dim, Levy levy, int depth) {
    return BrownianTree(0, t0, t1, dim, levy, depth);
  };
  CHECK_THROWS(tree(NAN, 1, 1, Levy::W, 52), std::invalid_argument, "t0: expected a finite time");
  CHECK_THROWS(tree(1, 1, 1, Levy::W, 52), std::invalid_argument, "t1: expected a finite time after t0 = 1, got 1");
  CHECK_THROWS(tree(-1e308, 1e308, 1, Levy::W, 52), std::invalid_argument, "t1: expected");
  CHECK_THROWS(tree(0, 1, 0, Levy::W, 52), std::invalid_argument, "dim: expected 1 ... 16777216, got 0");
  CHECK_THROWS(tree(0, 1, (1 << 24) + 1, Levy::W, 52), std::invalid_argument, "dim: expected");
  CHECK_THROWS(tree(0, 1, 1, Levy{4}, 52), std::invalid_argument, "levy: expected");
  CHECK_THROWS(tree(0, 1, 1, Levy::W, 53), std::invalid_argument, "depth: expected 1 ... 52");
  const BrownianTree good(0, 0, 1);
  CHECK_THROWS(good.tick(NAN), std::invalid_argument, "t: expected a time in [0, 1], got nan");
  CHECK_THROWS(good.tick(1.5), std::invalid_argument, "t: expected a time in [0, 1], got 1.5");
  BrownianCursor<float> cursor(good, {.count = 2});
  Answer<float> a(good, 2);
  CHECK_THROWS(cursor.node(53, 0, a.view()), std::invalid_argument, "level: expected 0 ... 52");
  CHECK_THROWS(cursor.node(3, 8, a.view()), std::invalid_argument, "index: expected below 2^3");
  CHECK_THROWS(cursor.increment(2, 1, a.view()), std::invalid_argument, "from: expected at most to = 1, got 2");
  CHECK_THROWS(cursor.increment(2, n_ticks + 1, a.view()), std::invalid_argument, "to: expected at most 2^52 ticks");
  const std::vector<std::uint32_t> twice{1, 1}, beyond{0, 2};
  const std::vector<int> levels{1, 1};
  const std::vector<Word> indices{0, 1};
  CHECK_THROWS(cursor.nodes(twice, levels, indices, a.view()), std::invalid_argument, "lanes: expected each lane once");
  CHECK_THROWS(cursor.nodes(beyond, levels, indices, a.view()), std::invalid_argument,
               "lanes: expected below 2, got 2");
  CHECK_THROWS(cursor.node(0, 0, {.h = a.h.data()}), std::invalid_argument, "levy: expected H or K, to give H, got W");
  CHECK_THROWS(BrownianCursor<double>(good, {.first = Word{1} << 40}), std::invalid_argument,
               "path: expected below 2^40");
  CHECK_THROWS(BrownianCursor<double>(good, {.first = (Word{1} << 40) - 1, .count = 2}), std::invalid_argument,
               "path:");
}

}  // namespace

int main() {
  nodes_of_the_contract();
  for (const int depth : {7, 52})
    for (const Levy levy : {Levy::W, Levy::H, Levy::K}) {
      the_way_of_asking_does_not_matter<double>(levy, depth);
      the_way_of_asking_does_not_matter<float>(levy, depth);
    }
  increments_join();
  halving_is_orthogonal();
  a_cursor_walks_cheaply();
  threads_and_chunks_do_not_matter<double>();
  threads_and_chunks_do_not_matter<float>();
  leaves_are_cut_once();
  bad_questions_are_refused();
}
