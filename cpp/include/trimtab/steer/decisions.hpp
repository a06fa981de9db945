#pragma once

#include <trimtab/core/export.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

/// @file decisions.hpp
/// The record that every steered run keeps: what was chosen, when, and on what grounds.

namespace trimtab::steer {

/// Rows of numbers under fixed column names, in bounded memory: when the log is full, every other row is dropped and
/// from then on only every second, fourth, ... record is kept.
class TRIMTAB_API Decisions {
 public:
  explicit Decisions(std::vector<std::string> columns, std::size_t capacity = std::size_t{1} << 16);

  /// @throws std::invalid_argument if the row has not one number per column
  void record(std::span<const double> row);
  void record(std::initializer_list<double> row) { record(std::span(row.begin(), row.size())); }

  const std::vector<std::string>& columns() const { return columns_; }
  std::size_t size() const { return rows_.size() / columns_.size(); }
  std::span<const double> rows() const { return rows_; }  ///< row-major, size() x columns().size()
  std::int64_t recorded() const { return recorded_; }     ///< calls of record() so far
  std::int64_t stride() const { return stride_; }         ///< every stride-th record is kept

  /// Takes up a state saved from rows(), recorded() and stride().
  void restore(std::span<const double> rows, std::int64_t recorded, std::int64_t stride);

 private:
  std::vector<std::string> columns_;
  std::size_t capacity_;
  std::vector<double> rows_;
  std::int64_t recorded_ = 0;
  std::int64_t stride_ = 1;
};

}  // namespace trimtab::steer
