# Messages without services; joust_generate (JoustGenerate.cmake) makes both.

# joust_protobuf(<target> <proto>...)
#
# Static library of the C++ messages of the protos below the folder of the calling CMakeLists.txt. Include them as
# "<path>.pb.h".
function(joust_protobuf TARGET)
    add_library(${TARGET} STATIC)
    _joust_protoc(${TARGET} PROTOS ${ARGN})
endfunction()

# joust_python_protos(<target> <proto>...): the same messages for the Python peers, in <build>/python.
function(joust_python_protos TARGET)
    set(out ${PROJECT_BINARY_DIR}/python)
    file(MAKE_DIRECTORY ${out})
    foreach(proto IN LISTS ARGN)
        string(REGEX REPLACE "[.]proto$" "" stem ${proto})
        add_custom_command(
            OUTPUT ${out}/${stem}_pb2.py
            COMMAND protobuf::protoc -I ${CMAKE_CURRENT_SOURCE_DIR} --python_out=${out} ${proto}
            DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${proto}
            VERBATIM)
        list(APPEND modules ${out}/${stem}_pb2.py)
    endforeach()
    add_custom_target(${TARGET} ALL DEPENDS ${modules})
endfunction()

# joust_descriptor_set(<target> <file> <proto>...): their descriptors, in <build>/python.
function(joust_descriptor_set TARGET FILE)
    set(out ${PROJECT_BINARY_DIR}/python/${FILE})
    list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE sources)
    add_custom_command(
        OUTPUT ${out}
        COMMAND protobuf::protoc -I ${CMAKE_CURRENT_SOURCE_DIR} --descriptor_set_out=${out} ${ARGN}
        DEPENDS ${sources}
        VERBATIM)
    add_custom_target(${TARGET} ALL DEPENDS ${out})
endfunction()
