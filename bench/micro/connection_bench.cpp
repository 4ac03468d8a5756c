//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/services.hpp"
#include "micro/ends.hpp"
#include "micro/report.hpp"

#include <boost/describe/class.hpp>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

// One unary call on one side of a connection, everything but the socket: from the bytes of a read to the bytes of a
// write, ten calls with each. bench/run counts the instructions of `serve` and `make_calls`.

using namespace joust;

namespace joust::bench {

[[gnu::noinline]] void serve(server_end& server, std::string_view requests) {
    server.deliver(requests);
}

[[gnu::noinline]] void make_calls(client_end& client, std::string_view responses) {
    client.deliver(responses);
}

} // namespace joust::bench

namespace {

constexpr std::size_t turns = 512;
constexpr std::size_t warm_up = 16;     // turns until nothing grows any more
constexpr std::int64_t iterations = 10; // connections, each of `turns`; fixed, so that callgrind counts the same work
constexpr double measured_calls = static_cast<double>(iterations * (turns - warm_up) * bench::batch);

struct player_query {
    std::string player_id;
};
struct player {
    std::string player_id;
    int level = 10;
};
BOOST_DESCRIBE_STRUCT(player_query, (), (player_id))
BOOST_DESCRIBE_STRUCT(player, (), (player_id, level))

/// README's service, but for the coroutine.
struct logic_service {
    player get_player_info(player_query q) { return {std::move(q.player_id)}; }
};
BOOST_DESCRIBE_STRUCT(logic_service, (), (get_player_info))

/// A method of a JSON service, through `game.grpc.GameService/Call`.
bench::called call_of_game() {
    game::services services;
    services.add("logic", std::make_shared<logic_service>());
    auto routes = std::make_shared<router>();
    services.bind(*routes);
    game::request_view request;
    request.service_name = "logic";
    request.method_name = "get_player_info";
    request.payload = R"({"player_id":"123"})";
    buffer bytes;
    if (!encode_request(bytes, request).ok())
        std::abort();
    return {std::move(routes), unary_method<std::string, std::string>{"/game.grpc.GameService/Call"},
            std::string(bytes.view())};
}

/// Calls of one kind, and the bytes of a connection that makes them.
struct recorded_calls {
    explicit recorded_calls(bench::called w) : what(std::move(w)), bytes(turns, what) {}

    bench::called what;
    bench::recording bytes;
};

recorded_calls const& echo_calls() {
    static recorded_calls const r(bench::call_of_echo());
    return r;
}

// `make(io)` yields an end, `step(end, i)` is turn i; false: it did not say what it said when recorded.
template <class Make, class Step>
void replay(benchmark::State& state, Make make, Step step) {
    boost::asio::io_context io(1);
    bench::counters used;
    bench::run_inside(io, [&] {
        for (auto _ : state) {
            state.PauseTiming();
            auto const end = make(io);
            bool same = true;
            for (std::size_t i = 0; i != warm_up; ++i)
                same &= step(*end, i);
            auto const before = bench::count();
            state.ResumeTiming();
            for (std::size_t i = warm_up; i != turns; ++i)
                same &= step(*end, i);
            state.PauseTiming();
            used += bench::count() - before;
            if (!same)
                state.SkipWithError("the replay differs from the recording");
            state.ResumeTiming();
        }
    });
    bench::report(state, used, measured_calls);
}

bool take(std::string& sent, std::string const& expected) {
    bool const same = sent == expected;
    sent.clear();
    return same;
}

void serve_all(benchmark::State& state, recorded_calls const& calls) {
    auto const make = [&](boost::asio::io_context& io) {
        auto end = std::make_unique<bench::server_end>(io, calls.what);
        end->sent().clear();
        return end;
    };
    replay(state, make, [&](bench::server_end& end, std::size_t i) {
        bench::serve(end, calls.bytes.requests[i]);
        return take(end.sent(), calls.bytes.responses[i]);
    });
}

void server_path(benchmark::State& state) {
    serve_all(state, echo_calls());
}
BENCHMARK(server_path)->Iterations(iterations)->Unit(benchmark::kMillisecond);

void game_path(benchmark::State& state) {
    static recorded_calls const calls(call_of_game());
    serve_all(state, calls);
}
BENCHMARK(game_path)->Iterations(iterations)->Unit(benchmark::kMillisecond);

void client_path(benchmark::State& state) {
    auto const& r = echo_calls().bytes;
    auto const make = [&](boost::asio::io_context& io) {
        auto end = std::make_unique<bench::client_end>(io, echo_calls().what);
        end->deliver(r.handshake_of_server);
        end->begin_calls();
        end->sent().clear();
        return end;
    };
    replay(state, make, [&](bench::client_end& end, std::size_t i) {
        bench::make_calls(end, r.responses[i]);
        return take(end.sent(), r.requests[i + 1]);
    });
}
BENCHMARK(client_path)->Iterations(iterations)->Unit(benchmark::kMillisecond);

} // namespace
