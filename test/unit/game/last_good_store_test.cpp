//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/last_good_store.hpp"

#include "game/surrounded_call.hpp"
#include "joust/rpc/call_credentials.hpp"
#include "joust/rpc/framing.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

namespace joust::game {

BOOST_AUTO_TEST_SUITE(last_good_store_)

namespace {

using namespace std::chrono_literals;
using time_point = last_good_store::time_point;

std::string at(last_good_store& store, std::string_view key, time_point now = time_point()) {
    auto const found = store.get(key, now);
    return found ? std::string(found->answer.view()) : "none";
}

/// A key of a call like this.
struct calls {
    std::shared_ptr<surroundings const> around = std::make_shared<surroundings const>(client_options());
    last_good_store store{last_good_options()};

    std::string key(request_view const& request, joust::call_options options = {}) {
        buffer framed = make_framed([&](buffer& out) { return encode_request(out, request); }).value();
        surrounded_call call(around, std::move(framed), std::move(options), false);
        return store.key_of(call.call());
    }
};

struct no_credentials final : call_credentials {
    void start(boost::asio::any_io_executor const&, call_target, handler_type) override {}
};

} // namespace

BOOST_AUTO_TEST_CASE(an_answer_comes_back_with_its_age) {
    last_good_store store({});
    store.put("k", "1", nullptr, time_point(1s));
    store.put("k", "2", nullptr, time_point(2s));
    auto const found = store.get("k", time_point(5s));
    BOOST_TEST(found->answer.view() == "2");
    BOOST_CHECK(found->age == 3s);
    BOOST_TEST(at(store, "x") == "none");
    BOOST_TEST(store.size() == 1u);
}

BOOST_AUTO_TEST_CASE(one_that_is_too_old_is_none) {
    last_good_options o;
    o.max_age = 3s;
    last_good_store store(o);
    store.put("k", "1", nullptr, time_point(1s));
    BOOST_TEST(at(store, "k", time_point(4s)) == "1");
    BOOST_TEST(at(store, "k", time_point(4s + 1ns)) == "none");
    BOOST_TEST(store.size() == 0u);
}

BOOST_AUTO_TEST_CASE(the_number_is_bounded_and_the_least_used_goes) {
    last_good_options o;
    o.max_entries = 2;
    last_good_store store(o);
    store.put("a", "1", nullptr, {});
    store.put("b", "2", nullptr, {});
    BOOST_TEST(at(store, "a") == "1");
    store.put("c", "3", nullptr, {});
    BOOST_TEST(at(store, "a") == "1");
    BOOST_TEST(at(store, "b") == "none");
    BOOST_TEST(at(store, "c") == "3");
}

BOOST_AUTO_TEST_CASE(the_bytes_are_bounded) {
    last_good_options o;
    o.max_bytes = 10000;
    last_good_store store(o);
    std::string const large(3000, 'x');
    for (int i = 0; i != 10; ++i)
        store.put(std::to_string(i), large, nullptr, {});
    BOOST_TEST(store.size() == 3u);
    BOOST_TEST(at(store, "9") == large);
    store.put("huge", std::string(20000, 'x'), nullptr, {});
    BOOST_TEST(store.size() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_key_has_all_that_may_tell_callers_apart, calls) {
    std::string const plain = key({"s", "m", "{}", {}});
    BOOST_TEST(key({"s", "m", "{}", {}}) == plain);
    BOOST_TEST(key({"s", "m", "{ }", {}}) != plain);
    BOOST_TEST(key({"sm", "", "{}", {}}) != plain);
    BOOST_TEST(key({"s", "m", "{}", {{"a", "1"}, {"b", "2"}}}) == key({"s", "m", "{}", {{"b", "2"}, {"a", "1"}}}));
    BOOST_TEST(key({"s", "m", "{}", {{"a", "1"}}}) != plain);
    joust::call_options headers;
    headers.metadata.add("a", "1");
    BOOST_TEST(key({"s", "m", "{}", {}}, headers) != plain);
    BOOST_TEST(key({"s", "m", "{}", {}}, headers) != key({"s", "m", "{}", {{"a", "1"}}}));
    joust::call_options traced;
    traced.metadata.add("traceparent", "1");
    BOOST_TEST(key({"s", "m", "{}", {}}, traced) == plain);
    joust::call_options other;
    other.credentials = std::make_shared<no_credentials>();
    BOOST_TEST(key({"s", "m", "{}", {}}, other) != plain);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::game
