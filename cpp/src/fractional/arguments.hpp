#pragma once

#include <trimtab/fractional/riesz.hpp>

#include <cstddef>
#include <span>

namespace trimtab::fractional {

inline constexpr int most_degree = 20;

void check_degree(int degree);
void check_alpha(double alpha);
void check_options(std::int64_t n, const RieszOptions& options);

/// Rows of `size` finite numbers.
/// @return the number of rows
std::size_t check_rows(const char* name, std::span<const double> v, std::int64_t size);

}  // namespace trimtab::fractional
