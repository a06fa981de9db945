#include "graded_vectors.hpp"

#include "vectors.hpp"

#include <algorithm>
#include <cstdint>

namespace trimtab::fractional {
namespace {

constexpr std::size_t terms = GradedVectors::terms;
typedef double Four __attribute__((vector_size(32)));

/// The same block for a vector that is read backwards: z changes its sign.
void turn_around(double* c) {
  for (std::size_t q = 1; q < terms; q += 2) c[q] = -c[q];
}

/// y[i] += sum_q c[q] z^q with z = i - (length - 1) / 2
void add_polynomial(const double* c, std::size_t length, double* y) {
  const double offset = -static_cast<double>(length - 1) / 2;
  for (std::size_t i = 0; i < length; ++i) {
    const double z = offset + static_cast<double>(static_cast<std::int32_t>(i));
    double sum = c[terms - 1];
    for (std::size_t q = terms - 1; q-- > 0;) sum = sum * z + c[q];
    y[i] += sum;
  }
}

/// m[q] = sum_i x[i] z^q
void moments(const double* x, std::size_t length, double* m) {
  const double offset = -static_cast<double>(length - 1) / 2;
  Four sums[terms] = {}, z = {offset, offset + 1, offset + 2, offset + 3};
  const auto add = [&](const Four& numbers) {
    Four w = numbers;
    for (std::size_t q = 0; q + 1 < terms; ++q) {
      sums[q] += w;
      w *= z;
    }
    sums[terms - 1] += w;
    z += 4.0;
  };
  std::size_t i = 0;
  for (; i + 4 <= length; i += 4) add(Four{x[i], x[i + 1], x[i + 2], x[i + 3]});
  if (i < length) {
    Four rest{};
    for (std::size_t lane = 0; i + lane < length; ++lane) rest[lane] = x[i + lane];
    add(rest);
  }
  for (std::size_t q = 0; q < terms; ++q) m[q] = (sums[q][0] + sums[q][2]) + (sums[q][1] + sums[q][3]);
}

}  // namespace

GradedVectors::GradedVectors(std::size_t size, std::size_t count, std::size_t steep, std::size_t smooth_end,
                             const Exact& exact, const Expand& expand)
    : size_(size), count_(count), steep_(steep), smooth_end_(smooth_end) {
  if (smooth_end < 2 * steep) steep_ = smooth_end_ = size;
  near_.resize(count * steep_);
  end_.resize(count * (size - smooth_end_));
  for (std::size_t k = 0; k < count; ++k) {
    exact(k, 0, std::span(near_).subspan(k * steep_, steep_));
    exact(k, smooth_end_, std::span(end_).subspan(k * (size - smooth_end_), size - smooth_end_));
  }
  for (std::size_t begin = steep_; begin < smooth_end_; begin += blocks_.back().length)
    blocks_.push_back({begin, std::min(smooth_end_ - begin, begin / 32)});
  coefficients_.reserve(blocks_.size() * count * terms);
  for (const Block& b : blocks_)
    for (std::size_t k = 0; k < count; ++k) {
      Extended c[terms] = {};
      expand(k, static_cast<Extended>(b.begin) + static_cast<Extended>(b.length - 1) / 2, c);
      for (const Extended x : c) coefficients_.push_back(static_cast<double>(x));
    }
}

void GradedVectors::add_combination(const double* c, double* y, bool backwards) const {
  const auto add_kept = [&](const std::vector<double>& kept, std::size_t begin, std::size_t length) {
    for (std::size_t k = 0; k < count_; ++k)
      for (std::size_t i = 0; i < length; ++i)
        y[backwards ? size_ - 1 - begin - i : begin + i] += c[k] * kept[k * length + i];
  };
  add_kept(near_, 0, steep_);
  const double* polynomial = coefficients_.data();
  for (const Block& b : blocks_) {
    double sum[terms] = {};
    for (std::size_t k = 0; k < count_; ++k, polynomial += terms)
      for (std::size_t q = 0; q < terms; ++q) sum[q] += c[k] * polynomial[q];
    if (backwards) turn_around(sum);
    add_polynomial(sum, b.length, y + (backwards ? size_ - b.begin - b.length : b.begin));
  }
  add_kept(end_, smooth_end_, size_ - smooth_end_);
}

void GradedVectors::dot_products(const double* x, double* out, bool backwards) const {
  std::fill_n(out, count_, 0.0);
  const auto add_kept = [&](const std::vector<double>& kept, std::size_t begin, std::size_t length) {
    for (std::size_t k = 0; k < count_; ++k)
      out[k] += lane_sum(0, length, [&](std::size_t i) {
        return kept[k * length + i] * x[backwards ? size_ - 1 - begin - i : begin + i];
      });
  };
  add_kept(near_, 0, steep_);
  const double* polynomial = coefficients_.data();
  for (std::size_t i = 0; i < blocks_.size() && count_ > 0; ++i) {
    const Block& b = blocks_[i];
    double m[terms];
    moments(x + (backwards ? size_ - b.begin - b.length : b.begin), b.length, m);
    if (backwards) turn_around(m);
    for (std::size_t k = 0; k < count_; ++k, polynomial += terms) {
      double sum = 0;
      for (std::size_t q = terms; q-- > 0;) sum += polynomial[q] * m[q];
      out[k] += sum;
    }
  }
  add_kept(end_, smooth_end_, size_ - smooth_end_);
}

void GradedVectors::copy(std::size_t k, double* out) const {
  std::vector<double> unit(count_);
  unit[k] = 1;
  std::fill_n(out, size_, 0.0);
  add_combination(unit.data(), out, false);
}

}  // namespace trimtab::fractional
