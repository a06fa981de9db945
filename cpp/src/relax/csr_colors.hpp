#pragma once

#include "csr_operator.hpp"

#include <algorithm>
#include <numeric>

/// @file csr_colors.hpp
/// Any matrix with its rows sorted by color: no two rows of a color are neighbors, so row order there is multicolor
/// order here, and every color a level of independent rows.

namespace trimtab::relax {

/// The first color, counted from 0, that no neighbor of a row has yet; rows in their order. Both a_ij and a_ji make
/// neighbors.
template <class Real, class Index>
std::vector<Index> color_rows(const Csr<Real, Index>& a) {
  const auto n = static_cast<std::size_t>(a.n);
  std::vector<Index> begin(n + 1), rows(static_cast<std::size_t>(a.indptr[a.n]));  // the pattern's transpose
  for (const Index j : std::span(a.indices, rows.size())) ++begin[j + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  std::vector<Index> next(begin.begin(), begin.end() - 1);
  for (std::size_t i = 0; i < n; ++i)
    for (Index k = a.indptr[i]; k < a.indptr[i + 1]; ++k) rows[next[a.indices[k]]++] = static_cast<Index>(i);

  std::vector<Index> color(n, -1), taken;  // taken[c]: the last row that could not have color c
  for (std::size_t i = 0; i < n; ++i) {
    const auto avoid = [&](Index neighbor) {
      if (color[neighbor] >= 0) taken[color[neighbor]] = static_cast<Index>(i);
    };
    std::for_each(a.indices + a.indptr[i], a.indices + a.indptr[i + 1], avoid);
    std::for_each(rows.begin() + begin[i], rows.begin() + begin[i + 1], avoid);
    const auto free =
        std::find_if(taken.begin(), taken.end(), [&](Index last) { return last != static_cast<Index>(i); });
    color[i] = static_cast<Index>(free - taken.begin());
    if (free == taken.end()) taken.push_back(-1);
  }
  return color;
}

/// A matrix and the order of its rows in the caller's.
template <class Real, class Index>
struct SortedCsr {
  std::vector<Index> user;  ///< the caller's number of each row
  std::vector<Index> indptr, indices;
  std::vector<Real> data;

  explicit SortedCsr(const Csr<Real, Index>& a) : user(static_cast<std::size_t>(a.n)) {
    const std::vector<Index> color = color_rows(a);
    std::iota(user.begin(), user.end(), Index(0));
    std::stable_sort(user.begin(), user.end(), [&](Index i, Index j) { return color[i] < color[j]; });
    std::vector<Index> own(user.size());
    for (std::size_t i = 0; i < user.size(); ++i) own[user[i]] = static_cast<Index>(i);
    indptr.push_back(0);
    std::vector<std::pair<Index, Real>> row;
    for (const Index i : user) {
      row.clear();
      for (Index k = a.indptr[i]; k < a.indptr[i + 1]; ++k) row.emplace_back(own[a.indices[k]], a.data[k]);
      std::sort(row.begin(), row.end(), [](const auto& l, const auto& r) { return l.first < r.first; });
      for (const auto& [column, value] : row) indices.push_back(column), data.push_back(value);
      indptr.push_back(static_cast<Index>(indices.size()));
    }
  }
  Csr<Real, Index> view() const {
    return {static_cast<std::int64_t>(user.size()), indptr.data(), indices.data(), data.data()};
  }
};

template <class Real, class Index>
class ColoredCsr final : private SortedCsr<Real, Index>, public CsrOperator<Real, Index> {
  using Sorted = SortedCsr<Real, Index>;

 public:
  ColoredCsr(const Csr<Real, Index>& a, int threads) : Sorted(a), CsrOperator<Real, Index>(Sorted::view(), threads) {}

  void load(const Real* user, Real* own) const override {
    for (std::size_t i = 0; i < this->user.size(); ++i) own[i] = user[this->user[i]];
  }
  void store(const Real* own, Real* user) const override {
    for (std::size_t i = 0; i < this->user.size(); ++i) user[this->user[i]] = own[i];
  }
};

template <class Real, class Index>
std::unique_ptr<Operator<Real>> make_csr(const Csr<Real, Index>& a, int threads) {
  return std::make_unique<CsrOperator<Real, Index>>(a, threads);
}

template <class Real, class Index>
std::unique_ptr<Operator<Real>> make_colored(const Csr<Real, Index>& a, int threads) {
  return std::make_unique<ColoredCsr<Real, Index>>(a, threads);
}

}  // namespace trimtab::relax
