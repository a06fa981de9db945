#include "instantiate.hpp"

namespace trimtab {

TRIMTAB_INSTANTIATE_FFT(float)

}  // namespace trimtab
