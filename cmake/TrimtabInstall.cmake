# Headers, CMake package and pkg-config file; the targets install themselves in cpp/.
include(CMakePackageConfigHelpers)
set(package_dir ${TRIMTAB_LIBDIR}/cmake/trimtab)

install(DIRECTORY cpp/include/trimtab DESTINATION ${TRIMTAB_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp" PATTERN "*.h")
install(EXPORT trimtab-targets NAMESPACE trimtab:: DESTINATION ${package_dir})
configure_package_config_file(cmake/trimtab-config.cmake.in ${PROJECT_BINARY_DIR}/trimtab-config.cmake
  INSTALL_DESTINATION ${package_dir} PATH_VARS TRIMTAB_INCLUDEDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/trimtab-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/trimtab-config.cmake ${PROJECT_BINARY_DIR}/trimtab-config-version.cmake
  DESTINATION ${package_dir})

# The .pc file starts from its own place, so the tree can be moved.
file(RELATIVE_PATH TRIMTAB_PC_INCLUDE /p/${TRIMTAB_LIBDIR}/pkgconfig /p/${TRIMTAB_INCLUDEDIR})
configure_file(cmake/trimtab.pc.in ${PROJECT_BINARY_DIR}/trimtab.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/trimtab.pc DESTINATION ${TRIMTAB_LIBDIR}/pkgconfig)
