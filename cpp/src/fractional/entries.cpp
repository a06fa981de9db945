#include "entries.hpp"

#include "arguments.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

namespace trimtab::fractional {

Entries::Entries(const SplineSpace& space, double alpha) : space_(space), kernel_(alpha), near_(space, kernel_) {}

Extended Entries::combined(const NearValue& v, const Weights& w) const {
  Extended sum = w.left * v.left + w.right * v.right;
  if (w.left != w.right) sum += (w.left - w.right) * v.slope / kernel_.gap;
  return kernel_.near * sum;
}

const FarField& Entries::far(std::int64_t u) {
  const auto found = far_.find(u);
  return found != far_.end() ? found->second : far_.emplace(u, FarField(space_, u, kernel_)).first->second;
}

void Entries::row(Extended x, std::int64_t first, const Weights& w, std::span<Extended> values) {
  std::vector<NearValue> near(values.size());
  near_.row(x, first, near);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::int64_t u = first + static_cast<std::int64_t>(i);
    if (near_.covers(u, x)) {
      values[i] = combined(near[i], w);
    } else {
      const FarField& f = far(u);
      const Extended d = x - f.center();
      values[i] = d > 0 ? w.left * f(d) : w.right * f.mirrored()(-d);
    }
  }
}

FarField Entries::end_slope() const { return FarField(space_.degree * kernel_.near / kernel_.gap, kernel_.alpha - 2); }

NearTable::NearTable(int degree, double alpha)
    : space{8 * degree, degree}, entries(space, alpha), cardinal(space, degree - 1, entries.kernel()) {
  const int p = degree;
  reach = static_cast<std::int64_t>(std::ceil(cardinal.nearest()));
  extent = 2 * p + 2;  // beyond, everything at the end is far
  NearField near(space, entries.kernel());
  toeplitz.resize(static_cast<std::size_t>(reach));
  for (std::int64_t k = 0; k < reach; ++k)  // unknown p - 1 is cardinal and lies at its own Greville point
    near.row(static_cast<Extended>(p + 1) / 2 + static_cast<Extended>(k), p - 1, {&toeplitz[k], 1});
  columns.resize(static_cast<std::size_t>((p - 1) * extent));
  std::vector<NearValue> row(static_cast<std::size_t>(p) - 1);
  for (std::int64_t u = 0; u < extent; ++u) {
    near.row(space.greville<Extended>(u), 0, row);
    for (int v = 0; v < p - 1; ++v) columns[v * extent + u] = row[v];
  }
  rows.resize(static_cast<std::size_t>((p - 2) * extent));
  for (int u = 0; u < p - 2; ++u)
    near.row(space.greville<Extended>(u), p - 1, {&rows[u * extent], static_cast<std::size_t>(extent)});
  for (int v = 0; v < p - 1; ++v) far_columns.emplace_back(space, v, entries.kernel());
}

std::shared_ptr<const NearTable> near_table(int degree, double alpha) {
  constexpr std::size_t most = 16;
  static std::mutex mutex;
  static std::vector<std::pair<std::pair<int, double>, std::shared_ptr<const NearTable>>> kept;
  const std::pair key(degree, alpha);
  const auto find = [&]() -> std::shared_ptr<const NearTable> {
    const auto found = std::find_if(kept.begin(), kept.end(), [&](const auto& entry) { return entry.first == key; });
    if (found == kept.end()) return nullptr;
    std::rotate(kept.begin(), found, found + 1);
    return kept.front().second;
  };
  {
    const std::lock_guard lock(mutex);
    if (auto table = find()) return table;
  }
  auto made = std::make_shared<const NearTable>(degree, alpha);  // outside the lock: others need not wait
  const std::lock_guard lock(mutex);
  if (auto table = find()) return table;
  kept.insert(kept.begin(), {key, made});
  if (kept.size() > most) kept.pop_back();
  return made;
}

void toeplitz_entries(const NearTable& table, const Weights& w, std::span<double> t) {
  const auto near = std::min<std::size_t>(t.size(), static_cast<std::size_t>(table.reach));
  for (std::size_t k = 0; k < near; ++k) t[k] = static_cast<double>(table.entries.combined(table.toeplitz[k], w));
  table.cardinal.progression(static_cast<Extended>(near), w.left, t.subspan(near));
}

void cardinal_entries(int degree, double alpha, std::span<double> t) {
  check_degree(degree);
  check_alpha(alpha);
  toeplitz_entries(*near_table(degree, alpha), {}, t);
}

double cardinal_entry(int degree, double alpha, std::int64_t distance) {
  check_degree(degree);
  check_alpha(alpha);
  const auto table = near_table(degree, alpha);
  const std::int64_t k = distance < 0 ? -distance : distance;
  if (k < table->reach) return static_cast<double>(table->entries.combined(table->toeplitz[k], {}));
  return static_cast<double>(table->cardinal(static_cast<Extended>(k)));
}

}  // namespace trimtab::fractional
