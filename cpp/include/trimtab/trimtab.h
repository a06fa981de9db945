#ifndef TRIMTAB_H
#define TRIMTAB_H

/**
 * @file trimtab.h
 * The C interface of trimtab, also the ground under the Fortran module.
 *
 * Every function that can fail returns a status: TRIMTAB_OK, or a code below whose text trimtab_last_error() gives, per
 * thread. Codes are never reused. Arrays are the caller's, double precision, contiguous.
 */

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#if defined(TRIMTAB_BUILDING)
#define TRIMTAB_C_API __declspec(dllexport)
#else
#define TRIMTAB_C_API __declspec(dllimport)
#endif
#else
#define TRIMTAB_C_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum trimtab_status {
  TRIMTAB_OK = 0,
  TRIMTAB_INVALID_ARGUMENT = 1, /**< an argument is out of range or of the wrong size */
  TRIMTAB_OUT_OF_MEMORY = 2,
  TRIMTAB_FAILURE = 3, /**< the computation cannot go on; its last good state is kept */
  TRIMTAB_STOPPED = 4, /**< a callback or the time limit ended the run early */
  TRIMTAB_INTERNAL = 99
} trimtab_status;

/** Text of this thread's last error, "" if there was none. Valid until this thread's next call. */
TRIMTAB_C_API const char* trimtab_last_error(void);

/** Version of the library, "major.minor.patch". */
TRIMTAB_C_API const char* trimtab_version(void);

/** Instruction-set level of the loaded library: "base", "v3" or "v4". */
TRIMTAB_C_API const char* trimtab_isa_level(void);

/** Default number of threads of every later call; 0 returns to the environment's choice. */
TRIMTAB_C_API trimtab_status trimtab_set_threads(int threads);

#ifdef __cplusplus
}
#endif

#endif
