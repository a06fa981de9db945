#include "operator.hpp"

#include <trimtab/core/error.hpp>

#include <string>

namespace trimtab::relax {
namespace {

template <class Real>
std::unique_ptr<Operator<Real>> make(const Stencil<Real>& a, int threads) {
  if (a.nz < 1 || a.ny < 1 || a.nx < 1) reject("A", "a grid of at least one point", static_cast<double>(0));
  if (a.nz > 1 && a.points != 7) reject("points", "7 for a grid of several planes", a.points);
  switch (a.points) {
    case 5:
      return make_stencil<Real, 5>(a, threads);
    case 7:
      return make_stencil<Real, 7>(a, threads);
    case 9:
      return make_stencil<Real, 9>(a, threads);
    default:
      reject("points", "5, 7 or 9", a.points);
  }
}

}  // namespace

template <class Real>
Matrix<Real>::Matrix(const Csr<Real, std::int32_t>& a, int threads) : operator_(make_csr(a, threads)) {}
template <class Real>
Matrix<Real>::Matrix(const Csr<Real, std::int64_t>& a, int threads) : operator_(make_csr(a, threads)) {}
template <class Real>
Matrix<Real>::Matrix(const Stencil<Real>& a, int threads) : operator_(make(a, threads)) {}
template <class Real>
Matrix<Real>::~Matrix() = default;
template <class Real>
Matrix<Real>::Matrix(Matrix&&) noexcept = default;
template <class Real>
Matrix<Real>& Matrix<Real>::operator=(Matrix&&) noexcept = default;

template <class Real>
std::size_t Matrix<Real>::size() const {
  return operator_->size();
}

template <class Real>
int Matrix<Real>::threads() const {
  return operator_->threads();
}

template <class Real>
double Matrix<Real>::jacobi_norm() const {
  return operator_->jacobi_norm();
}

template <class Real>
void Matrix<Real>::multiply(std::span<const Real> x, std::span<Real> y) const {
  check_vector<Real>("x", x, size());
  if (y.size() != size()) reject("y", std::to_string(size()) + " numbers", static_cast<double>(y.size()));
  Vector<Real> own_x(operator_->storage()), own_y(own_x.size());
  operator_->load(x.data(), own_x.data());
  operator_->multiply(own_x.data(), own_y.data());
  operator_->store(own_y.data(), y.data());
}

template <class Real>
std::int64_t Matrix<Real>::negative_diagonal() const {
  std::vector<Real> d(size());
  operator_->store(operator_->diagonal(), d.data());
  for (std::size_t i = 0; i < d.size(); ++i)
    if (d[i] < 0) return static_cast<std::int64_t>(i);
  return -1;
}

void check_options(double omega, const StopOptions& stop) {
  if (!(omega > 0 && omega < 2)) reject("omega", "a number in (0, 2), outside of which SOR diverges", omega);
  if (!(stop.rtol >= 0 && stop.atol >= 0 && stop.rtol + stop.atol > 0))
    reject("rtol", "rtol and atol >= 0, one of them > 0", stop.rtol);
  if (stop.max_iterations < 1) reject("maxiter", "an integer >= 1", static_cast<double>(stop.max_iterations));
}

template <class Real>
void check_vector(const char* name, std::span<const Real> v, std::size_t rows) {
  if (v.size() != rows)
    throw std::invalid_argument(std::string(name) + ": has length " + std::to_string(v.size()) + ", A has " +
                                std::to_string(rows) + " rows");
  for (std::size_t i = 0; i < rows; ++i)
    if (!std::isfinite(v[i])) reject(name, "finite numbers", std::to_string(v[i]) + " at index " + std::to_string(i));
}

template <class Real>
void check_columns(std::span<const Real> b, std::span<const Real> x, std::size_t rows, std::size_t total) {
  if (total != 1 && (b.size() != total * rows || x.size() != total * rows))
    throw std::invalid_argument("b: has length " + std::to_string(b.size()) + ", expected " + std::to_string(total) +
                                " times the " + std::to_string(rows) + " rows of A, as x0");
  for (std::size_t i = 0; i < total; ++i) {
    const auto column = [&](std::span<const Real> v) { return total == 1 ? v : v.subspan(i * rows, rows); };
    check_vector<Real>("b", column(b), rows);
    check_vector<Real>("x0", column(x), rows);
  }
}

template void check_columns<float>(std::span<const float>, std::span<const float>, std::size_t, std::size_t);
template void check_columns<double>(std::span<const double>, std::span<const double>, std::size_t, std::size_t);
template void check_vector<float>(const char*, std::span<const float>, std::size_t);
template void check_vector<double>(const char*, std::span<const double>, std::size_t);
template class Matrix<float>;
template class Matrix<double>;

}  // namespace trimtab::relax
