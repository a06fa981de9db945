#include "bindings.hpp"

#include <trimtab/core/cpu.hpp>
#include <trimtab/core/parallel.hpp>

namespace trimtab::py {

void bind_core(pb::module_ m) {
  m.def("version", &version);
  m.def("compiler", &compiler);
  m.def("eigen_version", &eigen_version);
  m.def("isa_level", &isa_level);
  m.def("available_cpus", &available_cpus);
  m.def("resolve_threads", &resolve_threads, pb::arg("requested"));
  m.def("set_threads", &set_threads, pb::arg("threads"));
}

}  // namespace trimtab::py
