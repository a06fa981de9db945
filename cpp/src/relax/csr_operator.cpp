#include "csr_colors.hpp"

namespace trimtab::relax {

template <class Real, class Index>
std::unique_ptr<Operator<Real>> make_csr(const Csr<Real, Index>& a, int threads) {
  return std::make_unique<CsrOperator<Real, Index>>(a, threads);
}

template <class Real, class Index>
std::unique_ptr<Operator<Real>> make_colored(const Csr<Real, Index>& a, int threads) {
  return std::make_unique<ColoredCsr<Real, Index>>(a, threads);
}

template std::unique_ptr<Operator<float>> make_csr(const Csr<float, std::int32_t>&, int);
template std::unique_ptr<Operator<float>> make_csr(const Csr<float, std::int64_t>&, int);
template std::unique_ptr<Operator<double>> make_csr(const Csr<double, std::int32_t>&, int);
template std::unique_ptr<Operator<double>> make_csr(const Csr<double, std::int64_t>&, int);
template std::unique_ptr<Operator<float>> make_colored(const Csr<float, std::int64_t>&, int);
template std::unique_ptr<Operator<double>> make_colored(const Csr<double, std::int64_t>&, int);

}  // namespace trimtab::relax
