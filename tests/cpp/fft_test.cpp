#include "check.hpp"

#include <trimtab/core/fft.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstring>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

using namespace trimtab;

namespace {

template <class Real>
using Row = std::vector<std::complex<Real>>;

template <class Real>
Row<Real> random_row(std::size_t n, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> number(-1, 1);
  Row<Real> x(n);
  for (auto& v : x) v = {static_cast<Real>(number(generator)), static_cast<Real>(number(generator))};
  return x;
}

bool is_fast(std::size_t n) {
  for (std::size_t p : {2, 3, 5})
    while (n % p == 0) n /= p;
  return n == 1;
}

std::vector<std::size_t> fast_lengths(std::size_t last) {
  std::vector<std::size_t> lengths;
  for (std::size_t n = 1; n <= last; ++n)
    if (is_fast(n)) lengths.push_back(n);
  return lengths;
}

/// Number k of the transform, by its definition.
template <class Real>
std::complex<long double> definition(const Row<Real>& x, std::size_t k) {
  const long double turn = 2 * std::acos(-1.0L);
  std::complex<long double> sum = 0;
  for (std::size_t j = 0; j < x.size(); ++j)
    sum += std::complex<long double>(x[j]) *
           std::polar(1.0L, -turn * static_cast<long double>(j * k % x.size()) / static_cast<long double>(x.size()));
  return sum;
}

template <class Real>
long double norm(const Row<Real>& x) {
  long double sum = 0;
  for (const auto& v : x) sum += std::norm(std::complex<long double>(v));
  return std::sqrt(sum);
}

template <class Number>
bool same_bits(const std::vector<Number>& a, const std::vector<Number>& b) {
  if constexpr (std::is_same_v<Number, long double> || std::is_same_v<Number, std::complex<long double>>)
    return a == b;  // these have idle bytes
  else
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Number)) == 0;
}

/// Root-mean-square error that a transform may have, relative to the size of its numbers.
template <class Real>
double bound(std::size_t n) {
  return static_cast<double>(std::numeric_limits<Real>::epsilon()) * (1 + std::log2(static_cast<double>(n)));
}

/// Every number where that is quick, else some; long doubles are compared with an oracle no better than they are.
template <class Real>
void agrees_with_the_definition(std::size_t n) {
  const auto x = random_row<Real>(n, 1);
  Row<Real> X(n);
  fft<Real>(x, X, n);
  const std::size_t step = n <= 1024 ? 1 : n / 7;
  long double error = 0;
  std::size_t count = 0;
  for (std::size_t k = 0; k < n; k += step, ++count)
    error += std::norm(std::complex<long double>(X[k]) - definition(x, k));
  const long double slack = std::is_same_v<Real, long double> ? std::sqrt(static_cast<long double>(n)) : 1;
  CHECK(std::sqrt(error / count) <= slack * bound<Real>(n) * norm(x));
}

template <class Real>
void inverse_returns(std::size_t n) {
  const auto x = random_row<Real>(n, 2);
  Row<Real> y(n);
  fft<Real>(x, y, n);
  CHECK_NEAR(static_cast<double>(norm(y) / std::sqrt(static_cast<long double>(n)) / norm(x)), 1,
             bound<Real>(n));  // Parseval
  ifft<Real>(y, y, n);
  for (std::size_t j = 0; j < n; ++j) y[j] -= x[j];
  CHECK(norm(y) <= bound<Real>(n) * norm(x));
}

template <class Real>
void is_linear_and_turns_shifts_into_phases(std::size_t n) {
  const auto x = random_row<Real>(n, 3), y = random_row<Real>(n, 4);
  const std::size_t shift = n / 3;
  Row<Real> mixed(n), X(n), Y(n);
  for (std::size_t j = 0; j < n; ++j) mixed[j] = x[j] + Real(3) * y[(j + shift) % n];
  fft<Real>(x, X, n);
  fft<Real>(y, Y, n);
  fft<Real>(mixed, mixed, n);
  const Real turn = 2 * std::acos(Real(-1));
  for (std::size_t k = 0; k < n; ++k)
    mixed[k] -=
        X[k] + Real(3) * Y[k] * std::polar(Real(1), turn * static_cast<Real>(k * shift % n) / static_cast<Real>(n));
  CHECK(norm(mixed) <= 10 * bound<Real>(n) * (norm(X) + norm(Y)));
}

template <class Real>
void real_rows_agree_with_complex_ones(std::size_t n) {
  auto x = random_row<Real>(n, 5);
  std::vector<Real> real(n), back(n);
  for (std::size_t j = 0; j < n; ++j) real[j] = x[j].real(), x[j] = real[j];
  Row<Real> X(n), half(n / 2 + 1);
  fft<Real>(x, X, n);
  rfft<Real>(real, half, n);
  long double error = 0;
  for (std::size_t k = 0; k <= n / 2; ++k) error += std::norm(std::complex<long double>(half[k] - X[k]));
  CHECK(std::sqrt(error) <= 2 * bound<Real>(n) * norm(X));
  CHECK(half[0].imag() == 0 && (n % 2 == 1 || half[n / 2].imag() == 0));
  half[0].imag(7);  // not read
  if (n % 2 == 0) half[n / 2].imag(-7);
  irfft<Real>(half, back, n);
  for (std::size_t j = 0; j < n; ++j) x[j] = back[j] - real[j];
  CHECK(norm(x) <= 2 * bound<Real>(n) * std::sqrt(static_cast<long double>(n)));
}

/// Many rows, any number of threads, in place or not: each row has the bits that it has alone.
template <class Real>
void rows_and_threads_do_not_matter(std::size_t n, std::size_t rows) {
  const auto x = random_row<Real>(n * rows, 6);
  Row<Real> alone(x.size()), many(x.size());
  std::vector<Real> real(n * rows), back(n * rows), back_alone(n * rows);
  for (std::size_t i = 0; i < real.size(); ++i) real[i] = x[i].real();
  const std::size_t h = n / 2 + 1;
  Row<Real> half(h * rows), half_alone(h * rows);
  for (std::size_t row = 0; row < rows; ++row) {
    fft<Real>(std::span(x).subspan(row * n, n), std::span(alone).subspan(row * n, n), n);
    rfft<Real>(std::span(real).subspan(row * n, n), std::span(half_alone).subspan(row * h, h), n);
    irfft<Real>(std::span(half_alone).subspan(row * h, h), std::span(back_alone).subspan(row * n, n), n);
  }
  for (int threads : {1, 2, 3}) {
    fft<Real>(x, many, n, threads);
    CHECK(same_bits(alone, many));
    many = x;
    fft<Real>(many, many, n, threads);
    CHECK(same_bits(alone, many));
    rfft<Real>(real, half, n, threads);
    CHECK(same_bits(half_alone, half));
    irfft<Real>(half, back, n, threads);
    CHECK(same_bits(back_alone, back));
    Row<Real> place(h);  // a single real row may stay where it is as well
    const std::span<Real> real_place(reinterpret_cast<Real*>(place.data()), n);
    std::copy_n(real.begin(), n, real_place.begin());
    rfft<Real>(real_place, place, n, threads);
    CHECK(same_bits(Row<Real>(half_alone.begin(), half_alone.begin() + static_cast<std::ptrdiff_t>(h)), place));
    irfft<Real>(place, real_place, n, threads);
    CHECK(std::equal(real_place.begin(), real_place.end(), back_alone.begin()));
  }
}

template <class Real>
void all_of(const std::vector<std::size_t>& small, const std::vector<std::size_t>& big) {
  for (const auto& lengths : {small, big})
    for (std::size_t n : lengths) {
      agrees_with_the_definition<Real>(n);
      inverse_returns<Real>(n);
      is_linear_and_turns_shifts_into_phases<Real>(n);
      real_rows_agree_with_complex_ones<Real>(n);
    }
  for (std::size_t n : small)
    for (std::size_t rows : {1, 2, 3, 7, 8, 9, 17, 33}) rows_and_threads_do_not_matter<Real>(n, rows);
  for (std::size_t n : big) rows_and_threads_do_not_matter<Real>(n, 2);
  rows_and_threads_do_not_matter<Real>(1, 100'000);
  rows_and_threads_do_not_matter<Real>(12, 5000);
}

void next_fast_length_is_the_least() {
  std::size_t next = 1;
  for (std::size_t n = 5000; n-- > 0;) {
    if (n == 4999) next = 5000;
    if (n > 0 && is_fast(n)) next = n;
    CHECK(next_fast_length(n) == (n == 0 ? 1 : next));
  }
  CHECK(next_fast_length((std::size_t{1} << 63)) == std::size_t{1} << 63);
  CHECK_THROWS(next_fast_length((std::size_t{1} << 63) + 1), std::invalid_argument, "n: expected a length up to");
}

void bad_arguments_are_named() {
  Row<double> x(28), y(28);
  const std::span<const std::complex<double>> in = x;
  const std::span<std::complex<double>> out = y;
  std::vector<double> real(28);
  CHECK_THROWS(fft<double>(in, out, 7), std::invalid_argument,
               "n: expected a product of twos, threes and fives, such as 8, got 7");
  CHECK_THROWS(fft<double>(in, out, 0), std::invalid_argument, "n: expected");
  CHECK_THROWS(ifft<double>(in, out, 5), std::invalid_argument, "in: expected rows of 5 numbers, got 28 numbers");
  CHECK_THROWS(ifft<double>(in, out.first(24), 4), std::invalid_argument,
               "out: expected 7 rows of 4 numbers, got 24 numbers");
  CHECK_THROWS(rfft<double>(real, out.first(5), 4), std::invalid_argument, "out: expected 7 rows of 3 numbers");
  CHECK_THROWS(irfft<double>(in, real, 4), std::invalid_argument, "in: expected rows of 3 numbers");
  CHECK_THROWS(fft<double>(out.first(24), out.last(24), 4), std::invalid_argument,
               "out: expected an array that does not");
  CHECK_THROWS(fft<double>(in, out, 4, -1), std::invalid_argument, "threads");
  fft<double>(in.first(0), out.first(0), 4);
}

/// More lengths than are kept, from many threads at once.
void plans_are_shared_safely() {
  const auto lengths = fast_lengths(200);
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&lengths] {
      for (std::size_t n : lengths) inverse_returns<double>(n);
    });
  for (auto& c : callers) c.join();
}

}  // namespace

#if defined(__SANITIZE_THREAD__)
constexpr bool only_threads = true;  // slow under this sanitizer, and the numbers are the other builds' business
#else
constexpr bool only_threads = false;
#endif

int main() {
  plans_are_shared_safely();
  if (only_threads) {
    for (std::size_t n : {15, 1000, 1 << 20}) rows_and_threads_do_not_matter<double>(n, n < 2000 ? 40 : 1);
    return 0;
  }
  const std::vector<std::size_t> small = fast_lengths(128);
  const std::vector<std::size_t> big{243,  256,  270,  486,  625,  1000, 1080, 1250,
                                     1536, 2000, 2048, 2187, 3125, 6561, 20000};
  all_of<float>(small, big);
  all_of<double>(small, big);
  all_of<long double>(small, big);
  const std::vector<std::size_t> beyond_the_cache{1 << 20, 531441 * 2,
                                                  1000000};  // four steps, with and without overlap
  for (std::size_t n : beyond_the_cache) {
    agrees_with_the_definition<double>(n);
    inverse_returns<float>(n);
    rows_and_threads_do_not_matter<double>(n, 1);
    rows_and_threads_do_not_matter<float>(n, 1);
  }
  inverse_returns<double>(1594323);  // 3^13
  inverse_returns<long double>(1 << 19);
  next_fast_length_is_the_least();
  bad_arguments_are_named();
}
