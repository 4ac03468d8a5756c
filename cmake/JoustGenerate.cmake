# C++ of .proto files. Part of the installed package, so it stands alone.

cmake_policy(PUSH)
cmake_policy(VERSION 3.25)

# joust_generate(TARGET <target> PROTOS <proto>... [IMPORT_DIRS <dir>...])
#
# Adds the messages and services of the protos to a target: include them as "<path>/<name>.joust.hpp", or only the
# messages as "<path>/<name>.pb.h". Paths are those by which protos import each other, relative to the first of the
# IMPORT_DIRS, or else the calling CMakeLists.txt's folder, that holds them. Links joust::rpc and protobuf.
#
# Call it in the folder that made the target, which must not be an INTERFACE library.
function(joust_generate)
    cmake_parse_arguments(PARSE_ARGV 0 ARG "" "TARGET" "PROTOS;IMPORT_DIRS")
    if(DEFINED ARG_UNPARSED_ARGUMENTS OR NOT ARG_TARGET OR NOT ARG_PROTOS)
        message(FATAL_ERROR "usage: joust_generate(TARGET <target> PROTOS <proto>... [IMPORT_DIRS <dir>...])")
    endif()
    if(NOT TARGET ${ARG_TARGET})
        message(FATAL_ERROR "joust_generate: there is no target ${ARG_TARGET}; add it first")
    endif()
    if(NOT TARGET joust::protoc-gen-joust)
        message(FATAL_ERROR "joust_generate: this joust was built without protoc-gen-joust (JOUST_CODEGEN)")
    endif()
    _joust_protoc(${ARG_TARGET} PROTOS ${ARG_PROTOS} IMPORT_DIRS ${ARG_IMPORT_DIRS} PLUGIN joust::protoc-gen-joust)
    target_link_libraries(${ARG_TARGET} PUBLIC joust::rpc)
endfunction()

# _joust_protoc(<target> PROTOS <proto>... [IMPORT_DIRS <dir>...] [PLUGIN <target>]): the messages, and the services if
# there is a plugin.
function(_joust_protoc TARGET)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "PLUGIN" "PROTOS;IMPORT_DIRS")
    if(NOT TARGET protobuf::libprotobuf)
        find_package(Protobuf 3.21 REQUIRED GLOBAL)
    endif()

    set(out ${CMAKE_CURRENT_BINARY_DIR}/${TARGET}.protos)
    file(MAKE_DIRECTORY ${out})
    set(arguments --cpp_out=${out})
    set(suffixes .pb.cc .pb.h)
    if(ARG_PLUGIN)
        list(APPEND arguments --plugin=protoc-gen-joust=$<TARGET_FILE:${ARG_PLUGIN}> --joust_out=${out})
        # In the order of protoc's dependency file, as Ninja expects its first name to be that of the first output.
        list(PREPEND suffixes .joust.hpp)
    endif()
    foreach(dir IN LISTS ARG_IMPORT_DIRS ITEMS ${CMAKE_CURRENT_SOURCE_DIR})
        cmake_path(ABSOLUTE_PATH dir NORMALIZE)
        list(APPEND roots ${dir})
        list(APPEND arguments -I ${dir})
    endforeach()

    foreach(proto IN LISTS ARG_PROTOS)
        _joust_import_path("${proto}" "${roots}" path)
        string(REGEX REPLACE "\\.proto$" "" stem ${path})
        list(TRANSFORM suffixes PREPEND ${out}/${stem} OUTPUT_VARIABLE made)
        cmake_path(GET stem PARENT_PATH folder)
        file(MAKE_DIRECTORY ${out}/${folder})
        add_custom_command(
            OUTPUT ${made}
            COMMAND protobuf::protoc ${arguments} --dependency_out=${out}/${stem}.d ${path}
            DEPENDS ${proto} ${ARG_PLUGIN}
            DEPFILE ${out}/${stem}.d
            COMMENT "Generating C++ of ${path}"
            VERBATIM)
        # protoc's code is not held to the target's warnings.
        set_source_files_properties(${out}/${stem}.pb.cc PROPERTIES
            COMPILE_OPTIONS -w SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
        target_sources(${TARGET} PRIVATE ${made})
        set_property(TARGET ${TARGET} APPEND PROPERTY JOUST_GENERATED ${made})
    endforeach()
    target_compile_features(${TARGET} PUBLIC cxx_std_20)
    target_include_directories(${TARGET} SYSTEM PUBLIC $<BUILD_INTERFACE:${out}>)
    target_link_libraries(${TARGET} PUBLIC protobuf::libprotobuf)
endfunction()

# The path of a proto from the first of the roots that holds it.
function(_joust_import_path PROTO ROOTS RESULT)
    cmake_path(ABSOLUTE_PATH PROTO NORMALIZE OUTPUT_VARIABLE file)
    foreach(root IN LISTS ROOTS)
        cmake_path(IS_PREFIX root ${file} NORMALIZE inside)
        if(inside)
            cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${root})
            set(${RESULT} ${file} PARENT_SCOPE)
            return()
        endif()
    endforeach()
    message(FATAL_ERROR "joust_generate: ${PROTO} is in none of the import folders (${ROOTS})")
endfunction()

cmake_policy(POP)
