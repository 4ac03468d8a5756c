//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/client_call_script.hpp"
#include "support/for_each_cut.hpp"
#include "support/frames.hpp"
#include "support/recording_outbound.hpp"
#include "support/run_length.hpp"

#include "call/server_call.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

// Both sides' calls in which messages are compressed.

using namespace joust;
using namespace joust::test;
using call::read_state;
namespace data = boost::unit_test::data;

namespace {

auto const known = with_run_length();
constexpr std::string_view accepted = "identity,gzip,deflate,zstd,run-length";
auto const every_encoding = data::make(std::vector<std::string>{"gzip", "deflate", "zstd", "run-length"});
std::string const message(900, 'x');

std::string packed(std::string_view encoding, std::string_view text) {
    buffer out;
    BOOST_REQUIRE(known->find(encoding)->compress(text, out).ok());
    return grpc_message(out.view(), 1);
}

struct server_side {
    recording_outbound out;
    call::server_call call;

    explicit server_side(compressors const* k = known.get()) { call.open(out, {.max_receive_message_size = 1000}, k); }

    bool headers(std::vector<header_field> const& more = {}) {
        std::vector<header_field> all = {{":method", "POST"},
                                         {":path", "/test.Echo/Unary"},
                                         {"te", "trailers"},
                                         {"content-type", "application/grpc"}};
        all.insert(all.end(), more.begin(), more.end());
        return call.on_headers(all, false, false, {});
    }

    std::string read() {
        buffer text;
        switch (call.read(text)) {
        case read_state::message: return std::string(text.view());
        case read_state::pending: return "(pending)";
        case read_state::end: return "(end)";
        case read_state::failed: return "(failed)";
        }
        return {};
    }

    std::string_view send(std::string_view text, bool plain = false) {
        buffer framed(grpc_message(text));
        if (plain)
            wire::keep_plain(framed);
        return to_string(call.send_message(framed).code());
    }
};

call::request_start request(compressor const* encoding) {
    call::request_start start;
    start.path = "/m";
    start.known = known.get();
    start.encoding = encoding;
    return start;
}

struct client_side : call_script {
    explicit client_side(std::string_view encoding = {}) {
        fields = to_text(call.request_headers(request(known->find(encoding))));
        call.attach(out);
    }
    client_side& answered_in(std::string_view encoding) {
        headers({{":status", "200"}, {"content-type", "application/grpc"}, {"grpc-encoding", encoding}});
        return *this;
    }
    std::string fields;
};

} // namespace

BOOST_AUTO_TEST_SUITE(server_call_compression)

BOOST_DATA_TEST_CASE(compressed_requests_cut_anywhere_are_read, every_encoding, encoding) {
    std::string const body =
        packed(encoding, message) + grpc_message("plain") + packed(encoding, "yyyyy") + packed(encoding, "");
    for (bool const wanted : {true, false})
        for_each_cut(body, [&](auto pieces) {
            server_side s;
            BOOST_TEST(s.headers({{"grpc-encoding", encoding}}));
            s.call.want_message(wanted);
            for (std::string_view const piece : pieces)
                s.call.on_data(piece, false);
            s.call.on_data({}, true);
            BOOST_TEST(s.read() == message);
            BOOST_TEST(s.call.was_compressed());
            BOOST_TEST(s.read() == "plain");
            BOOST_TEST(!s.call.was_compressed());
            BOOST_TEST(s.read() == "yyyyy");
            BOOST_TEST(s.read() == "");
            BOOST_TEST(s.read() == "(end)");
        });
}

BOOST_AUTO_TEST_CASE(request_beyond_the_limit_fails_while_it_unfolds) {
    server_side s;
    s.headers({{"grpc-encoding", "gzip"}});
    s.call.on_data(packed("gzip", std::string(1001, 'x')), true);
    buffer text;
    status const refused = s.call.read_only(text);
    BOOST_TEST(refused.to_string() ==
               "RESOURCE_EXHAUSTED: message compressed with gzip exceeds max_receive_message_size of 1000 "
               "bytes when decompressed");
    BOOST_TEST(text.capacity() <= 1001u);
    BOOST_TEST(s.read() == "(failed)");
}

BOOST_DATA_TEST_CASE(request_cut_within_its_frame_or_corrupt_is_internal, every_encoding, encoding) {
    buffer whole;
    BOOST_REQUIRE(known->find(encoding)->compress(message, whole).ok());
    std::string_view const bytes = whole.view();
    for (std::size_t const size : {bytes.size() - 1, std::size_t{1}}) {
        server_side s;
        s.headers({{"grpc-encoding", encoding}});
        s.call.on_data(grpc_message(bytes.substr(0, size), 1), true);
        BOOST_TEST(s.read() == "(failed)");
        BOOST_TEST(s.call.read_error().to_string() ==
                   "INTERNAL: the message compressed with " + encoding + " is cut short");
    }
    server_side s;
    s.headers({{"grpc-encoding", encoding}});
    s.call.on_data(grpc_message(std::string(20, '\0'), 1), true);
    BOOST_TEST(s.read() == "(failed)");
    BOOST_TEST(s.call.read_error().to_string() == "INTERNAL: the message compressed with " + encoding + " is corrupt");
}

BOOST_AUTO_TEST_CASE(flag_without_an_encoding_is_internal) {
    for (std::vector<header_field> const& fields :
         {std::vector<header_field>(), std::vector<header_field>{{"grpc-encoding", "identity"}}}) {
        server_side s;
        BOOST_TEST(s.headers(fields));
        s.call.on_data(packed("gzip", message), true);
        BOOST_TEST(s.read() == "(failed)");
        BOOST_TEST((s.call.read_error().code() == status_code::internal));
    }
}

BOOST_AUTO_TEST_CASE(unknown_encoding_is_unimplemented_and_told_what_is_known) {
    server_side s;
    BOOST_TEST(!s.headers({{"grpc-encoding", "snappy"}}));
    BOOST_TEST(s.out.log().starts_with("headers :status=200 content-type=application/grpc grpc-accept-encoding=" +
                                       std::string(accepted) + " grpc-status=12"));
    server_side none(nullptr);
    BOOST_TEST(!none.headers({{"grpc-encoding", "gzip"}}));
    BOOST_TEST(none.out.log().find("grpc-accept-encoding=identity grpc-status=12") != std::string::npos);
}

BOOST_DATA_TEST_CASE(answer_is_compressed_when_the_handler_asks_and_the_client_accepts, every_encoding, encoding) {
    server_side s;
    s.headers({{"grpc-accept-encoding", accepted}});
    BOOST_TEST(s.call.set_encoding(encoding).ok());
    BOOST_TEST(s.send(message) == "OK");
    BOOST_TEST(s.send(message, true) == "OK");
    BOOST_TEST(s.send("") == "OK");
    BOOST_TEST(s.out.sent == packed(encoding, message) + grpc_message(message) + grpc_message(""));
    BOOST_TEST(s.out.log().starts_with("headers :status=200 content-type=application/grpc grpc-encoding=" + encoding +
                                       " grpc-accept-encoding=" + std::string(accepted)));
}

BOOST_AUTO_TEST_CASE(answer_is_not_compressed_unless_it_may_be) {
    std::vector<std::vector<header_field>> const heads = {
        {}, {{"grpc-accept-encoding", "identity,deflate"}}, {{"grpc-accept-encoding", ""}}};
    for (auto const& head : heads) {
        server_side s;
        s.headers(head);
        BOOST_TEST(s.call.set_encoding("gzip").ok());
        BOOST_TEST(s.send(message) == "OK");
        BOOST_TEST(s.out.sent == grpc_message(message));
        BOOST_TEST(s.out.log().find("grpc-encoding") == std::string::npos);
    }
    server_side undone;
    undone.headers({{"grpc-accept-encoding", accepted}});
    BOOST_TEST(undone.call.set_encoding("gzip").ok());
    BOOST_TEST(undone.call.set_encoding("identity").ok());
    undone.send(message);
    BOOST_TEST(undone.out.sent == grpc_message(message));
    server_side unasked;
    unasked.headers({{"grpc-accept-encoding", accepted}});
    unasked.send(message);
    BOOST_TEST(unasked.out.log() == "headers :status=200 content-type=application/grpc\ndata 905");
}

BOOST_AUTO_TEST_CASE(encoding_is_chosen_before_the_headers_and_must_be_known) {
    server_side s;
    s.headers({{"grpc-accept-encoding", "snappy"}});
    BOOST_TEST(s.call.set_encoding("snappy").to_string() ==
               "INTERNAL: the encoding 'snappy' is not known to the server");
    s.send(message);
    BOOST_TEST((s.call.set_encoding("gzip").code() == status_code::failed_precondition));
    s.call.finish({}, {});
    BOOST_TEST((s.call.set_encoding("gzip").code() == status_code::failed_precondition));
}

BOOST_AUTO_TEST_CASE(answer_to_a_compressed_request_lists_what_is_known) {
    server_side s;
    s.headers({{"grpc-encoding", "gzip"}});
    s.send("x");
    BOOST_TEST(s.out.log() == "headers :status=200 content-type=application/grpc grpc-accept-encoding=" +
                                  std::string(accepted) + "\ndata 6");
}

BOOST_AUTO_TEST_CASE(status_alone_names_no_encoding_and_the_next_call_has_none) {
    server_side s;
    s.headers({{"grpc-accept-encoding", accepted}});
    BOOST_TEST(s.call.set_encoding("gzip").ok());
    s.call.finish(status(status_code::not_found), {});
    BOOST_TEST(s.out.log() == "headers :status=200 content-type=application/grpc grpc-status=5 [end]");
    s.call.open(s.out, {.max_receive_message_size = 1000}, known.get());
    s.headers({{"grpc-accept-encoding", accepted}});
    s.send(message);
    BOOST_TEST(s.out.sent == grpc_message(message));
}

BOOST_AUTO_TEST_CASE(send_limit_is_that_of_the_message_as_it_was) {
    server_side s;
    s.call.open(s.out, {.max_send_message_size = 899}, known.get());
    s.headers({{"grpc-accept-encoding", accepted}});
    BOOST_TEST(s.call.set_encoding("gzip").ok());
    BOOST_TEST(s.send(message) == "RESOURCE_EXHAUSTED");
    BOOST_TEST(s.out.log() == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(client_call_compression)

BOOST_AUTO_TEST_CASE(request_names_what_is_sent_and_what_is_known) {
    BOOST_TEST(client_side("gzip").fields.find("grpc-encoding=gzip grpc-accept-encoding=" + std::string(accepted)) !=
               std::string::npos);
    client_side const plain;
    BOOST_TEST(plain.fields.find("grpc-encoding") == std::string::npos);
    BOOST_TEST(plain.fields.find("grpc-accept-encoding=" + std::string(accepted)) != std::string::npos);
}

BOOST_DATA_TEST_CASE(requests_are_compressed_but_for_marked_ones, every_encoding, encoding) {
    client_side c(encoding);
    BOOST_TEST((c.send(message) == status_code::ok));
    buffer marked(grpc_message(message));
    wire::keep_plain(marked);
    BOOST_TEST(c.call.send_message(marked).ok());
    BOOST_TEST(c.out.sent == packed(encoding, message) + grpc_message(message));
}

BOOST_DATA_TEST_CASE(compressed_answers_cut_anywhere_are_read, every_encoding, encoding) {
    std::string const body = packed(encoding, message) + grpc_message("plain") + packed(encoding, "yyyyy");
    for_each_cut(body, [&](auto pieces) {
        client_side c;
        c.answered_in(encoding);
        for (std::string_view const piece : pieces)
            c.data(piece);
        c.trailers();
        c.expect(status_code::ok, status_origin::peer);
        BOOST_TEST(c.read() == message);
        BOOST_TEST(c.call.was_compressed());
        BOOST_TEST(c.read() == "plain");
        BOOST_TEST(!c.call.was_compressed());
        BOOST_TEST(c.read() == "yyyyy");
        BOOST_TEST(c.read() == "(end)");
        c.expect(status_code::ok, status_origin::peer);
    });
}

BOOST_AUTO_TEST_CASE(only_answer_unfolds) {
    client_side c;
    c.call.want_only_message();
    c.answered_in("zstd").data(packed("zstd", message)).trailers();
    BOOST_TEST(c.call.read_only().value().view() == message);
}

BOOST_AUTO_TEST_CASE(encoding_that_was_not_offered_is_internal) {
    client_side c;
    c.answered_in("snappy");
    c.expect(status_code::internal, status_origin::peer, "the server answered with grpc-encoding 'snappy'");
}

BOOST_AUTO_TEST_CASE(flag_without_an_encoding_is_internal) {
    client_side c;
    c.call.want_only_message();
    c.open().data(packed("gzip", message));
    c.expect(status_code::internal, status_origin::peer);
}

BOOST_AUTO_TEST_CASE(answer_that_does_not_unfold_ends_the_call) {
    std::string const bomb = packed("gzip", std::string(100000, 'x'));
    std::string const corrupt = grpc_message(std::string(20, 'x'), 1);
    for (bool const bad_size : {true, false}) {
        client_side c;
        c.answered_in("gzip").data(bad_size ? bomb : corrupt);
        BOOST_TEST(c.read() == "(failed)");
        c.expect(bad_size ? status_code::resource_exhausted : status_code::internal,
                 bad_size ? status_origin::local : status_origin::peer);
        BOOST_TEST(c.out.log() == "reset CANCEL");
    }
}

BOOST_AUTO_TEST_CASE(answer_that_does_not_unfold_spoils_a_success_that_came_with_it) {
    std::string const body = packed("gzip", "good") + grpc_message(std::string(20, 'x'), 1);
    client_side c;
    c.answered_in("gzip").data(body).trailers();
    c.expect(status_code::ok, status_origin::peer);
    BOOST_TEST(c.read() == "good");
    BOOST_TEST(c.read() == "(failed)");
    c.expect(status_code::internal, status_origin::peer, "the message compressed with gzip is corrupt");
    client_side refused; // the server's own words count more
    refused.answered_in("gzip").data(body).trailers({{"grpc-status", "5"}});
    BOOST_TEST(refused.read() == "good");
    BOOST_TEST(refused.read() == "(failed)");
    refused.expect(status_code::not_found, status_origin::peer);
}

BOOST_AUTO_TEST_CASE(next_call_has_no_encoding) {
    client_side c("gzip");
    c.answered_in("gzip").data(packed("gzip", message)).trailers();
    c.call.open({.max_receive_message_size = 1000}, {});
    c.call.request_headers(request(nullptr));
    c.call.attach(c.out);
    c.send(message);
    BOOST_TEST(c.out.sent == grpc_message(message));
    c.open().data(packed("gzip", message));
    BOOST_TEST(c.read() == "(failed)");
}

BOOST_AUTO_TEST_SUITE_END()
