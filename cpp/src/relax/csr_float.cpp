#include "csr_colors.hpp"

namespace trimtab::relax {

template std::unique_ptr<Operator<float>> make_csr(const Csr<float, std::int32_t>&, int);
template std::unique_ptr<Operator<float>> make_csr(const Csr<float, std::int64_t>&, int);
template std::unique_ptr<Operator<float>> make_colored(const Csr<float, std::int64_t>&, int);

}  // namespace trimtab::relax
