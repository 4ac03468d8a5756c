//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "common/arguments.hpp"
#include "common/counters.hpp"
#include "common/echo.hpp"
#include "joust/game/services.hpp"
#include "joust/rpc/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/describe/class.hpp>
#include <boost/version.hpp>

#include <csignal>
#include <functional>
#include <iostream>
#include <string>
#include <utility>

namespace asio = boost::asio;
using namespace joust;

namespace {

constexpr std::string_view usage = R"(usage: load_server [--listen HOST:PORT] [--coroutine] [--no-strand] [--versions]
Answers /bench.Echo/Unary, and bench.get of a JSON service, on one thread. SIGUSR1 prints the calls since the last time and the counters per call;
SIGTERM prints all calls and ends.
)";

// Writes what was counted at each SIGUSR1.
class reporter {
public:
    reporter(asio::io_context& io, server& s) : signals_(io, SIGUSR1, SIGTERM, SIGINT), server_(s) { wait(); }

    std::uint64_t calls = 0;

private:
    void wait() {
        signals_.async_wait([this](error_code ec, int signal) {
            if (ec)
                return;
            if (signal != SIGUSR1) {
                std::cout << "all=" << calls << std::endl;
                return server_.stop();
            }
            auto const n = static_cast<double>(calls - calls_before_);
            std::cout << "calls=" << n << ' ' << (bench::count() - before_).per_call(n) << std::endl;
            calls_before_ = calls;
            before_ = bench::count();
            wait();
        });
    }

    asio::signal_set signals_;
    server& server_;
    std::uint64_t calls_before_ = 0;
    bench::counters before_;
};

struct player_query {
    std::string player_id;
};
struct player {
    std::string player_id;
    int level = 10;
};
BOOST_DESCRIBE_STRUCT(player_query, (), (player_id))
BOOST_DESCRIBE_STRUCT(player, (), (player_id, level))

} // namespace

int main(int argc, char** argv) {
    bench::arguments args(argc, argv, usage);
    auto const where = args.text("--listen", "127.0.0.1:0");
    bool const coroutine = args.flag("--coroutine");
    server_options options;
    options.use_strands = !args.flag("--no-strand");
    if (args.flag("--versions")) {
        std::cout << "GCC " __VERSION__ << ", Boost " << BOOST_LIB_VERSION << '\n';
        return 0;
    }
    args.done();

    asio::io_context io(1);
    server s(io.get_executor(), options);
    reporter report(io, s);
    game::services json;
    if (coroutine) {
        s.add(bench::echo, [&](std::string m) -> asio::awaitable<std::string> {
            ++report.calls;
            co_return m;
        });
        json.add("bench").add("get", [&](player_query q) -> asio::awaitable<player> {
            ++report.calls;
            co_return player{std::move(q.player_id)};
        });
    } else {
        s.add(bench::echo, [&](std::string m) {
            ++report.calls;
            return m;
        });
        json.add("bench").add("get", [&](player_query q) {
            ++report.calls;
            return player{std::move(q.player_id)};
        });
    }
    s.add(json);
    auto const at = s.listen(where);
    if (at.has_error()) {
        std::cerr << at.error() << '\n';
        return 1;
    }
    std::cout << "listening on " << at->to_string() << std::endl;
    io.run();
}
