#include "instantiate.hpp"

namespace trimtab {

TRIMTAB_INSTANTIATE_FFT(double)

}  // namespace trimtab
