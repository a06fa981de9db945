#pragma once

/// @file export.hpp
/// Marks what the shared library shows; everything else is hidden.

#if defined(_WIN32)
#if defined(TRIMTAB_BUILDING)
#define TRIMTAB_API __declspec(dllexport)
#else
#define TRIMTAB_API __declspec(dllimport)
#endif
#else
#define TRIMTAB_API __attribute__((visibility("default")))
#endif
