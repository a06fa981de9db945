#include "stencil_operator.hpp"

namespace trimtab::relax {

template std::unique_ptr<Operator<float>> make_stencil<float, 7>(const Stencil<float>&, int);
template std::unique_ptr<Operator<double>> make_stencil<double, 7>(const Stencil<double>&, int);

}  // namespace trimtab::relax
