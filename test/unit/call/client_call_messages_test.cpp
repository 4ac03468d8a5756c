//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The messages of a client's call: their limits, their window, and what comes of broken ones.

#include "support/client_call_script.hpp"
#include "support/for_each_cut.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace joust;
using namespace joust::call;
using namespace joust::test;

BOOST_AUTO_TEST_SUITE(client_call_messages)

BOOST_AUTO_TEST_CASE(messages_before_the_peers_status_are_still_read) {
    call_script s;
    s.call.half_close();
    s.open().data(grpc_message("one") + grpc_message("two")).trailers({{"grpc-status", "10"}});
    s.expect(status_code::aborted, status_origin::peer);
    s.call.on_closed(http2::error_code::no_error, start);
    BOOST_TEST(s.read() == "one");
    BOOST_TEST(s.read() == "two");
    BOOST_TEST(s.read() == "(end)");
    s.expect(status_code::aborted, status_origin::peer);
}

BOOST_AUTO_TEST_CASE(stream_that_ends_inside_a_message_is_internal) {
    std::string const body = grpc_message("one") + grpc_message("two");
    for (std::size_t size = 0; size <= body.size(); ++size) {
        for (bool const wanted : {true, false}) {
            call_script s;
            s.call.half_close();
            s.call.want_message(wanted);
            s.open().data(body.substr(0, size)).trailers();
            bool const whole = size == 0 || size == body.size() / 2 || size == body.size();
            s.expect(whole ? status_code::ok : status_code::internal, status_origin::peer);
            if (size >= body.size() / 2)
                BOOST_TEST(s.read() == "one"); // what was whole is not lost
        }
    }
}

BOOST_AUTO_TEST_CASE(stream_that_ends_inside_a_message_with_an_error_keeps_the_error) {
    call_script s;
    s.open().data(grpc_message("one").substr(0, 6)).trailers({{"grpc-status", "10"}});
    s.expect(status_code::aborted, status_origin::peer);
    BOOST_TEST(s.read() == "(failed)");
    s.expect(status_code::aborted, status_origin::peer);
}

BOOST_AUTO_TEST_CASE(only_message_of_an_answer_is_read) {
    for_each_cut(grpc_message("answer"), [](auto pieces) {
        call_script s;
        s.open();
        for (std::string_view const piece : pieces)
            s.data(piece);
        s.trailers();
        result<buffer> const answer = s.call.read_only();
        BOOST_TEST_REQUIRE(answer.has_value());
        BOOST_TEST(answer->view() == "answer");
    });
}

BOOST_AUTO_TEST_CASE(answer_with_no_message_or_two_is_internal) {
    for (std::string const& body : {std::string(), grpc_message("one") + grpc_message("two")}) {
        call_script s;
        s.open().data(body).trailers();
        s.expect(status_code::ok, status_origin::peer);
        result<buffer> const answer = s.call.read_only();
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST((answer.error().code() == status_code::internal));
    }
}

BOOST_AUTO_TEST_CASE(message_above_the_receive_limit_is_resource_exhausted_at_its_prefix) {
    call_script s({.max_receive_message_size = 10});
    s.call.want_message(true);
    s.open().data(grpc_message("01234567890").substr(0, 5));
    BOOST_TEST(s.call.readable());
    BOOST_TEST(s.read() == "(failed)");
    s.expect(status_code::resource_exhausted, status_origin::local);
    BOOST_TEST(s.out.log() == "reset CANCEL");
}

BOOST_AUTO_TEST_CASE(message_above_the_receive_limit_is_not_hidden_by_trailers) {
    call_script s({.max_receive_message_size = 10});
    s.open().data(grpc_message("first") + grpc_message("01234567890")).trailers();
    s.expect(status_code::resource_exhausted, status_origin::local);
    BOOST_TEST(s.read() == "first");
    BOOST_TEST(s.read() == "(failed)");
}

BOOST_AUTO_TEST_CASE(only_message_that_breaks_a_rule_ends_the_call_at_once) {
    std::string const one = grpc_message("one");
    for_each_cut(one + grpc_message("two"), [](auto pieces) {
        call_script s;
        s.call.want_only_message();
        s.open();
        for (std::string_view const piece : pieces)
            s.data(piece);
        s.expect(status_code::internal, status_origin::peer, "the answer must have one message, it has more");
        BOOST_TEST(s.out.log() == "reset CANCEL");
    });
    call_script large({.max_receive_message_size = 10});
    large.call.want_only_message();
    large.open().data(grpc_message("01234567890").substr(0, 5));
    large.expect(status_code::resource_exhausted, status_origin::local);
    call_script compressed;
    compressed.call.want_only_message();
    compressed.open().data(grpc_message("x", 1));
    compressed.expect(status_code::internal, status_origin::peer);
    call_script good;
    good.call.want_only_message();
    good.open().data(one);
    BOOST_TEST(!good.call.done());
}

BOOST_AUTO_TEST_CASE(compressed_message_is_internal) {
    call_script s;
    s.open().data(grpc_message("x", 1));
    BOOST_TEST(s.read() == "(failed)");
    s.expect(status_code::internal, status_origin::peer);
    BOOST_TEST(s.out.log() == "reset CANCEL");
}

BOOST_AUTO_TEST_CASE(oversized_headers_and_trailers_are_resource_exhausted) {
    {
        call_script s;
        s.headers({{":status", "200"}}, false, true);
        s.expect(status_code::resource_exhausted, status_origin::local);
        BOOST_TEST(s.out.log() == "reset CANCEL");
    }
    {
        call_script s;
        s.call.half_close();
        s.open().headers({}, true, true);
        s.expect(status_code::resource_exhausted, status_origin::local);
        BOOST_TEST(s.out.log() == "end"); // both sides have ended: nothing to reset
    }
}

BOOST_AUTO_TEST_CASE(message_behind_the_half_close_is_refused) {
    call_script s;
    s.call.half_close();
    s.call.half_close();
    BOOST_TEST((s.send("late") == status_code::failed_precondition));
    BOOST_TEST(s.out.log() == "end");
    BOOST_TEST(!s.call.done());
}

BOOST_AUTO_TEST_CASE(message_above_the_send_limit_is_refused_and_nothing_sent) {
    call_script s({.max_send_message_size = 5});
    BOOST_TEST((s.send("123456") == status_code::resource_exhausted));
    BOOST_TEST((s.send("12345") == status_code::ok));
    BOOST_TEST(s.out.log() == "data 10");
    BOOST_TEST(!s.call.done());
}

BOOST_AUTO_TEST_CASE(window_is_returned_when_a_message_is_wanted_or_read) {
    call_script s;
    std::string const message = grpc_message("message");
    s.open().data(message);
    BOOST_TEST(s.out.consumed == 0u);
    BOOST_TEST(s.read() == "message");
    BOOST_TEST(s.out.consumed == message.size());
    s.call.want_message(true);
    s.data(message.substr(0, 8));
    BOOST_TEST(s.out.consumed == message.size() + 8);
    s.data(message.substr(8) + message);
    BOOST_TEST(s.out.consumed == 2 * message.size());
}

BOOST_AUTO_TEST_SUITE_END()
