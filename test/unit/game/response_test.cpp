//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/response.hpp"

#include "game_service.pb.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(response)

namespace {

/// What protobuf's own class writes.
std::string written(int code, std::string_view message, std::string_view payload) {
    ::game::grpc::RpcResponse r;
    r.set_code(code);
    r.set_message(std::string(message));
    r.set_payload(std::string(payload));
    return r.SerializeAsString();
}

std::string appended(status const& outcome, std::string_view json) {
    buffer out("before");
    game::append_response(out, outcome, "logic.m", json);
    BOOST_TEST(out.view().starts_with("before"));
    return std::string(out.view().substr(6));
}

std::string in_place(status const& outcome, std::string_view json) {
    buffer out("before");
    game::response_in_place around(out);
    out.append(json.substr(0, json.size() / 2)); // a method may append in pieces
    out.append(json.substr(json.size() / 2));
    around.end(outcome, "logic.m");
    BOOST_TEST(out.view().starts_with("before"));
    return std::string(out.view().substr(6));
}

status with_number(int number) {
    status s(status_code::unknown, "words");
    s.set_application_code(number);
    return s;
}

} // namespace

BOOST_AUTO_TEST_CASE(success_is_what_protobuf_writes) {
    for (std::size_t const size : std::initializer_list<std::size_t>{0, 1, 2, 126, 127, 128, 129, 16382, 16383, 16384,
                                                                     16385, 2097150, 2097151, 2097152}) {
        std::string const json(size, 'x');
        BOOST_TEST((appended(status(), json) == written(0, "success", json)));
        BOOST_TEST((in_place(status(), json) == written(0, "success", json)));
    }
}

BOOST_AUTO_TEST_CASE(errors_are_what_protobuf_writes_without_payload) {
    status const refused(status_code::not_found, "no such player p\u00e4");
    for (auto const write : {&appended, &in_place}) {
        BOOST_TEST((write(refused, "half an answ") == written(404, "no such player p\u00e4", "")));
        BOOST_TEST((write(status(status_code::internal), "") == written(500, "", "")));
        for (int const number : {1, 127, 128, 504, 2147483647, -1, -2147483647})
            BOOST_TEST((write(with_number(number), "{}") == written(number, "words", "")));
    }
}

BOOST_AUTO_TEST_CASE(words_that_are_not_utf8_are_replaced) {
    status const refused(status_code::not_found, "\xff");
    for (auto const write : {&appended, &in_place})
        BOOST_TEST((write(refused, "") == written(404, "logic.m: the message of this error is not UTF-8", "")));
}

BOOST_AUTO_TEST_CASE(an_answer_that_more_follow_says_so) {
    buffer out;
    game::append_more_response(out, "7");
    BOOST_TEST((out.view() == written(0, "more", "7")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
