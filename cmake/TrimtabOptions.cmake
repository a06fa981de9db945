# Every switch that a builder may set.
if(DEFINED SKBUILD)
  set(python_default ON)
else()
  set(python_default OFF)
endif()
option(TRIMTAB_PYTHON "Build the Python extension module" ${python_default})
option(TRIMTAB_TESTS "Build the C++ tests" OFF)
option(TRIMTAB_BENCH "Build the C++ benchmarks" OFF)
option(TRIMTAB_WERROR "Treat warnings as errors" OFF)
set(TRIMTAB_SANITIZE "" CACHE STRING "Sanitizers for everything built here, as for -fsanitize= (address,undefined or thread)")
set(TRIMTAB_FORTRAN AUTO CACHE STRING "Fortran module: AUTO (if a compiler works), ON (fail without one), OFF")
set_property(CACHE TRIMTAB_FORTRAN PROPERTY STRINGS AUTO ON OFF)
if(NOT TRIMTAB_FORTRAN MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "TRIMTAB_FORTRAN is '${TRIMTAB_FORTRAN}'; it takes AUTO, ON or OFF.")
endif()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

# A wheel keeps the C, C++ and Fortran side inside the Python package.
include(GNUInstallDirs)
if(DEFINED SKBUILD)
  set(TRIMTAB_LIBDIR trimtab/lib)
  set(TRIMTAB_INCLUDEDIR trimtab/include)
else()
  set(TRIMTAB_LIBDIR ${CMAKE_INSTALL_LIBDIR})
  set(TRIMTAB_INCLUDEDIR ${CMAKE_INSTALL_INCLUDEDIR})
endif()

# Reproducible arithmetic: no contraction to FMA, so every instruction set and every vector tail gives the same bits.
set(gnu_like "$<COMPILE_LANG_AND_ID:CXX,GNU,Clang,AppleClang>")
add_library(trimtab_flags INTERFACE)
target_compile_options(trimtab_flags INTERFACE
  $<${gnu_like}:-Wall;-Wextra;-ffp-contract=off;-fno-math-errno;-fno-trapping-math>
  $<$<AND:${gnu_like},$<BOOL:${TRIMTAB_WERROR}>>:-Werror>)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(trimtab_flags INTERFACE $<${gnu_like}:-O3>)
endif()
if(TRIMTAB_SANITIZE)
  add_compile_options(-fsanitize=${TRIMTAB_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  if(TRIMTAB_SANITIZE MATCHES address) # which sees bad pointers by itself: the checks of each would double the build
    add_compile_options(-fno-sanitize=null,alignment,object-size)
  endif()
  add_link_options(-fsanitize=${TRIMTAB_SANITIZE})
endif()
