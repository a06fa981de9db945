#include "instantiate.hpp"

namespace trimtab {

TRIMTAB_INSTANTIATE_FFT(long double)

}  // namespace trimtab
