//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/session.hpp"
#include "micro/report.hpp"

#include <array>
#include <string_view>

// Two sessions back to back: the cost of HTTP/2 on both sides of a unary call, ten calls with each exchange.

using namespace joust;

namespace {

constexpr std::array<header_field, 6> request_fields{{
    {":method", "POST", true},
    {":scheme", "http", true},
    {":path", "/bench.Echo/Unary", true},
    {":authority", "127.0.0.1:50051", true},
    {"te", "trailers", true},
    {"content-type", "application/grpc", true},
}};
constexpr std::array<header_field, 2> response_fields{{
    {":status", "200", true},
    {"content-type", "application/grpc", true},
}};
constexpr std::array<header_field, 1> trailer_fields{{{"grpc-status", "0", true}}};
constexpr std::string_view message = "12345hello, joust";

class session_pair {
public:
    session_pair() { carry(); }

    void exchange(int calls) {
        for (int i = 0; i != calls; ++i) {
            bytes_.append(message);
            http2::stream* const s = client_.submit_request(request_fields, nullptr);
            client_.send(*s, bytes_);
            client_.finish(*s);
        }
        carry();
    }

    double closed = 0;

private:
    void carry() {
        for (bool more = true; more;) {
            bool const to_server = move(client_, client_out_, server_);
            bool const to_client = move(server_, server_out_, client_);
            more = to_server || to_client;
        }
    }

    bool move(http2::session& from, http2::output& out, http2::session& to) {
        out.clear();
        from.pull(out, 64 * 1024);
        handle(from);
        pieces_.clear();
        out.pieces(pieces_);
        for (auto const& p : pieces_) {
            if (to.feed({reinterpret_cast<char const*>(p.data()), p.size()}))
                std::abort();
            handle(to);
        }
        return !out.empty();
    }

    void handle(http2::session& s) {
        for (std::size_t i = 0; i != s.event_count(); ++i) {
            http2::event const e = s.event_at(i);
            if (e.kind == http2::event_kind::headers)
                benchmark::DoNotOptimize(s.fields(e).data());
            else if (&s == &server_ && e.kind == http2::event_kind::data && e.end_stream)
                answer(*e.stream);
            else if (&s == &client_ && e.kind == http2::event_kind::stream_closed)
                ++closed;
        }
        s.clear_events();
    }

    void answer(http2::stream& s) {
        server_.submit_response(s, response_fields, false);
        bytes_.append(message);
        server_.send(s, bytes_);
        server_.finish(s, trailer_fields);
    }

    http2::session client_{role::client, {}};
    http2::session server_{role::server, {}};
    http2::output client_out_{client_.pool()};
    http2::output server_out_{server_.pool()};
    buffer bytes_;
    std::vector<std::span<std::uint8_t const>> pieces_;
};

void http2_session_pair(benchmark::State& state) {
    constexpr int batch = 10;
    session_pair pair;
    for (int i = 0; i != batch; ++i)
        pair.exchange(batch);
    auto const before = bench::count();
    double const closed = pair.closed;
    for (auto _ : state)
        pair.exchange(batch);
    bench::report(state, bench::count() - before, pair.closed - closed);
}
BENCHMARK(http2_session_pair);

} // namespace
