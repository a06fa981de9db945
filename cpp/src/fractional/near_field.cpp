#include "near_field.hpp"

#include <algorithm>
#include <limits>

namespace trimtab::fractional {
namespace {

/// p(at + y) as a polynomial in y.
std::vector<Extended> shifted(std::vector<Extended> p, Extended at) {
  for (std::size_t i = 0; i + 1 < p.size(); ++i)
    for (std::size_t k = p.size() - 1; k-- > i;) p[k] += at * p[k + 1];
  return p;
}

}  // namespace

NearField::NearField(const SplineSpace& space, const Kernel& kernel) : space_(space), kernel_(kernel) {}

bool NearField::covers(std::int64_t u, Extended x) const {
  Extended sum = 0;
  for (int i = 1; i <= space_.degree + 2; ++i) sum += static_cast<Extended>(space_.knot(u + i));
  const Extended mean = sum / (space_.degree + 2);
  const Extended half_width = std::max(mean - static_cast<Extended>(space_.knot(u + 1)),
                                       static_cast<Extended>(space_.knot(u + space_.degree + 2)) - mean);
  return std::abs(x - mean) < 1.2L * half_width;
}

const std::vector<NearField::Polynomial>& NearField::polynomials(std::int64_t cell) {
  const int p = space_.degree;
  const bool inner = cell >= p - 1 && cell <= space_.n - p;
  const std::int64_t key = inner ? p - 1 : cell;  // inner cells are alike
  auto& b = cells_[key];
  if (!b.empty()) return b;
  const auto knot = [&](int i) {  // distance from the middle; knots 0 and 1 bound the cell
    return static_cast<Extended>(space_.knot(key + p + i) - key) - 0.5L;
  };
  b.assign(static_cast<std::size_t>(p) + 1, Polynomial(static_cast<std::size_t>(p) + 1));
  b[0][0] = 1;
  Polynomial saved(static_cast<std::size_t>(p) + 1);
  for (int k = 1; k <= p; ++k) {
    std::fill(saved.begin(), saved.end(), Extended(0));
    for (int r = 0; r < k; ++r) {
      const Extended right = knot(r + 1), left = knot(1 - k + r), width = right - left;
      const Polynomial share = b[r];
      b[r] = saved;
      std::fill(saved.begin(), saved.end(), Extended(0));
      for (int m = 0; m < k; ++m) {
        const Extended c = share[m] / width;
        b[r][m] += right * c;
        b[r][m + 1] -= c;
        saved[m] -= left * c;
        saved[m + 1] += c;
      }
    }
    b[k] = saved;
  }
  return b;
}

void NearField::add_touching(Extended x, std::int64_t cell, const Polynomial& b, NearValue& value) const {
  const Extended left = x - static_cast<Extended>(cell), right = 1 - left;
  const Polynomial taylor = shifted(b, left - 0.5L);
  if (right > 0) value.slope += taylor[1];
  const auto integral = [&](Extended length, Extended sign) {
    if (!(length > 0)) return Extended(0);
    const Extended kappa = kernel_.kappa(length);
    Extended sum = 0, power = length;
    for (std::size_t m = 0; m + 2 < taylor.size(); ++m, power *= sign * length) {
      const auto k = static_cast<Extended>(m);
      sum += (k + 2) * (k + 1) * taylor[m + 2] * power / (k + 1 + kernel_.gap) * (kappa - 1 / (k + 1));
    }
    return sum;
  };
  value.left += integral(left, -1);
  value.right += integral(right, 1);
}

void NearField::moments(Extended x, std::int64_t cell, std::span<Extended> moments) const {
  std::fill(moments.begin(), moments.end(), Extended(0));
  const Extended middle = static_cast<Extended>(cell) + 0.5L, sign = middle > x ? 1 : -1;
  const Extended end = std::abs(middle - x) + 0.5L;
  std::vector<Extended> piece(moments.size());
  for (Extended from = end - 1, to; from < end; from = to) {
    to = std::min(end, 3 * from);
    if (end - to < 0.05L * from) to = end;  // no slivers
    const Extended r = (from + to) / 2, half = (to - from) / 2, kappa = kernel_.kappa(r);
    // kappa(r + y) = sum_m c[m] (y / half)^m, integrated against (y / half)^q
    std::fill(piece.begin(), piece.end(), Extended(0));
    Extended c = half / r * (1 + kernel_.gap * kappa);
    for (std::size_t q = 0; q < piece.size(); q += 2) piece[q] += kappa / static_cast<Extended>(q + 1);
    for (std::size_t m = 1; std::abs(c) > std::numeric_limits<Extended>::epsilon() / 64; ++m) {
      for (std::size_t q = m % 2; q < piece.size(); q += 2) piece[q] += c / static_cast<Extended>(m + q + 1);
      c *= -(kernel_.alpha + static_cast<Extended>(m) - 1) / static_cast<Extended>(m + 1) * (half / r);
    }
    // to powers of s - middle = shift + sign y
    Extended power = 2 * half;
    for (Extended& value : piece) value *= power, power *= sign * half;
    const Extended shift = sign * r + x - middle;
    for (std::size_t q = 0; q < moments.size(); ++q) {
      Extended term = 0, binomial = 1, shift_power = 1;
      for (std::size_t i = q + 1; i-- > 0;) {
        term += binomial * shift_power * piece[i];
        binomial *= static_cast<Extended>(i) / static_cast<Extended>(q - i + 1);
        shift_power *= shift;
      }
      moments[q] += term;
    }
  }
}

void NearField::row(Extended x, std::int64_t first, std::span<NearValue> values) {
  const int p = space_.degree;
  const auto count = static_cast<std::int64_t>(values.size());
  std::vector<char> covered(values.size());
  std::int64_t begin = space_.n, end = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    covered[i] = covers(first + i, x);
    if (!covered[i]) continue;
    values[i] = {};
    begin = std::min(begin, space_.knot(first + i + 1));
    end = std::max(end, space_.knot(first + i + p + 2));
  }
  std::vector<Extended> moment(static_cast<std::size_t>(p) - 1);
  for (std::int64_t cell = begin; cell < end; ++cell) {
    const auto distance = x - static_cast<Extended>(cell);
    const bool touching = distance >= 0 && distance <= 1;
    if (!touching) moments(x, cell, moment);
    const auto& polynomial = polynomials(cell);
    for (int r = 0; r <= p; ++r) {
      const std::int64_t i = cell + r - 1 - first;
      if (i < 0 || i >= count || !covered[i]) continue;
      if (touching) {
        add_touching(x, cell, polynomial[r], values[i]);
        continue;
      }
      Extended sum = 0;
      for (int q = 0; q + 2 <= p; ++q) sum += (q + 2) * (q + 1) * polynomial[r][q + 2] * moment[q];
      (distance > 1 ? values[i].left : values[i].right) += sum;
    }
  }
  // the slopes p of the first and -p of the last unknown at the ends are jumps
  const std::int64_t last = space_.size() - 1 - first;
  if (first <= 0 && -first < count && covered[-first] && x > 0) values[-first].left += p * kernel_.kappa(x);
  const Extended to_end = static_cast<Extended>(space_.n) - x;
  if (last >= 0 && last < count && covered[last] && to_end > 0) values[last].right += p * kernel_.kappa(to_end);
}

}  // namespace trimtab::fractional
