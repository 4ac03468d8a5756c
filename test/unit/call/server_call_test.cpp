//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "call/server_call.hpp"
#include "support/for_each_cut.hpp"
#include "support/frames.hpp"
#include "support/recording_outbound.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using namespace joust;
using namespace joust::call;
using namespace joust::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(server_call_)

namespace {

server_call::time_point const start = server_call::time_point(1000s);

constexpr std::string_view plain = "headers :status=200 content-type=application/grpc";

// What the recorded log is when `more` follows.
std::string plain_and(std::string_view more) {
    return std::string(plain).append(more);
}

// A server's call, what it asked of its stream, and the words of a script.
struct call_script {
    recording_outbound out;
    server_call call;

    explicit call_script(limits const& l = {.max_receive_message_size = 1000}) { call.open(out, l); }

    bool headers(std::vector<header_field> const& more = {}, bool end_stream = false, bool oversized = false) {
        std::vector<header_field> all = {
            {":method", "POST"},    {":scheme", "http"}, {":path", "/test.Echo/Unary"},
            {":authority", "test"}, {"te", "trailers"},  {"content-type", "application/grpc"}};
        for (header_field const& f : more) {
            std::erase_if(all, [&](auto const& had) { return had.name == f.name; });
            if (!f.value.empty())
                all.push_back(f);
        }
        return call.on_headers(all, end_stream, oversized, start);
    }

    call_script& opened() {
        BOOST_TEST(headers());
        return *this;
    }

    std::string read() {
        buffer message;
        switch (call.read(message)) {
        case read_state::message: return std::string(message.view());
        case read_state::pending: return "(pending)";
        case read_state::end: return "(end)";
        case read_state::failed: return "(failed)";
        }
        return {};
    }

    status_code send(std::string_view text) {
        buffer framed(grpc_message(text));
        return call.send_message(framed).code();
    }

    bool finish(status_code code = status_code::ok, std::string message = {}, metadata const& trailing = {}) {
        return call.finish(status(code, std::move(message)), trailing);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(good_head_opens_the_call) {
    call_script s;
    BOOST_TEST(s.headers({{"x-a", "1"},
                          {"x-b-bin", "AAEC"},
                          {"grpc-timeout", "5S"},
                          {"grpc-encoding", "identity"},
                          {"content-type", "application/grpc+proto"}}));
    BOOST_TEST(s.call.path() == "/test.Echo/Unary");
    BOOST_TEST(s.call.authority() == "test");
    BOOST_TEST(s.call.content_subtype() == "proto");
    BOOST_TEST(s.call.request_metadata().get("x-a").value() == "1");
    BOOST_TEST(s.call.request_metadata().get("x-b-bin").value() == std::string_view("\0\1\2", 3));
    BOOST_TEST((s.call.deadline() == start + 5s));
    BOOST_TEST(!s.call.finished());
    BOOST_TEST(!s.call.request_complete());
    BOOST_TEST(s.out.log() == "");
}

BOOST_AUTO_TEST_CASE(head_without_timeout_has_no_deadline) {
    call_script s;
    s.opened();
    BOOST_TEST(!s.call.deadline().has_value());
}

BOOST_AUTO_TEST_CASE(timeout_beyond_the_clock_is_the_end_of_time) {
    call_script s;
    BOOST_TEST(s.headers({{"grpc-timeout", "99999999H"}}));
    BOOST_TEST((s.call.deadline() == server_call::time_point::max()));
}

BOOST_AUTO_TEST_CASE(unary_call_runs_through) {
    for_each_cut(grpc_message("question"), [](auto pieces) {
        call_script s;
        s.opened();
        s.call.want_message(true);
        for (std::string_view const piece : pieces) {
            BOOST_TEST(!s.call.request_complete());
            s.call.on_data(piece, false);
        }
        s.call.on_data({}, true);
        BOOST_TEST(s.call.request_complete());
        buffer request;
        BOOST_TEST(s.call.read_only(request).ok());
        BOOST_TEST(request.view() == "question");
        BOOST_TEST((s.send("answer") == status_code::ok));
        BOOST_TEST(s.finish());
        BOOST_TEST(s.out.log() == plain_and("\ndata 11\ntrailers grpc-status=0"));
        BOOST_TEST(s.out.sent == grpc_message("answer"));
        BOOST_TEST(s.call.finished());
        BOOST_TEST(s.call.outcome().ok());
    });
}

BOOST_AUTO_TEST_CASE(unary_request_without_a_message_is_unimplemented) {
    for (bool const with_headers : {true, false}) {
        call_script s;
        BOOST_TEST(s.headers({}, with_headers));
        if (!with_headers)
            s.call.on_data({}, true);
        buffer request;
        BOOST_TEST((s.call.read_only(request).code() == status_code::unimplemented));
    }
}

BOOST_AUTO_TEST_CASE(unary_request_with_two_messages_is_unimplemented) {
    for_each_cut(grpc_message("one") + grpc_message("two"), [](auto pieces) {
        call_script s;
        s.opened();
        s.call.want_message(true);
        for (std::string_view const piece : pieces)
            s.call.on_data(piece, false);
        s.call.on_data({}, true);
        buffer request;
        BOOST_TEST((s.call.read_only(request).code() == status_code::unimplemented));
    });
}

BOOST_AUTO_TEST_CASE(unary_request_that_goes_on_behind_its_message_is_not_waited_for) {
    // The rest may be larger than the window, and then its end never comes.
    call_script s;
    s.opened();
    s.call.want_message(true);
    s.call.on_data(grpc_message("one"), false);
    BOOST_TEST(!s.call.request_complete());
    s.call.on_data("\0", false);
    s.call.on_data(grpc_message("two").substr(0, 3), false);
    BOOST_TEST(s.call.request_complete());
    buffer request;
    BOOST_TEST((s.call.read_only(request).code() == status_code::unimplemented));
}

BOOST_AUTO_TEST_CASE(unary_request_that_ends_inside_its_message_is_internal) {
    std::string const body = grpc_message("question");
    for (std::size_t size = 1; size < body.size(); ++size) {
        call_script s;
        s.opened();
        s.call.want_message(true);
        s.call.on_data(std::string_view(body).substr(0, size), true);
        buffer request;
        BOOST_TEST((s.call.read_only(request).code() == status_code::internal));
        BOOST_TEST((s.call.read_error().code() == status_code::internal));
    }
}

BOOST_AUTO_TEST_CASE(message_above_the_limit_completes_the_request_at_its_prefix) {
    call_script s({.max_receive_message_size = 10});
    s.opened();
    s.call.want_message(true);
    s.call.on_data(grpc_message("01234567890").substr(0, 5), false);
    BOOST_TEST(s.call.request_complete());
    buffer request;
    BOOST_TEST((s.call.read_only(request).code() == status_code::resource_exhausted));
}

BOOST_AUTO_TEST_CASE(compressed_message_is_internal) {
    call_script s;
    s.opened();
    s.call.want_message(true);
    s.call.on_data(grpc_message("x", 1), true);
    buffer request;
    BOOST_TEST((s.call.read_only(request).code() == status_code::internal));
}

BOOST_AUTO_TEST_CASE(content_type_that_is_not_grpc_is_answered_by_http) {
    for (std::string_view const type : {"", "application/json", "application/grpc-web", "application/grpcx"}) {
        call_script s;
        BOOST_TEST(!s.headers({{"content-type", type}}));
        BOOST_TEST(s.out.log() == "headers :status=415 [end]");
        BOOST_TEST(s.call.finished());
        BOOST_TEST((s.call.outcome().code() == status_code::internal));
    }
}

BOOST_AUTO_TEST_CASE(method_other_than_post_is_answered_by_http) {
    call_script s;
    BOOST_TEST(!s.headers({{":method", "GET"}}, true));
    BOOST_TEST(s.out.log() == "headers :status=405 allow=POST [end]");
}

BOOST_AUTO_TEST_CASE(missing_te_is_internal) {
    call_script s;
    BOOST_TEST(!s.headers({{"te", ""}}));
    BOOST_TEST(s.out.log().starts_with(plain_and(" grpc-status=13 grpc-message=")));
    BOOST_TEST((s.call.outcome().code() == status_code::internal));
}

BOOST_AUTO_TEST_CASE(malformed_timeout_and_binary_metadata_are_internal) {
    for (header_field const& bad : {header_field{"grpc-timeout", "5 S"}, header_field{"x-bin", "!"}}) {
        call_script s;
        BOOST_TEST(!s.headers({bad}));
        BOOST_TEST(s.out.log().find(" grpc-status=13 ") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(unknown_encoding_is_unimplemented_and_told_what_is_known) {
    call_script s;
    BOOST_TEST(!s.headers({{"grpc-encoding", "snappy"}}));
    std::string const log = s.out.log();
    BOOST_TEST(log.starts_with(plain_and(" grpc-accept-encoding=identity grpc-status=12 grpc-message=")));
    BOOST_TEST(log.ends_with(" [end]"));
}

BOOST_AUTO_TEST_CASE(oversized_head_is_resource_exhausted_whatever_is_missing_in_it) {
    call_script s;
    BOOST_TEST(!s.headers({{"te", ""}, {"content-type", ""}, {"grpc-timeout", "nonsense"}}, false, true));
    BOOST_TEST(s.out.log().starts_with(plain_and(" grpc-status=8 grpc-message=")));
}

BOOST_AUTO_TEST_CASE(refused_call_ignores_what_follows) {
    call_script s;
    BOOST_TEST(!s.headers({{"te", ""}}));
    s.out.log();
    s.call.on_data(grpc_message("x"), true);
    BOOST_TEST(!s.finish());
    s.call.on_closed(status(status_code::cancelled));
    BOOST_TEST(s.out.log() == "");
    BOOST_TEST((s.call.outcome().code() == status_code::internal));
}

BOOST_AUTO_TEST_CASE(error_before_a_message_is_trailers_only) {
    call_script s;
    s.opened();
    BOOST_TEST(s.finish(status_code::not_found, "no such player: 50 %", {{"x-late", "1"}, {"x-b-bin", "\x01\x02"}}));
    BOOST_TEST(s.out.log() ==
               plain_and(" grpc-status=5 grpc-message=no such player: 50 %25 x-late=1 x-b-bin=AQI [end]"));
}

BOOST_AUTO_TEST_CASE(success_before_a_message_is_trailers_only) {
    call_script s;
    s.opened();
    BOOST_TEST(s.finish());
    BOOST_TEST(s.out.log() == plain_and(" grpc-status=0 [end]"));
}

BOOST_AUTO_TEST_CASE(error_behind_a_message_is_in_the_trailers) {
    call_script s;
    s.opened();
    BOOST_TEST((s.send("partial") == status_code::ok));
    status outcome(status_code::aborted, "stopped");
    outcome.set_details("\x08\x0a");
    BOOST_TEST(s.call.finish(outcome, {{"x-late", "1"}}));
    BOOST_TEST(s.out.log() ==
               plain_and("\ndata 12\n"
                         "trailers grpc-status=10 grpc-message=stopped grpc-status-details-bin=CAo x-late=1"));
    BOOST_TEST((s.call.outcome() == outcome));
}

BOOST_AUTO_TEST_CASE(success_with_a_message_or_metadata_says_so) {
    call_script s;
    s.opened();
    s.send("answer");
    BOOST_TEST(s.finish(status_code::ok, "fine", {{"x-late", "1"}}));
    BOOST_TEST(s.out.log().ends_with("\ntrailers grpc-status=0 grpc-message=fine x-late=1"));
}

BOOST_AUTO_TEST_CASE(initial_metadata_go_with_the_first_message) {
    call_script s;
    s.opened();
    BOOST_TEST(s.call.set_initial_metadata({{"x-early", "1"}, {"x-b-bin", "\x01"}}).ok());
    BOOST_TEST(s.out.log() == "");
    s.send("a");
    BOOST_TEST(s.out.log() == plain_and(" x-early=1 x-b-bin=AQ\ndata 6"));
    BOOST_TEST((s.call.set_initial_metadata({}).code() == status_code::failed_precondition));
}

BOOST_AUTO_TEST_CASE(initial_metadata_go_before_an_error_too) {
    call_script s;
    s.opened();
    BOOST_TEST(s.call.set_initial_metadata({{"x-early", "1"}}).ok());
    s.finish(status_code::not_found, "", {{"x-late", "1"}});
    BOOST_TEST(s.out.log() == plain_and(" x-early=1\ntrailers grpc-status=5 x-late=1"));
    BOOST_TEST((s.call.set_initial_metadata({}).code() == status_code::failed_precondition));
}

BOOST_AUTO_TEST_CASE(headers_can_be_sent_alone_and_once) {
    call_script s;
    s.opened();
    s.call.send_headers();
    s.call.send_headers();
    BOOST_TEST(s.out.log() == plain);
    s.finish();
    BOOST_TEST(s.out.log() == "trailers grpc-status=0");
    s.call.send_headers();
    BOOST_TEST(s.out.log() == "");
}

BOOST_AUTO_TEST_CASE(metadata_that_may_not_be_sent_are_internal) {
    for (auto const& [key, value] : {std::pair{"grpc-status", "0"}, std::pair{"te", "x"}, std::pair{"x-a", "line\n"},
                                     std::pair{"x a", "b"}, std::pair{":status", "500"}}) {
        call_script s;
        s.opened();
        BOOST_TEST((s.call.set_initial_metadata({{key, value}}).code() == status_code::internal));
        BOOST_TEST(s.finish(status_code::ok, "", {{key, value}}));
        BOOST_TEST(s.out.log().starts_with(plain_and(" grpc-status=13 grpc-message=")));
        BOOST_TEST((s.call.outcome().code() == status_code::internal));
    }
}

BOOST_AUTO_TEST_CASE(message_above_the_send_limit_is_refused_and_nothing_sent) {
    call_script s({.max_send_message_size = 5});
    s.opened();
    BOOST_TEST((s.send("123456") == status_code::resource_exhausted));
    BOOST_TEST(s.out.log() == "");
    BOOST_TEST((s.send("12345") == status_code::ok));
    BOOST_TEST(s.finish());
}

BOOST_AUTO_TEST_CASE(message_behind_the_finish_is_refused) {
    call_script s;
    s.opened();
    s.finish();
    s.out.log();
    BOOST_TEST((s.send("late") == status_code::failed_precondition));
    BOOST_TEST(s.out.log() == "");
}

BOOST_AUTO_TEST_CASE(message_behind_an_abort_is_answered_with_its_status) {
    call_script s;
    s.opened();
    s.call.abort(status(status_code::deadline_exceeded, "late"));
    BOOST_TEST(s.out.log() == plain_and(" grpc-status=4 grpc-message=late [end]"));
    BOOST_TEST((s.send("late") == status_code::deadline_exceeded));
    BOOST_TEST(s.out.log() == "");
}

BOOST_AUTO_TEST_CASE(first_end_wins) {
    status const cancelled(status_code::cancelled), late(status_code::deadline_exceeded);
    {
        call_script s;
        s.opened();
        BOOST_TEST(s.finish());
        s.out.log();
        s.call.abort(late);
        s.call.on_closed(cancelled);
        BOOST_TEST(!s.finish(status_code::internal));
        BOOST_TEST(s.call.outcome().ok());
        BOOST_TEST(s.out.log() == "");
    }
    {
        call_script s;
        s.opened();
        s.call.on_closed(cancelled);
        s.call.abort(late);
        BOOST_TEST(!s.finish());
        BOOST_TEST((s.call.outcome() == cancelled));
        BOOST_TEST(s.out.log() == "");
    }
    {
        call_script s;
        s.opened();
        s.call.abort(late);
        s.call.on_closed(cancelled);
        BOOST_TEST((s.call.outcome() == late));
    }
}

BOOST_AUTO_TEST_CASE(reset_after_the_deadline_is_the_deadline) {
    for (auto const when : {4999ms, 5000ms, 6000ms}) {
        call_script s;
        BOOST_TEST(s.headers({{"grpc-timeout", "5S"}}));
        s.call.on_closed(status(status_code::cancelled), start + when);
        BOOST_TEST((s.call.outcome().code() == (when < 5s ? status_code::cancelled : status_code::deadline_exceeded)));
    }
}

BOOST_AUTO_TEST_CASE(stream_is_read_message_by_message) {
    call_script s;
    s.opened();
    BOOST_TEST(s.read() == "(pending)");
    s.call.on_data(grpc_message("one") + grpc_message("two") + grpc_message("three").substr(0, 3), false);
    BOOST_TEST(s.call.readable());
    BOOST_TEST(s.read() == "one");
    BOOST_TEST(s.read() == "two");
    BOOST_TEST(s.read() == "(pending)");
    s.call.on_data(grpc_message("three").substr(3), false);
    BOOST_TEST(s.read() == "three");
    s.call.on_data({}, true);
    BOOST_TEST(s.read() == "(end)");
    BOOST_TEST(s.read() == "(end)");
    BOOST_TEST((s.send("answer") == status_code::ok)); // half-closed is not closed
}

BOOST_AUTO_TEST_CASE(stream_that_ends_inside_a_message_fails) {
    call_script s;
    s.opened();
    s.call.on_data(grpc_message("one") + grpc_message("two").substr(0, 6), true);
    BOOST_TEST(s.read() == "one");
    BOOST_TEST(s.read() == "(failed)");
    BOOST_TEST((s.call.read_error().code() == status_code::internal));
}

BOOST_AUTO_TEST_CASE(window_is_returned_when_a_message_is_wanted_or_read) {
    call_script s;
    s.opened();
    std::string const message = grpc_message("message");
    s.call.on_data(message, false);
    BOOST_TEST(s.out.consumed == 0u);
    BOOST_TEST(s.read() == "message");
    BOOST_TEST(s.out.consumed == message.size());
    s.call.want_message(true);
    s.call.on_data(message.substr(0, 8), false);
    BOOST_TEST(s.out.consumed == message.size() + 8);
    s.call.on_data(message.substr(8) + message, false); // the next one is not wanted before this is read
    BOOST_TEST(s.out.consumed == 2 * message.size());
    BOOST_TEST(s.read() == "message");
    BOOST_TEST(s.out.consumed == 2 * message.size());
    BOOST_TEST(s.read() == "message");
    BOOST_TEST(s.out.consumed == 3 * message.size());
}

BOOST_AUTO_TEST_CASE(finish_before_the_request_ended_stops_reading) {
    call_script s;
    s.opened();
    s.call.on_data(grpc_message("one"), false);
    s.finish(status_code::permission_denied);
    s.call.on_data(grpc_message("two"), false);
    BOOST_TEST(s.read() == "(end)");
    BOOST_TEST(s.call.request_complete());
}

BOOST_AUTO_TEST_CASE(lost_stream_stops_reading) {
    call_script s;
    s.opened();
    s.call.on_data(grpc_message("one"), false);
    s.call.on_closed(status(status_code::cancelled));
    BOOST_TEST(s.read() == "(end)");
    BOOST_TEST((s.send("x") == status_code::cancelled));
}

BOOST_AUTO_TEST_CASE(reopened_call_knows_nothing_of_the_last_one) {
    call_script s;
    BOOST_TEST(!s.headers({{"grpc-encoding", "snappy"}, {"grpc-timeout", "1S"}, {"x-a", "1"}}));
    s.out.log();
    s.call.open(s.out, {});
    BOOST_TEST(s.headers({{":path", "/other"}}));
    BOOST_TEST(s.call.path() == "/other");
    BOOST_TEST(s.call.request_metadata().empty());
    BOOST_TEST(!s.call.deadline().has_value());
    BOOST_TEST(!s.call.finished());
    s.call.on_data(grpc_message("one"), true);
    BOOST_TEST(s.read() == "one");
    BOOST_TEST(s.finish());
    BOOST_TEST(s.out.log() == plain_and(" grpc-status=0 [end]"));
}

BOOST_AUTO_TEST_SUITE_END()
