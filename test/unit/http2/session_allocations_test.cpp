//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/count_allocations.hpp"
#include "support/sessions.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace joust;
using namespace joust::http2;
using namespace joust::test;

BOOST_AUTO_TEST_SUITE(session_allocations)

namespace {

// Two sessions back to back that themselves allocate nothing at steady state.
class unary_pump {
public:
    unary_pump() { carry(); }

    void call(std::string_view question, std::string_view answer) {
        answer_ = answer;
        request_.append(question);
        http2::stream* const s = client_.submit_request(request_fields_, nullptr);
        client_.send(*s, request_);
        client_.finish(*s);
        carry();
    }

    int calls_done = 0;

private:
    void carry() {
        for (bool more = true; more;) {
            bool const to_server = move(client_, client_out_, server_);
            bool const to_client = move(server_, server_out_, client_);
            more = to_server || to_client;
        }
    }

    bool move(session& from, output& out, session& to) {
        out.clear();
        from.pull(out, 64 * 1024);
        handle(from);
        pieces_.clear();
        out.pieces(pieces_);
        for (auto const& p : pieces_) {
            BOOST_REQUIRE(!to.feed({reinterpret_cast<char const*>(p.data()), p.size()}));
            handle(to);
        }
        return !out.empty();
    }

    void handle(session& s) {
        for (std::size_t i = 0; i != s.event_count(); ++i) {
            event const e = s.event_at(i);
            if (e.kind == event_kind::headers)
                s.fields(e);
            if (&s == &server_ && e.kind == event_kind::data && e.end_stream) {
                s.submit_response(*e.stream, response_fields_, false);
                response_.append(answer_);
                s.send(*e.stream, response_);
                s.finish(*e.stream, trailer_fields_);
            }
            calls_done += &s == &client_ && e.kind == event_kind::stream_closed;
        }
        s.clear_events();
    }

    session client_{role::client, {}};
    session server_{role::server, {}};
    output client_out_{client_.pool()};
    output server_out_{server_.pool()};
    fields request_fields_ = grpc_request();
    fields response_fields_ = grpc_response();
    fields trailer_fields_{{"grpc-status", "0", true}, {"x-copied", "value"}};
    buffer request_;
    buffer response_;
    std::string_view answer_;
    std::vector<std::span<std::uint8_t const>> pieces_;
};

} // namespace

BOOST_AUTO_TEST_CASE(unary_exchange_at_steady_state_makes_none) {
    unary_pump pump;
    for (int i = 0; i < 10; ++i)
        pump.call("question", "answer");
    std::size_t const before = allocation_count;
    for (int i = 0; i < 1000; ++i)
        pump.call("question", "answer");
    BOOST_TEST(allocation_count - before == 0u);
    BOOST_TEST(pump.calls_done == 1010);
}

BOOST_AUTO_TEST_CASE(counter_counts) {
    std::size_t const before = allocation_count;
    operator delete(operator new(1)); // a new-expression could be optimised away
    BOOST_TEST(allocation_count - before == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
