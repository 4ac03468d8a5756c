//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "call/inbound.hpp"
#include "support/for_each_cut.hpp"
#include "support/frames.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace joust;
using namespace joust::call;
using namespace joust::test;

BOOST_AUTO_TEST_SUITE(inbound_)

namespace {

constexpr std::size_t limit = 1000;

// Everything that can be read now: the messages, and how it ended.
struct reading {
    std::vector<std::string> messages;
    read_state last = read_state::pending;
};

reading read_all(inbound& in) {
    reading r;
    buffer message;
    while ((r.last = in.read(message)) == read_state::message)
        r.messages.emplace_back(message.view());
    return r;
}

inbound fresh(bool wanted) {
    inbound in;
    in.reset(limit);
    in.want(wanted);
    return in;
}

} // namespace

BOOST_AUTO_TEST_CASE(nothing_yet_is_pending) {
    inbound in = fresh(true);
    buffer message;
    BOOST_TEST(!in.readable());
    BOOST_TEST((in.read(message) == read_state::pending));
    BOOST_TEST(!in.ended());
    BOOST_TEST(!in.failed());
}

BOOST_AUTO_TEST_CASE(messages_cut_anywhere_are_the_same) {
    std::string const body = grpc_message("one") + grpc_message("") + grpc_message("three, and a longer one");
    for (bool const wanted : {true, false})
        for (bool const read_between : {true, false})
            for_each_cut(body, [&](auto pieces) {
                inbound in = fresh(wanted);
                std::vector<std::string> messages;
                auto const read = [&] {
                    for (std::string const& m : read_all(in).messages)
                        messages.push_back(m);
                };
                for (std::string_view const piece : pieces) {
                    in.on_data(piece);
                    if (read_between)
                        read();
                }
                in.on_end();
                BOOST_TEST(in.check_end().ok());
                read();
                BOOST_TEST(messages == (std::vector<std::string>{"one", "", "three, and a longer one"}));
                BOOST_TEST((read_all(in).last == read_state::end));
                BOOST_TEST(in.take_consumed() == body.size());
                BOOST_TEST(in.take_consumed() == 0u);
            });
}

BOOST_AUTO_TEST_CASE(window_is_returned_only_for_what_is_decoded) {
    inbound in = fresh(false);
    std::string const first = grpc_message("first"), second = grpc_message("second");
    in.on_data(first + second);
    BOOST_TEST(in.take_consumed() == 0u); // nobody wants it
    BOOST_TEST(in.readable());            // looking ahead decodes one
    BOOST_TEST(in.take_consumed() == first.size());
    buffer message;
    BOOST_TEST((in.read(message) == read_state::message));
    BOOST_TEST(in.take_consumed() == 0u);
    BOOST_TEST((in.read(message) == read_state::message));
    BOOST_TEST(in.take_consumed() == second.size());
}

BOOST_AUTO_TEST_CASE(wanted_message_is_decoded_as_it_comes_and_no_more) {
    inbound in = fresh(true);
    std::string const first = grpc_message("first");
    in.on_data(first.substr(0, 7));
    BOOST_TEST(in.take_consumed() == 7u);
    in.on_data(first.substr(7) + grpc_message("second"));
    BOOST_TEST(in.take_consumed() == first.size() - 7);
    in.on_data(grpc_message("third"));
    BOOST_TEST(in.take_consumed() == 0u);
    BOOST_TEST(in.has_surplus());
}

BOOST_AUTO_TEST_CASE(message_larger_than_a_window_comes_through_when_wanted) {
    inbound in = fresh(true);
    std::string const body = grpc_message(std::string(limit, 'x'));
    constexpr std::size_t window = 100;
    std::size_t credit = window;
    for (std::string_view rest = body; !rest.empty();) {
        BOOST_TEST_REQUIRE(credit > 0u);
        std::size_t const n = std::min(credit, rest.size());
        in.on_data(rest.substr(0, n));
        rest.remove_prefix(n);
        credit += in.take_consumed() - n;
    }
    BOOST_TEST(read_all(in).messages == std::vector<std::string>{std::string(limit, 'x')});
}

BOOST_AUTO_TEST_CASE(message_above_the_limit_fails_by_its_length_alone) {
    std::string const prefix = grpc_message(std::string(limit + 1, 'x')).substr(0, 5);
    for_each_cut(prefix, [](auto pieces) {
        inbound in = fresh(true);
        for (std::string_view const piece : pieces)
            in.on_data(piece);
        BOOST_TEST(in.failed());
        BOOST_TEST(in.readable());
        BOOST_TEST((read_all(in).last == read_state::failed));
        BOOST_TEST((in.error().code() == status_code::resource_exhausted));
    });
}

BOOST_AUTO_TEST_CASE(lying_length_prefix_reserves_nothing) {
    inbound in;
    in.reset(0xffffffff);
    in.want(true);
    in.on_data(std::string("\0\xff\xff\xff\xff", 5)); // 4 GiB announced: the sanitizer build would refuse them
    BOOST_TEST(!in.failed());
    in.on_end();
    BOOST_TEST((read_all(in).last == read_state::failed));
    BOOST_TEST((in.error().code() == status_code::internal));
}

BOOST_AUTO_TEST_CASE(compressed_message_without_an_encoding_is_internal) {
    for_each_cut(grpc_message("x", 1), [](auto pieces) {
        inbound in = fresh(true);
        for (std::string_view const piece : pieces)
            in.on_data(piece);
        BOOST_TEST((read_all(in).last == read_state::failed));
        BOOST_TEST((in.error().code() == status_code::internal));
    });
}

BOOST_AUTO_TEST_CASE(flag_that_is_no_flag_is_internal) {
    inbound in = fresh(true);
    in.on_data(grpc_message("x", 2));
    BOOST_TEST((read_all(in).last == read_state::failed));
    BOOST_TEST((in.error().code() == status_code::internal));
}

BOOST_AUTO_TEST_CASE(data_behind_a_failure_is_ignored) {
    inbound in = fresh(true);
    in.on_data(grpc_message("x", 2));
    in.take_consumed();
    in.on_data(grpc_message("good"));
    BOOST_TEST((read_all(in).last == read_state::failed));
    BOOST_TEST(read_all(in).messages.empty());
    BOOST_TEST(in.take_consumed() == 0u);
}

BOOST_AUTO_TEST_CASE(messages_before_a_bad_one_are_read) {
    inbound in = fresh(false);
    in.on_data(grpc_message("good") + grpc_message("bad", 1));
    in.on_end();
    BOOST_TEST((in.check_end().code() == status_code::internal));
    reading const r = read_all(in);
    BOOST_TEST(r.messages == std::vector<std::string>{"good"});
    BOOST_TEST((r.last == read_state::failed));
}

BOOST_AUTO_TEST_CASE(end_inside_a_message_is_internal_wherever_it_is_cut) {
    std::string const body = grpc_message("first") + grpc_message("second");
    std::size_t const boundary = grpc_message("first").size();
    for (std::size_t size = 0; size <= body.size(); ++size) {
        for (bool const wanted : {true, false}) {
            inbound in = fresh(wanted);
            in.on_data(std::string_view(body).substr(0, size));
            in.on_end();
            bool const whole = size == 0 || size == boundary || size == body.size();
            BOOST_TEST(in.check_end().ok() == whole);
            reading const r = read_all(in);
            BOOST_TEST(r.messages.size() == (size < boundary ? 0u : size < body.size() ? 1u : 2u));
            BOOST_TEST((r.last == (whole ? read_state::end : read_state::failed)));
            if (!whole)
                BOOST_TEST((in.error().code() == status_code::internal));
        }
    }
}

BOOST_AUTO_TEST_CASE(check_of_the_end_finds_a_message_above_the_limit) {
    inbound in = fresh(false);
    in.on_data(grpc_message("good") + grpc_message(std::string(limit + 1, 'x')));
    in.on_end();
    BOOST_TEST((in.check_end().code() == status_code::resource_exhausted));
}

BOOST_AUTO_TEST_CASE(data_behind_the_end_is_ignored) {
    inbound in = fresh(true);
    in.on_end();
    in.on_data(grpc_message("late"));
    BOOST_TEST(read_all(in).messages.empty());
    BOOST_TEST(in.take_consumed() == 0u);
}

BOOST_AUTO_TEST_CASE(discarded_input_ends_cleanly) {
    std::string const body = grpc_message("first") + grpc_message("second");
    for (std::size_t size = 0; size <= body.size(); ++size) {
        inbound in = fresh(true);
        in.on_data(std::string_view(body).substr(0, size));
        in.discard();
        BOOST_TEST(in.ended());
        reading const r = read_all(in);
        BOOST_TEST(r.messages.empty());
        BOOST_TEST((r.last == read_state::end));
    }
}

BOOST_AUTO_TEST_CASE(reset_one_is_as_new) {
    inbound in = fresh(true);
    for (std::string const& before : {grpc_message("half").substr(0, 6), grpc_message("x", 2), grpc_message("whole"),
                                      grpc_message(std::string(limit, 'x')), grpc_message("a") + grpc_message("b")}) {
        in.on_data(before);
        in.reset(limit);
        BOOST_TEST(!in.ended());
        BOOST_TEST(!in.failed());
        BOOST_TEST(!in.readable());
        BOOST_TEST(in.take_consumed() == 0u);
        in.want(true);
        in.on_data(grpc_message("new"));
        BOOST_TEST(read_all(in).messages == std::vector<std::string>{"new"});
    }
}

BOOST_AUTO_TEST_CASE(storage_of_a_large_message_is_not_kept_for_the_next_call) {
    inbound in;
    in.reset(10'000'000);
    in.want(true);
    buffer message;
    for (int i = 0; i < 2; ++i) { // the second leaves the first one's storage in the decoder
        in.on_data(grpc_message(std::string(1'000'000, 'x')));
        BOOST_TEST((in.read(message) == read_state::message));
        BOOST_TEST(message.size() == 1'000'000u);
    }
    in.reset(1000);
    in.want(true);
    buffer small;
    in.on_data(grpc_message("small"));
    BOOST_TEST((in.read(small) == read_state::message));
    BOOST_TEST(small.capacity() < 20'000u);
}

BOOST_AUTO_TEST_CASE(backlog_that_is_read_slowly_keeps_its_order) {
    inbound in = fresh(false);
    std::vector<std::string> expected, got;
    buffer message;
    for (int i = 0; i < 500; ++i) {
        expected.push_back(std::to_string(i));
        in.on_data(grpc_message(expected.back()));
        if (i % 3 != 0 && in.read(message) == read_state::message)
            got.emplace_back(message.view());
    }
    in.on_end();
    while (in.read(message) == read_state::message)
        got.emplace_back(message.view());
    BOOST_TEST(got == expected);
}

BOOST_AUTO_TEST_SUITE_END()
