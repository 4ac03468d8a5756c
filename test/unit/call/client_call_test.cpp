//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/client_call_script.hpp"
#include "support/for_each_cut.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>

using namespace joust;
using namespace joust::call;
using namespace joust::test;
using namespace std::chrono_literals;
using code = http2::error_code;

BOOST_AUTO_TEST_SUITE(client_call_)

BOOST_AUTO_TEST_CASE(request_headers_are_in_the_order_of_the_specification) {
    client_call call;
    call.open({}, {});
    metadata const custom = {{"x-a", "1"}, {"x-b-bin", "\x01\x02"}};
    auto const fields = call.request_headers(
        {.path = "/a/b", .authority = "host:1", .user_agent = "joust/1", .custom = &custom, .timeout = 1500ms});
    BOOST_TEST(to_text(fields) == ":method=POST :scheme=http :path=/a/b :authority=host:1 te=trailers "
                                  "grpc-timeout=1500000u content-type=application/grpc user-agent=joust/1 x-a=1 "
                                  "x-b-bin=AQI");
    for (header_field const& f : fields)
        BOOST_TEST(f.never_indexed == (f.name == "grpc-timeout"));
}

BOOST_AUTO_TEST_CASE(request_headers_without_timeout_and_metadata) {
    client_call call;
    call.open({}, {});
    auto const fields = call.request_headers({.path = "/a/b", .authority = "host:1", .user_agent = "joust/1"});
    BOOST_TEST(to_text(fields) == ":method=POST :scheme=http :path=/a/b :authority=host:1 te=trailers "
                                  "content-type=application/grpc user-agent=joust/1");
}

BOOST_AUTO_TEST_CASE(unary_call_runs_through) {
    for_each_cut(grpc_message("answer"), [](auto pieces) {
        call_script s;
        BOOST_TEST((s.send("question") == status_code::ok));
        s.call.half_close();
        BOOST_TEST(s.out.log() == "data 13\nend");
        BOOST_TEST(s.out.sent == grpc_message("question"));
        BOOST_TEST(!s.call.headers_received());
        s.open();
        BOOST_TEST(s.call.headers_received());
        for (std::string_view const piece : pieces)
            s.data(piece);
        BOOST_TEST(!s.call.done());
        s.trailers();
        s.expect(status_code::ok, status_origin::peer);
        BOOST_TEST(s.read() == "answer");
        BOOST_TEST(s.read() == "(end)");
        s.call.on_closed(code::no_error, start);
        s.expect(status_code::ok, status_origin::peer);
        BOOST_TEST(s.out.log() == "");
    });
}

BOOST_AUTO_TEST_CASE(trailers_only_is_the_outcome) {
    call_script s;
    s.call.half_close();
    s.headers({{":status", "200"},
               {"content-type", "application/grpc"},
               {"grpc-status", "5"},
               {"grpc-message", "no such player: 50 %25"},
               {"grpc-status-details-bin", "CAo"},
               {"x-late", "1"}},
              true);
    s.expect(status_code::not_found, status_origin::peer, "no such player: 50 %");
    BOOST_TEST(s.call.outcome().details() == "\x08\x0a");
    BOOST_TEST(s.call.trailing_metadata().get("x-late").value() == "1");
    BOOST_TEST(s.call.initial_metadata().empty());
    BOOST_TEST(!s.call.headers_received());
    BOOST_TEST(s.read() == "(end)");
}

BOOST_AUTO_TEST_CASE(metadata_come_before_and_behind_the_messages) {
    call_script s;
    s.headers({{":status", "200"}, {"content-type", "application/grpc+proto"}, {"x-early", "1"}, {"x-b-bin", "AAEC"}});
    BOOST_TEST(s.call.initial_metadata().size() == 2u);
    BOOST_TEST(s.call.initial_metadata().get("x-b-bin").value() == std::string_view("\0\1\2", 3));
    s.trailers({{"grpc-status", "0"}, {"x-late", "2"}, {"x-c-bin", "AA,AQ=="}});
    BOOST_TEST(s.call.trailing_metadata().get("x-late").value() == "2");
    BOOST_TEST(s.call.trailing_metadata().get_all("x-c-bin").size() == 2u);
    BOOST_TEST(!s.call.trailing_metadata().contains("x-early"));
}

BOOST_AUTO_TEST_CASE(informational_response_is_not_the_response) {
    call_script s;
    s.headers({{":status", "103"}, {"x-hint", "1"}});
    BOOST_TEST(!s.call.headers_received());
    s.open();
    BOOST_TEST(s.call.headers_received());
    BOOST_TEST(s.call.initial_metadata().empty());
    BOOST_TEST(!s.call.done());
}

BOOST_AUTO_TEST_CASE(http_status_becomes_a_status) {
    for (bool const end_stream : {true, false}) {
        for (auto const& [http, expected] :
             {std::pair{"400", status_code::internal}, std::pair{"401", status_code::unauthenticated},
              std::pair{"403", status_code::permission_denied}, std::pair{"404", status_code::unimplemented},
              std::pair{"429", status_code::unavailable}, std::pair{"502", status_code::unavailable},
              std::pair{"503", status_code::unavailable}, std::pair{"504", status_code::unavailable},
              std::pair{"500", status_code::unknown}, std::pair{"204", status_code::unknown}}) {
            call_script s;
            s.headers({{":status", http}, {"content-type", "text/html"}}, end_stream);
            s.expect(expected, status_origin::peer);
            BOOST_TEST(s.call.outcome().message().find(http) != std::string::npos);
            BOOST_TEST(s.out.log() == (end_stream ? "reset NO_ERROR" : "reset CANCEL"));
        }
    }
}

BOOST_AUTO_TEST_CASE(content_type_other_than_grpc_is_unknown) {
    for (bool const end_stream : {true, false}) {
        for (field_vector const& fields :
             {field_vector{{":status", "200"}, {"content-type", "text/html"}}, field_vector{{":status", "200"}}}) {
            call_script s;
            s.headers(fields, end_stream);
            s.expect(status_code::unknown, status_origin::peer);
        }
    }
}

BOOST_AUTO_TEST_CASE(encoding_that_was_not_offered_is_internal) {
    call_script s;
    s.headers({{":status", "200"}, {"content-type", "application/grpc"}, {"grpc-encoding", "snappy"}});
    s.expect(status_code::internal, status_origin::peer);
    BOOST_TEST(s.out.log() == "reset CANCEL");
    call_script identity;
    identity.headers({{":status", "200"}, {"content-type", "application/grpc"}, {"grpc-encoding", "identity"}});
    BOOST_TEST(!identity.call.done());
}

BOOST_AUTO_TEST_CASE(no_status_at_all_is_unknown) {
    {
        call_script s;
        s.open().trailers({{"x-late", "1"}});
        s.expect(status_code::unknown, status_origin::peer);
    }
    {
        call_script s;
        s.headers(good_headers, true);
        s.expect(status_code::unknown, status_origin::peer);
    }
    {
        call_script s;
        s.open().data(grpc_message("answer"), true);
        s.expect(status_code::unknown, status_origin::peer);
        BOOST_TEST(s.read() == "answer");
    }
}

BOOST_AUTO_TEST_CASE(status_in_the_headers_is_ignored_when_more_follows) {
    field_vector early = good_headers;
    early.push_back({"grpc-status", "7"});
    {
        call_script s;
        s.headers(early).data(grpc_message("answer")).trailers();
        s.expect(status_code::ok, status_origin::peer);
        BOOST_TEST(s.read() == "answer");
    }
    {
        call_script s;
        s.headers(early).trailers({{"x-late", "1"}});
        s.expect(status_code::unknown, status_origin::peer);
    }
}

BOOST_AUTO_TEST_CASE(status_outside_the_set_is_unknown) {
    for (std::string_view const number : {"17", "-1", "", "0x0", "99999999999"}) {
        call_script s;
        s.open().trailers({{"grpc-status", number}});
        s.expect(status_code::unknown, status_origin::peer);
    }
}

BOOST_AUTO_TEST_CASE(reset_becomes_a_status) {
    for (bool const opened : {true, false}) {
        for (auto const& [why, expected] :
             {std::pair{code::refused_stream, status_code::unavailable},
              std::pair{code::cancel, status_code::cancelled},
              std::pair{code::enhance_your_calm, status_code::resource_exhausted},
              std::pair{code::inadequate_security, status_code::permission_denied},
              std::pair{code::no_error, status_code::internal}, std::pair{code::internal_error, status_code::internal},
              std::pair{code::protocol_error, status_code::internal},
              std::pair{static_cast<code>(12345), status_code::internal}}) {
            call_script s({}, start + 5s);
            if (opened)
                s.open().data(grpc_message("partial"));
            s.call.on_closed(why, start + 1s);
            s.expect(expected, status_origin::peer);
            BOOST_TEST(s.call.outcome().cause() == make_error_code(why == code::refused_stream
                                                                       ? connection_error::refused_stream
                                                                       : connection_error::stream_reset));
            BOOST_TEST(s.read() == "(end)");
            BOOST_TEST(s.out.log() == "");
            BOOST_TEST(!s.call.attached());
        }
    }
}

BOOST_AUTO_TEST_CASE(reset_with_cancel_after_the_deadline_is_the_deadline) {
    for (auto const when : {4999ms, 5000ms, 6000ms}) {
        call_script s({}, start + 5s);
        s.call.on_closed(code::cancel, start + when);
        BOOST_TEST(to_string(s.call.outcome().code()) == (when < 5s ? "CANCELLED" : "DEADLINE_EXCEEDED"));
    }
}

BOOST_AUTO_TEST_CASE(deadline_and_cancel_and_answer_race_and_the_first_wins) {
    status const late(status_code::deadline_exceeded, "late"), cancelled(status_code::cancelled, "cancelled");
    {
        call_script s({}, start + 5s);
        s.call.abort(late);
        s.call.abort(cancelled);
        s.open().trailers();
        s.call.on_closed(code::cancel, start + 6s);
        s.expect(status_code::deadline_exceeded, status_origin::local, "late");
        BOOST_TEST(s.out.log() == "reset CANCEL");
    }
    {
        call_script s({}, start + 5s);
        s.call.abort(cancelled);
        s.call.on_closed(code::cancel, start + 6s); // our own reset, while the deadline passed
        s.expect(status_code::cancelled, status_origin::local, "cancelled");
    }
    {
        call_script s({}, start + 5s);
        s.call.half_close();
        s.open().trailers();
        s.call.abort(late);
        s.call.on_closed(code::no_error, start + 6s);
        s.expect(status_code::ok, status_origin::peer);
        BOOST_TEST(s.out.log() == "end");
    }
    {
        call_script s({}, start + 5s); // the server's word for the deadline
        s.open().trailers({{"grpc-status", "4"}});
        s.expect(status_code::deadline_exceeded, status_origin::peer);
    }
}

BOOST_AUTO_TEST_CASE(abort_drops_what_was_not_read) {
    call_script s;
    s.open().data(grpc_message("one") + grpc_message("two"));
    BOOST_TEST(s.read() == "one");
    s.call.abort(status(status_code::cancelled));
    BOOST_TEST(s.call.readable());
    BOOST_TEST(s.read() == "(end)");
    BOOST_TEST(s.out.log() == "reset CANCEL");
}

BOOST_AUTO_TEST_CASE(abort_before_the_stream_was_made_resets_nothing) {
    client_call call;
    call.open({}, {});
    call.abort(status(status_code::cancelled));
    BOOST_TEST(call.done());
    buffer message;
    BOOST_TEST((call.read(message) == read_state::end));
}

BOOST_AUTO_TEST_CASE(data_before_headers_is_internal) {
    call_script s;
    s.data(grpc_message("x"));
    s.expect(status_code::internal, status_origin::peer);
}

BOOST_AUTO_TEST_CASE(early_answer_resets_a_request_that_goes_on) {
    call_script s;
    s.send("one");
    s.open().trailers();
    s.expect(status_code::ok, status_origin::peer);
    BOOST_TEST(s.out.log() == "data 8\nreset NO_ERROR");
    BOOST_TEST((s.send("two") == status_code::failed_precondition));
    s.call.half_close();
    BOOST_TEST(s.out.log() == "");
}

BOOST_AUTO_TEST_CASE(early_error_is_what_later_messages_are_refused_with) {
    call_script s;
    s.headers({{":status", "200"}, {"grpc-status", "7"}, {"grpc-message", "no"}}, true);
    buffer framed(grpc_message("two"));
    status const refused = s.call.send_message(framed);
    BOOST_TEST((refused.code() == status_code::permission_denied));
    BOOST_TEST(refused.message() == "no");
}

BOOST_AUTO_TEST_CASE(late_events_of_a_done_call_are_ignored) {
    call_script s;
    s.call.abort(status(status_code::cancelled));
    s.out.log();
    s.open().data(grpc_message("late")).trailers({{"grpc-status", "0"}, {"x-late", "1"}});
    s.expect(status_code::cancelled, status_origin::local);
    BOOST_TEST(s.call.trailing_metadata().empty());
    BOOST_TEST(s.read() == "(end)");
    BOOST_TEST(s.out.log() == "");
}

BOOST_AUTO_TEST_CASE(reopened_call_knows_nothing_of_the_last_one) {
    call_script s({}, start + 5s);
    s.send("x");
    s.call.half_close();
    s.headers({{":status", "200"}, {"content-type", "application/grpc"}, {"x-early", "1"}});
    s.data(grpc_message("one")).trailers({{"grpc-status", "5"}, {"x-late", "1"}});
    s.call.on_closed(code::no_error, start);
    s.out.log();

    s.call.open({}, {});
    BOOST_TEST(!s.call.attached());
    s.call.attach(s.out);
    BOOST_TEST(!s.call.done());
    BOOST_TEST(!s.call.headers_received());
    BOOST_TEST(s.call.initial_metadata().empty());
    BOOST_TEST(s.call.trailing_metadata().empty());
    BOOST_TEST(!s.call.deadline().has_value());
    BOOST_TEST((s.send("y") == status_code::ok));
    s.call.half_close();
    s.open().data(grpc_message("two")).trailers();
    s.expect(status_code::ok, status_origin::peer);
    BOOST_TEST(s.read() == "two");
    BOOST_TEST(s.read() == "(end)");
}

BOOST_AUTO_TEST_SUITE_END()
