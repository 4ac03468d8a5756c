# Tests: C++ binaries on Boost.Test and Python scripts, all run by ctest with a time limit.

# The stock Python peers are Debian's packages, so Debian's interpreter comes before any other in the PATH.
find_program(JOUST_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(JOUST_PYTHON python3)

# joust_test(<name> SOURCES <file>... [LABELS <label>...] [LIBS <target>...] [LAYERS <layer>...] [TIMEOUT <seconds>])
#
# One binary of Boost.Test cases; nothing while there are no sources. LAYERS links object files of those layers and
# below, LIBS whole libraries.
function(joust_test NAME)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "TIMEOUT" "SOURCES;LABELS;LIBS;LAYERS")
    if(NOT ARG_SOURCES)
        return()
    endif()
    add_executable(${NAME} ${ARG_SOURCES} $<TARGET_OBJECTS:joust_test_main>)
    # Tests see the private headers ("http2/session.hpp") and the helpers ("support/frames.hpp").
    target_include_directories(${NAME} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/test)
    target_link_libraries(${NAME} PRIVATE joust_test_options Boost::unit_test_framework ${ARG_LIBS})
    joust_link_layers(${NAME} ${ARG_LAYERS})
    set_target_properties(${NAME} PROPERTIES UNITY_BUILD ${JOUST_UNITY_TESTS})
    add_test(NAME ${NAME} COMMAND ${NAME} --catch_system_errors=no --color_output=no)
    if(ARG_TIMEOUT)
        set(timeout TIMEOUT ${ARG_TIMEOUT})
    endif()
    joust_test_properties(${NAME} LABELS ${ARG_LABELS} ${timeout})
endfunction()

# joust_python_test(<name> <script> [LABELS <label>...] [TIMEOUT <seconds>])
#
# The script finds programs in $JOUST_BIN, generated protobuf modules in its PYTHONPATH and may use Debian's grpcio. It
# ends with 77 when a program that it needs is not there.
function(joust_python_test NAME SCRIPT)
    add_test(NAME ${NAME} COMMAND ${JOUST_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/${SCRIPT})
    joust_test_properties(${NAME} ${ARGN})
    set_tests_properties(${NAME} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()

# joust_refused_test(<name> <file> <target> [LABELS <label>...])
#
# The file must not compile with the include folders of the target, and the errors be those of its comments, which are
# read by GCC's words: see refuse.py.
function(joust_refused_test NAME FILE TARGET)
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        return()
    endif()
    set(includes $<TARGET_PROPERTY:${TARGET},INCLUDE_DIRECTORIES>)
    add_test(NAME ${NAME}
        COMMAND ${JOUST_PYTHON} ${PROJECT_SOURCE_DIR}/test/support/refuse.py ${FILE}
            ${CMAKE_CXX_COMPILER} -std=c++20 -DBOOST_ASIO_SEPARATE_COMPILATION "-I$<JOIN:${includes},;-I>"
        COMMAND_EXPAND_LISTS)
    joust_test_properties(${NAME} TIMEOUT 180 ${ARGN})
endfunction()

# joust_test_properties(<test> [LABELS <label>...] [TIMEOUT <seconds>]): what all tests have in common. The time is that of
# a release build; others get four times as much.
function(joust_test_properties NAME)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "TIMEOUT" "LABELS")
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 60)
    endif()
    if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
        math(EXPR ARG_TIMEOUT "4 * ${ARG_TIMEOUT}")
    endif()
    set(environment
        JOUST_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}
        PYTHONPATH=${PROJECT_BINARY_DIR}/python
        PYTHONDONTWRITEBYTECODE=1
        UBSAN_OPTIONS=print_stacktrace=1)
    set_tests_properties(${NAME} PROPERTIES
        LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT "${environment}")
endfunction()
