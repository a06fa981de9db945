#include "csr_colors.hpp"

namespace trimtab::relax {

template std::unique_ptr<Operator<double>> make_csr(const Csr<double, std::int32_t>&, int);
template std::unique_ptr<Operator<double>> make_csr(const Csr<double, std::int64_t>&, int);
template std::unique_ptr<Operator<double>> make_colored(const Csr<double, std::int64_t>&, int);

}  // namespace trimtab::relax
