//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "call/client_call.hpp"
#include "support/frames.hpp"
#include "support/recording_outbound.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace joust::test {

using field_vector = std::vector<header_field>;

inline call::client_call::time_point const start{std::chrono::seconds(1000)};

inline field_vector const good_headers = {{":status", "200"}, {"content-type", "application/grpc"}};
inline field_vector const good_trailers = {{"grpc-status", "0"}};

/// A client's call, what it asked of its stream, and the words of a script.
struct call_script {
    recording_outbound out;
    call::client_call call;

    explicit call_script(call::limits const& l = {.max_receive_message_size = 1000},
                         std::optional<call::client_call::time_point> deadline = {}) {
        call.open(l, deadline);
        call.request_headers({.path = "/test.Echo/Unary", .authority = "test", .user_agent = "joust"});
        call.attach(out);
    }

    call_script& headers(field_vector const& fields, bool end_stream = false, bool oversized = false) {
        call.on_headers(fields, end_stream, oversized);
        return *this;
    }

    call_script& open() { return headers(good_headers); }

    call_script& data(std::string_view bytes, bool end_stream = false) {
        call.on_data(bytes, end_stream);
        return *this;
    }

    call_script& trailers(field_vector const& fields = good_trailers) { return headers(fields, true); }

    // The call is done with this code; an empty text stands for any.
    void expect(status_code c, status_origin origin, std::string_view text = {}) {
        BOOST_TEST(call.done());
        BOOST_TEST(to_string(call.outcome().code()) == to_string(c));
        BOOST_TEST((call.outcome().origin() == origin));
        if (!text.empty())
            BOOST_TEST(call.outcome().message() == text);
    }

    std::string read() {
        buffer message;
        switch (call.read(message)) {
        case call::read_state::message: return std::string(message.view());
        case call::read_state::pending: return "(pending)";
        case call::read_state::end: return "(end)";
        case call::read_state::failed: return "(failed)";
        }
        return {};
    }

    status_code send(std::string_view text) {
        buffer framed(grpc_message(text));
        return call.send_message(framed).code();
    }
};

} // namespace joust::test
