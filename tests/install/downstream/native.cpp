#include <trimtab/trimtab.h>

#include <pybind11/pybind11.h>

PYBIND11_MODULE(_native, m) { m.def("trimtab_version", &trimtab_version); }
