# joust_protobuf(<target> <proto>...)
#
# Static library of the C++ messages of the protos below the folder of the calling CMakeLists.txt. Include them as
# "<path>.pb.h".
function(joust_protobuf TARGET)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${TARGET})
    file(MAKE_DIRECTORY ${out})
    add_library(${TARGET} STATIC)
    foreach(proto IN LISTS ARGN)
        string(REGEX REPLACE "[.]proto$" "" stem ${proto})
        add_custom_command(
            OUTPUT ${out}/${stem}.pb.cc ${out}/${stem}.pb.h
            COMMAND protobuf::protoc -I ${CMAKE_CURRENT_SOURCE_DIR} --cpp_out=${out} ${proto}
            DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${proto}
            VERBATIM)
        target_sources(${TARGET} PRIVATE ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
    endforeach()
    target_compile_features(${TARGET} PUBLIC cxx_std_20)
    target_compile_options(${TARGET} PRIVATE -w)
    target_include_directories(${TARGET} SYSTEM PUBLIC ${out})
    target_link_libraries(${TARGET} PUBLIC protobuf::libprotobuf)
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
