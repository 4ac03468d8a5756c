# cmake --install: headers, libraries, the tools that were built, a CMake package with components, pkg-config files.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/joust)

# joust_install(<component> <target>...): an export set for each component, so that one needs nothing of another's.
function(joust_install COMPONENT)
    install(TARGETS ${ARGN} EXPORT joust-${COMPONENT}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(EXPORT joust-${COMPONENT} NAMESPACE joust:: FILE joust-${COMPONENT}.cmake DESTINATION ${package_dir})
endfunction()

joust_install(rpc joust-rpc)
if(JOUST_GAME)
    joust_install(game joust-game)
else()
    set(no_game PATTERN joust/game EXCLUDE PATTERN joust/joust.hpp EXCLUDE)
endif()
if(JOUST_OPS)
    joust_install(ops joust-ops)
endif()
joust_install(joust joust)
if(JOUST_CODEGEN)
    joust_install(codegen protoc-gen-joust)
endif()
if(TARGET joust_cli)
    install(TARGETS joust_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/joust DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${no_game})

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/joustConfig.cmake.in ${PROJECT_BINARY_DIR}/joustConfig.cmake
    INSTALL_DESTINATION ${package_dir})
# Before 1.0 each minor version may break its users.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/joustConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/joustConfig.cmake
    ${PROJECT_BINARY_DIR}/joustConfigVersion.cmake
    ${PROJECT_SOURCE_DIR}/cmake/JoustGenerate.cmake
    ${PROJECT_SOURCE_DIR}/third_party/FindNghttp2.cmake
    ${PROJECT_SOURCE_DIR}/third_party/FindZstd.cmake
    DESTINATION ${package_dir})

# From the folder of the .pc files to the prefix, so that an installed tree can be moved.
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH up /${pkgconfig_dir} /)
string(REGEX REPLACE "/$" "" up "${up}")
if(JOUST_GAME)
    set(game_libs "-L\${libdir} -ljoust-game -lboost_json")
    set(game_requires ", simdjson")
endif()
if(JOUST_ZSTD)
    set(zstd_requires ", libzstd")
endif()
if(JOUST_OPS)
    set(ops_libs "-L\${libdir} -ljoust-ops")
    set(ops_requires ", protobuf >= 3.21")
endif()
list(TRANSFORM JOUST_ASIO_DEFINITIONS PREPEND -D OUTPUT_VARIABLE asio_definitions)
list(JOIN asio_definitions " " asio_definitions)
foreach(name IN ITEMS joust-rpc joust)
    configure_file(${PROJECT_SOURCE_DIR}/cmake/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${pkgconfig_dir})
endforeach()
