#pragma once

#include <trimtab/core/error.hpp>
#include <trimtab/trimtab.h>

#include <new>
#include <stdexcept>

/// @file status.hpp
/// Turns exceptions into status codes at the C boundary.

namespace trimtab::capi {

void remember(const char* text) noexcept;  ///< becomes trimtab_last_error() of this thread

template <class Body>
trimtab_status guarded(Body&& body) noexcept {
  try {
    body();
    return TRIMTAB_OK;
  } catch (const std::invalid_argument& e) {
    remember(e.what());
    return TRIMTAB_INVALID_ARGUMENT;
  } catch (const Failure& e) {
    remember(e.what());
    return TRIMTAB_FAILURE;
  } catch (const std::bad_alloc&) {
    remember("out of memory");
    return TRIMTAB_OUT_OF_MEMORY;
  } catch (const std::exception& e) {
    remember(e.what());
    return TRIMTAB_INTERNAL;
  } catch (...) {
    remember("an exception that is not a std::exception");
    return TRIMTAB_INTERNAL;
  }
}

}  // namespace trimtab::capi
