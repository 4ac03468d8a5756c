# The layers of docs/decisions/0001-build.md: one object library each, and the libraries made of them.

# joust_layer(<name> [ASIO_PCH] [USES <layer>...] [PUBLIC <target>...] [PRIVATE <target>...])
#
# Target joust_<name> from the sources below the calling CMakeLists.txt; header-only if there are none. USES are the
# layers it may include, PUBLIC and PRIVATE the third parties of its headers and of its sources.
function(joust_layer NAME)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "ASIO_PCH" "" "USES;PUBLIC;PRIVATE")
    set(target joust_${NAME})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    if(sources)
        add_library(${target} OBJECT ${sources})
        set(scope PUBLIC)
        target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
        target_link_libraries(${target} PRIVATE joust_options ${ARG_PRIVATE})
        if(ARG_ASIO_PCH)
            joust_pch(${target} asio)
        endif()
    else()
        add_library(${target} INTERFACE)
        set(scope INTERFACE)
    endif()
    target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR}/include)

    set(closure ${NAME})
    foreach(used IN LISTS ARG_USES)
        target_link_libraries(${target} ${scope} joust_${used})
        get_target_property(closure_of_used joust_${used} JOUST_CLOSURE)
        list(APPEND closure ${closure_of_used})
    endforeach()
    list(REMOVE_DUPLICATES closure)
    target_link_libraries(${target} ${scope} ${ARG_PUBLIC})
    set_target_properties(${target} PROPERTIES
        JOUST_CLOSURE "${closure}" JOUST_PUBLIC "${ARG_PUBLIC}" JOUST_PRIVATE "${ARG_PRIVATE}")
endfunction()

# joust_library(<name> <layer>...): static library joust-<name>, alias joust::<name>, of the layers' objects.
function(joust_library NAME)
    set(target joust-${NAME})
    add_library(${target} STATIC)
    add_library(joust::${NAME} ALIAS ${target})
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${NAME})
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_include_directories(${target} PUBLIC
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
    foreach(layer IN LISTS ARGN)
        get_target_property(type joust_${layer} TYPE)
        if(type STREQUAL OBJECT_LIBRARY)
            target_sources(${target} PRIVATE $<TARGET_OBJECTS:joust_${layer}>)
        endif()
        get_target_property(public joust_${layer} JOUST_PUBLIC)
        get_target_property(private joust_${layer} JOUST_PRIVATE)
        target_link_libraries(${target} PUBLIC ${public} PRIVATE ${private})
    endforeach()
endfunction()

# joust_link_layers(<target> <layer>...): the objects of the layers and of all they use, for tests of one layer.
function(joust_link_layers TARGET)
    foreach(layer IN LISTS ARGN)
        get_target_property(closure joust_${layer} JOUST_CLOSURE)
        list(TRANSFORM closure PREPEND joust_)
        target_link_libraries(${TARGET} PRIVATE ${closure})
    endforeach()
endfunction()

# joust_program(<name> SOURCES <file>... [LIBS <target>...]): an example, bench or tool on Asio, in <build>/bin.
function(joust_program NAME)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBS")
    add_executable(${NAME} ${ARG_SOURCES})
    target_link_libraries(${NAME} PRIVATE joust_options ${ARG_LIBS})
    # GCC 12 inlines the operators new of Boost 1.81's coroutine frames, not their operators delete, and sees a mismatch.
    target_compile_options(${NAME} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
    joust_pch(${NAME} asio)
endfunction()
