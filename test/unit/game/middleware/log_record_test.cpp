//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/middleware/log_record.hpp"

#include "game/middleware/auth_token.hpp"
#include "joust/game/middleware/failures.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

// Texts that middleware writes and reads.

namespace joust::game {

BOOST_AUTO_TEST_SUITE(middleware_texts)

namespace {

using namespace std::chrono_literals;

log_record sample_record() {
    log_record r;
    r.time = std::chrono::system_clock::time_point(std::chrono::seconds(1'769'903'999) + 7ms);
    r.level = "info";
    r.call_id = "1-5";
    r.method = "logic.get";
    r.peer = "10.0.0.1:40000";
    r.took = 1'234'567ns;
    r.arguments_bytes = 2;
    r.answer_bytes = 30;
    return r;
}

} // namespace

BOOST_AUTO_TEST_CASE(line_of_keys_and_values) {
    BOOST_TEST(to_line(sample_record(), log_format::key_value) ==
               "time=2026-01-31T23:59:59.007Z level=info call=1-5 method=logic.get peer=10.0.0.1:40000 code=0 ms=1.234 "
               "arguments_bytes=2 answer_bytes=30");
}

BOOST_AUTO_TEST_CASE(line_of_json) {
    log_record r = sample_record();
    r.identity = "ann";
    r.code = 500;
    r.error = "it \"broke\"\n";
    r.arguments = R"({"a":1})";
    auto const line = boost::json::parse(to_line(r, log_format::json)).as_object();
    BOOST_TEST(line.at("identity").as_string() == "ann");
    BOOST_TEST(line.at("code").as_int64() == 500);
    BOOST_TEST(line.at("ms").as_double() == 1.234);
    BOOST_TEST(line.at("error").as_string() == "it \"broke\"\n");
    BOOST_TEST(line.at("arguments").as_string() == R"({"a":1})");
    BOOST_TEST(!line.contains("answer"));
}

BOOST_AUTO_TEST_CASE(nobody_writes_lines_or_fields_of_their_own) {
    for (log_format const format : {log_format::key_value, log_format::json}) {
        log_record r = sample_record();
        r.identity = "x\nlevel=error y=\"\x01\x7f";
        r.error = "\xff\xfe";
        r.answer = "\xc3\xa4 \\";
        std::string const line = to_line(r, format);
        BOOST_TEST(line.find('\n') == std::string::npos);
        BOOST_TEST(line.find(R"("x\nlevel=error y=\"\u0001\u007f")") != std::string::npos);
        BOOST_TEST(line.find("\"??\"") != std::string::npos);
        BOOST_TEST(line.find("\"\xc3\xa4 \\\\\"") != std::string::npos);
    }
    log_record empty;
    BOOST_TEST(to_line(empty, log_format::key_value).find("method=\"\" ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_share_is_taken_evenly) {
    even_sample tenth(0.1);
    for (int i = 1; i <= 1000; ++i)
        BOOST_TEST(tenth.take() == (i % 10 == 0));
    even_sample all(1);
    even_sample none(0);
    for (int i = 0; i != 100; ++i) {
        BOOST_TEST(all.take());
        BOOST_TEST(!none.take());
    }
}

BOOST_AUTO_TEST_CASE(failures_have_paths) {
    failures f;
    BOOST_TEST(f.empty());
    f.add("", "all wrong");
    f.add("level", "too high");
    {
        failures::inside const players(f, "players");
        failures::inside const third(f, 3);
        f.add("id", "empty");
        f.add("", "odd");
        f.add("[0]", "bad");
    }
    f.add("a.b", "c");
    BOOST_TEST(f.text() ==
               "all wrong; level: too high; players[3].id: empty; players[3]: odd; players[3][0]: bad; a.b: c");
    BOOST_TEST(f.size() == 6u);
}

BOOST_AUTO_TEST_CASE(of_many_failures_the_first_are_told) {
    failures f;
    for (int i = 0; i != 1'000'000; ++i)
        f.add("a", "b");
    BOOST_TEST(f.text().size() < 200u);
    BOOST_TEST(f.text().ends_with("; a: b; and 999980 more"));
}

BOOST_AUTO_TEST_CASE(token_follows_its_scheme) {
    BOOST_TEST(token_of("Bearer 4711", "Bearer").value() == "4711");
    BOOST_TEST(token_of("bearer   4711", "Bearer").value() == "4711");
    BOOST_TEST(token_of("4711", "").value() == "4711");
    for (char const* const bad : {"", "Bearer", "Bearer ", "Bearer  ", "Bearer4711", "Basic 4711", "4711"})
        BOOST_TEST(!token_of(bad, "Bearer").has_value());
    BOOST_TEST(!token_of("", "").has_value());
}

BOOST_AUTO_TEST_CASE(secrets_are_the_same_or_not) {
    BOOST_TEST(same_secret("", ""));
    BOOST_TEST(same_secret("4711", "4711"));
    for (char const* const other : {"", "471", "47111", "4712", "0711"})
        BOOST_TEST(!same_secret("4711", other));
    BOOST_TEST(!same_secret(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::game
