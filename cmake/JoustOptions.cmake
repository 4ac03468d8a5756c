# What every target of this project is compiled and linked with.

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

# What whoever includes Asio beside us has to define, too: see joust/core/config.hpp.
set(JOUST_ASIO_DEFINITIONS BOOST_ASIO_SEPARATE_COMPILATION)
if(JOUST_ASIO_NO_DEPRECATED)
    list(APPEND JOUST_ASIO_DEFINITIONS BOOST_ASIO_NO_DEPRECATED JOUST_ASIO_NO_DEPRECATED)
endif()

add_library(joust_options INTERFACE)
target_compile_features(joust_options INTERFACE cxx_std_20)
target_compile_options(joust_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion
    $<$<NOT:$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wshadow> # sources that are compiled together see each other's names
    -Wold-style-cast
    $<$<BOOL:${JOUST_WERROR}>:-Werror>)

# Test code is compiled without optimisation: Boost.Test's expressions compile three times faster, and the library under
# test is optimised all the same.
add_library(joust_test_options INTERFACE)
target_link_libraries(joust_test_options INTERFACE joust_options)
target_compile_options(joust_test_options INTERFACE -O0)

# Types of anonymous namespaces may be bases and members of a source's other types, which GCC tells of once the source is
# included in another one.
if(CMAKE_UNITY_BUILD)
    target_compile_options(joust_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
elseif(JOUST_UNITY_TESTS)
    target_compile_options(joust_test_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()

# ccache only accepts precompiled headers with these sloppiness settings. The others let clones in different folders
# share what they compile.
find_program(JOUST_CCACHE ccache)
if(PROJECT_IS_TOP_LEVEL AND JOUST_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${JOUST_CCACHE})
endif()

find_program(JOUST_MOLD mold)
find_program(JOUST_LLD ld.lld)
if(PROJECT_IS_TOP_LEVEL AND JOUST_MOLD)
    add_link_options(-fuse-ld=mold)
elseif(PROJECT_IS_TOP_LEVEL AND JOUST_LLD)
    add_link_options(-fuse-ld=lld)
endif()
