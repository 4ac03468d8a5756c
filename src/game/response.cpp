//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/response.hpp"

#include "joust/game/code.hpp"
#include "joust/game/envelope.hpp"
#include "joust/rpc/framing.hpp"

#include <cstdint>
#include <cstring>
#include <string>

namespace joust::game {

namespace {

constexpr std::string_view success_message = "success";

// Field 2 is `success`, field 3 a length that is known afterwards.
constexpr std::string_view success_head = "\x12\x07success\x1a";
constexpr std::size_t longest_length = 5;

} // namespace

void append_response(buffer& out, status const& outcome, std::string_view method, std::string_view json) {
    response_view response;
    if (outcome.ok()) {
        response.message = success_message;
        response.payload = json;
    } else {
        response.code = to_application_code(outcome);
        response.message = outcome.message();
    }
    if (encode_response(out, response).ok())
        return;
    // An error that the handler chose, in an encoding that the envelope cannot carry. Its number can be.
    std::string const instead = std::string(method) + ": the message of this error is not UTF-8";
    response.message = instead;
    (void)encode_response(out, response);
}

void append_more_response(buffer& out, std::string_view json) {
    response_view response;
    response.message = more_message;
    response.payload = json;
    (void)encode_response(out, response);
}

result<buffer> framed_response(status const& outcome, std::string_view method, std::string_view json) {
    return make_framed([&](buffer& out) {
        append_response(out, outcome, method, json);
        return status();
    });
}

result<buffer> framed_more_response(std::string_view json) {
    return make_framed([&](buffer& out) {
        append_more_response(out, json);
        return status();
    });
}

result<buffer> framed_heartbeat() {
    return make_framed([](buffer& out) {
        response_view response;
        response.message = heartbeat_message;
        return encode_response(out, response);
    });
}

bool is_heartbeat(std::string_view bytes) {
    response_view response;
    return decode_response(bytes, response).ok() && response.code == 0 && response.payload.empty() &&
           response.message == heartbeat_message;
}

response_in_place::response_in_place(buffer& out) : out_(out), begin_(out.size()) {
    out_.append(success_head);
    out_.grow(longest_length);
    payload_ = out_.size();
}

void response_in_place::end(status const& outcome, std::string_view method) {
    if (outcome.ok())
        return end_success();
    out_.truncate(begin_);
    append_response(out_, outcome, method, {});
}

void response_in_place::end_success() noexcept {
    std::size_t const size = out_.size() - payload_;
    std::uint8_t* p = out_.data() + payload_ - longest_length;
    if (size == 0) { // an empty field is left out, its tag too
        out_.truncate(payload_ - longest_length - 1);
        return;
    }
    std::size_t rest = size;
    for (; rest > 0x7f; rest >>= 7)
        *p++ = static_cast<std::uint8_t>((rest & 0x7f) | 0x80);
    *p++ = static_cast<std::uint8_t>(rest);
    std::memmove(p, out_.data() + payload_, size);
    out_.truncate(static_cast<std::size_t>(p - out_.data()) + size);
}

} // namespace joust::game
