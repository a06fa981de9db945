# Eigen >= 3.4: the system's, or the one the builder points at, wins; else the headers of the build requirement
# cmeel-eigen, which live under <site-packages>/cmeel.prefix. The version is compared here and not in find_package,
# whose same-major rule would refuse Eigen 5.
set(eigen_minimum 3.4)
find_package(Eigen3 CONFIG QUIET)
if(Eigen3_FOUND AND Eigen3_VERSION VERSION_LESS eigen_minimum)
  message(STATUS "Eigen ${Eigen3_VERSION} in ${Eigen3_DIR} is older than ${eigen_minimum}; looking further")
  set(Eigen3_FOUND FALSE)
  unset(Eigen3_DIR CACHE)
endif()
if(NOT Eigen3_FOUND)
  list(TRANSFORM CMAKE_PREFIX_PATH APPEND /cmeel.prefix OUTPUT_VARIABLE cmeel_prefixes)
  find_package(Eigen3 CONFIG QUIET PATHS ${cmeel_prefixes} NO_DEFAULT_PATH)
endif()
if(NOT Eigen3_FOUND)
  message(FATAL_ERROR
    "Eigen ${eigen_minimum} or newer was not found. Any one of these mends it:\n"
    "  pip install .               (build isolation brings its own Eigen)\n"
    "  pip install cmeel-eigen     (for pip install --no-build-isolation .)\n"
    "  apt-get install libeigen3-dev | dnf install eigen3-devel | brew install eigen\n"
    "  cmake -DEigen3_DIR=<prefix>/share/eigen3/cmake ...")
endif()
message(STATUS "Eigen ${Eigen3_VERSION} from ${Eigen3_DIR}")
