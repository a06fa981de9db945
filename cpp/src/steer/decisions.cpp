#include <trimtab/core/error.hpp>
#include <trimtab/steer/decisions.hpp>

#include <algorithm>
#include <utility>

namespace trimtab::steer {

Decisions::Decisions(std::vector<std::string> columns, std::size_t capacity)
    : columns_(std::move(columns)), capacity_(capacity) {
  if (columns_.empty()) reject("columns", "at least one name", "none");
  if (capacity < 2) reject("capacity", "at least 2 rows", static_cast<double>(capacity));
}

void Decisions::record(std::span<const double> row) {
  if (row.size() != columns_.size())
    reject("row", "one number per column", std::to_string(row.size()) + " for " + std::to_string(columns_.size()));
  if (recorded_++ % stride_ != 0) return;
  if (size() == capacity_) {
    const std::size_t width = columns_.size(), kept = (size() + 1) / 2;
    for (std::size_t i = 1; i < kept; ++i) std::copy_n(&rows_[2 * i * width], width, &rows_[i * width]);
    rows_.resize(kept * width);
    stride_ *= 2;
    if ((recorded_ - 1) % stride_ != 0) return;
  }
  rows_.insert(rows_.end(), row.begin(), row.end());
}

void Decisions::restore(std::span<const double> rows, std::int64_t recorded, std::int64_t stride) {
  if (rows.size() % columns_.size() != 0)
    reject("rows", "whole rows of " + std::to_string(columns_.size()) + " numbers", static_cast<double>(rows.size()));
  if (stride < 1 || recorded < 0) reject("stride", "stride >= 1 and recorded >= 0", static_cast<double>(stride));
  rows_.assign(rows.begin(), rows.end());
  recorded_ = recorded;
  stride_ = stride;
}

}  // namespace trimtab::steer
