#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

/// A failed check prints its place and ends the program with status 1.
#define CHECK(condition)                                                             \
  do {                                                                               \
    if (!(condition)) {                                                              \
      std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      std::exit(1);                                                                  \
    }                                                                                \
  } while (false)

/// |a - b| <= tolerance; NaN fails.
#define CHECK_NEAR(a, b, tolerance)                                                                \
  do {                                                                                             \
    const double a_ = (a), b_ = (b);                                                               \
    if (!(std::abs(a_ - b_) <= (tolerance))) {                                                     \
      std::fprintf(stderr, "%s:%d: %s = %.17g, expected %.17g\n", __FILE__, __LINE__, #a, a_, b_); \
      std::exit(1);                                                                                \
    }                                                                                              \
  } while (false)

/// The expression throws the exception, and its text holds the words.
#define CHECK_THROWS(expression, Exception, words)                                                  \
  do {                                                                                              \
    bool thrown_ = false;                                                                           \
    try {                                                                                           \
      (void)(expression);                                                                           \
    } catch (const Exception& e) {                                                                  \
      thrown_ = std::string(e.what()).find(words) != std::string::npos;                             \
      if (!thrown_) std::fprintf(stderr, "%s:%d: message was: %s\n", __FILE__, __LINE__, e.what()); \
    }                                                                                               \
    CHECK(thrown_ && #expression " throws " #Exception);                                            \
  } while (false)
