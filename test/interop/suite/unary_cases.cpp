//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "suite/cases.hpp"
#include "suite/client_calls.hpp"

namespace joust::test::interop {

namespace {

awaitable<void> empty_unary(channel via, client_flags const&) {
    grpc::testing::Empty const q;
    auto calling = via.async_call(service::empty_call, q);
    result<grpc::testing::Empty> const r = co_await std::move(calling);
    require_equal(r.value().ByteSizeLong(), 0U);
}

awaitable<void> one_large_unary(channel via, client_flags const&) {
    return large_unary(std::move(via));
}

SimpleRequest expecting(bool compressed) {
    SimpleRequest q = simple_request();
    q.mutable_expect_compressed()->set_value(compressed);
    return q;
}

/// What is left for servers that look at nothing.
awaitable<void> client_compressed_unary_noprobe(channel via, client_flags const&) {
    call_options compressed;
    compressed.encoding = "gzip";
    auto first = unary(via, expecting(true), compressed);
    result<SimpleResponse> const one = co_await std::move(first);
    require_body(one.value().payload(), large_response_size);

    auto second = unary(via, expecting(false));
    result<SimpleResponse> const other = co_await std::move(second);
    require_body(other.value().payload(), large_response_size);
}

/// First a request that says it is compressed and is not: a server that lets it pass looks at nothing.
awaitable<void> client_compressed_unary(channel via, client_flags const& flags) {
    auto probing = unary(via, expecting(true));
    result<SimpleResponse> const probed = co_await std::move(probing);
    require_failure(probed, status_code::invalid_argument);
    co_await client_compressed_unary_noprobe(via, flags);
}

awaitable<void> server_compressed_unary(channel via, client_flags const&) {
    for (bool const wanted : {true, false}) {
        SimpleRequest q = simple_request();
        q.mutable_response_compressed()->set_value(wanted);
        response_info info;
        call_options options;
        options.info = &info;
        auto calling = unary(via, q, options);
        result<SimpleResponse> const r = co_await std::move(calling);
        require_body(r.value().payload(), large_response_size);
        require(info.compressed == wanted, wanted ? "the answer is not compressed" : "the answer is compressed");
    }
}

/// Every call goes to the same server.
awaitable<void> pick_first_unary(channel via, client_flags const&) {
    constexpr int calls = 100;
    SimpleRequest q = simple_request(1, 1);
    q.set_fill_server_id(true);
    std::string server;
    for (int i = 0; i != calls; ++i) {
        auto calling = unary(via, q);
        result<SimpleResponse> const r = co_await std::move(calling);
        require_body(r.value().payload(), 1);
        require(!r->server_id().empty(), "no id of the server");
        if (i == 0)
            server = r->server_id();
        require_equal(r->server_id(), server);
    }
}

constexpr test_case cases[] = {
    {"empty_unary", empty_unary},
    {"large_unary", one_large_unary},
    {"client_compressed_unary", client_compressed_unary},
    {"client_compressed_unary_noprobe", client_compressed_unary_noprobe},
    {"server_compressed_unary", server_compressed_unary},
    {"pick_first_unary", pick_first_unary},
};

} // namespace

std::span<test_case const> unary_cases() {
    return cases;
}

} // namespace joust::test::interop
