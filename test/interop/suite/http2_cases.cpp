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

/// The server says GOAWAY behind its first answer: the second call has to go over another connection.
awaitable<void> goaway(channel via, client_flags const&) {
    co_await large_unary(via);
    co_await sleep(1s); // for the GOAWAY to arrive
    co_await large_unary(via);
}

/// The server resets the stream with NO_ERROR before the status: there is none, whatever came before.
awaitable<void> require_reset(channel via, client_flags const&) {
    auto calling = unary(via, simple_request());
    result<SimpleResponse> const r = co_await std::move(calling);
    require_failure(r, status_code::internal);
}

/// The server sends pings between the frames of its answer, and looks for the acknowledgements.
awaitable<void> ping(channel via, client_flags const&) {
    return large_unary(std::move(via));
}

/// The server takes one stream at a time: the first call learns of it, the others wait for each other.
awaitable<void> max_streams(channel via, client_flags const&) {
    constexpr int calls = 15;
    co_await large_unary(via);
    std::vector<awaitable<void>> work;
    for (int i = 0; i != calls; ++i)
        work.push_back(large_unary(via));
    co_await all_of(std::move(work));
}

constexpr test_case cases[] = {
    {"goaway", goaway},
    {"rst_after_header", require_reset},
    {"rst_during_data", require_reset},
    {"rst_after_data", require_reset},
    {"ping", ping},
    {"max_streams", max_streams},
};

} // namespace

std::span<test_case const> http2_cases() {
    return cases;
}

} // namespace joust::test::interop
