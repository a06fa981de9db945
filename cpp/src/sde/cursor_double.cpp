#include "cursor.hpp"

namespace trimtab::sde {

template std::unique_ptr<CursorKernels<double>> make_cursor(const BrownianTree&, std::span<const std::uint64_t>,
                                                            std::span<const std::uint64_t>);

}  // namespace trimtab::sde
