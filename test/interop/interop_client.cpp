//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The client of gRPC's interop tests, with the flags that those of other implementations have. Its cases are in suite/.
//
// usage: interop_client --server_host HOST --server_port PORT --test_case CASE
//                       [--use_tls --ca_file FILE --server_host_override NAME] [--soak_...]
//
// Exit code 0: the case has passed; 1: it has not, and one line says why; more: a wrong flag.

#include "suite/cases.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace asio = boost::asio;
using namespace joust;
using namespace joust::test::interop;

namespace {

/// Beyond what a soak may take; other cases are done long before.
std::chrono::seconds limit(client_flags const& f) {
    return std::chrono::seconds(30 + f.soak.overall_timeout_seconds);
}

/// Why the case failed, or nothing.
std::optional<std::string> run(test_case const& c, client_flags const& f) {
    struct shared_state {
        bool done = false;
        std::optional<std::string> why = {};
    };
    auto const state = std::make_shared<shared_state>();
    asio::io_context io(1);
    asio::co_spawn(io, c.run(make_channel(io.get_executor(), f), f), [state](std::exception_ptr e) {
        state->done = true;
        try {
            if (e)
                std::rethrow_exception(e);
        } catch (std::exception const& failed) {
            state->why = failed.what();
        }
    });
    auto const until = std::chrono::steady_clock::now() + limit(f);
    while (!state->done && io.run_one_until(until) != 0) {
    }
    if (!state->done)
        return "not done after " + std::to_string(limit(f).count()) + " s";
    return state->why;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app("The client of gRPC's interop tests");
    client_flags f;
    add(app, f);
    CLI11_PARSE(app, argc, argv);
    try {
        test_case const* const c = find_case(f.test_case);
        std::optional<std::string> why = "there is no such case";
        if (c != nullptr)
            why = run(*c, f);
        if (!why) {
            std::cout << "ok " << f.test_case << std::endl;
            return 0;
        }
        std::ranges::replace_if(
            *why, [](unsigned char b) { return b < ' '; }, ' ');
        std::cerr << "FAIL " << f.test_case << ' ' << *why << '\n';
    } catch (std::exception const& e) {
        std::cerr << "FAIL " << f.test_case << ' ' << e.what() << '\n';
    }
    return 1;
}
