# Precompiled headers shared between targets. One target per kind owns the compiled header, the others reuse it.

# joust_pch(<target> <kind>): <kind> is a header in cmake/pch (asio, test, asio_test).
function(joust_pch TARGET KIND)
    set(owner joust_pch_${KIND})
    if(NOT TARGET ${owner})
        add_library(${owner} OBJECT ${PROJECT_SOURCE_DIR}/cmake/pch/empty.cpp)
        target_link_libraries(${owner} PRIVATE Boost::headers)
        if(KIND MATCHES asio)
            target_compile_definitions(${owner} PRIVATE ${JOUST_ASIO_DEFINITIONS})
        endif()
        if(KIND MATCHES test)
            target_link_libraries(${owner} PRIVATE joust_test_options Boost::unit_test_framework)
        else()
            target_link_libraries(${owner} PRIVATE joust_options)
        endif()
        # By a name without the folder of this clone, so that ccache finds it from another one, too.
        target_include_directories(${owner} PRIVATE ${PROJECT_SOURCE_DIR}/cmake)
        # Clang's have a time in them unless told so, and ccache would find nothing that was compiled with another one.
        target_compile_options(${owner} PRIVATE $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
        target_precompile_headers(${owner} PRIVATE <pch/${KIND}.hpp>)
    endif()
    target_precompile_headers(${TARGET} REUSE_FROM ${owner})
endfunction()
