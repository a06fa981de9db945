# The library is built once per instruction-set level, under one file name. The ELF loader (glibc >= 2.33) looks into
# lib/glibc-hwcaps/x86-64-v4 and -v3 by itself and takes the best file that the CPU can run; lib/ serves any CPU.
#   AUTO   any CPU, and the level of this machine      ALL     any CPU, v3 and v4 (release wheels)
#   BASE   any CPU only (quickest to build)            NATIVE  one library for this machine only (development)
set(TRIMTAB_ISA AUTO CACHE STRING "Instruction-set levels to build: AUTO, ALL, BASE or NATIVE")
set_property(CACHE TRIMTAB_ISA PROPERTY STRINGS AUTO ALL BASE NATIVE)
if(NOT TRIMTAB_ISA MATCHES "^(AUTO|ALL|BASE|NATIVE)$")
  message(FATAL_ERROR "TRIMTAB_ISA is '${TRIMTAB_ISA}'; it takes AUTO, ALL, BASE or NATIVE.")
endif()

set(TRIMTAB_ISA_FLAGS_v3 -march=x86-64-v3)
set(TRIMTAB_ISA_FLAGS_v4 -march=x86-64-v4 -mprefer-vector-width=512)
set(TRIMTAB_ISA_LEVELS "")

if(CMAKE_SYSTEM_NAME STREQUAL Linux AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  include(CheckCXXCompilerFlag)
  check_cxx_compiler_flag(-march=x86-64-v4 TRIMTAB_HAS_X86_LEVELS)
  if(TRIMTAB_HAS_X86_LEVELS AND TRIMTAB_ISA STREQUAL ALL)
    set(TRIMTAB_ISA_LEVELS v3 v4)
  elseif(TRIMTAB_HAS_X86_LEVELS AND TRIMTAB_ISA STREQUAL AUTO)
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -march=native -dM -E -x c++ /dev/null
      OUTPUT_VARIABLE macros ERROR_QUIET)
    if(macros MATCHES "__AVX512VL__ 1" AND macros MATCHES "__AVX512DQ__ 1" AND macros MATCHES "__AVX512BW__ 1")
      set(TRIMTAB_ISA_LEVELS v4)
    elseif(macros MATCHES "__AVX2__ 1" AND macros MATCHES "__FMA__ 1")
      set(TRIMTAB_ISA_LEVELS v3)
    endif()
  endif()
endif()
