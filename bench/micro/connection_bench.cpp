//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "micro/ends.hpp"
#include "micro/report.hpp"

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

bench::recording const& recorded() {
    static bench::recording const r(turns);
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

void server_path(benchmark::State& state) {
    auto const& r = recorded();
    auto const make = [&](boost::asio::io_context& io) {
        auto end = std::make_unique<bench::server_end>(io);
        end->sent().clear();
        return end;
    };
    replay(state, make, [&](bench::server_end& end, std::size_t i) {
        bench::serve(end, r.requests[i]);
        return take(end.sent(), r.responses[i]);
    });
}
BENCHMARK(server_path)->Iterations(iterations)->Unit(benchmark::kMillisecond);

void client_path(benchmark::State& state) {
    auto const& r = recorded();
    auto const make = [&](boost::asio::io_context& io) {
        auto end = std::make_unique<bench::client_end>(io);
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
