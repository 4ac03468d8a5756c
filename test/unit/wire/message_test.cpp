//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/message.hpp"

#include "support/for_each_cut.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using joust::buffer;
using joust::status_code;
using joust::wire::message_decoder;
using state = joust::wire::message_decoder::state;

namespace {

std::string prefix(std::uint8_t flag, std::uint32_t length) {
    std::string text(1, static_cast<char>(flag));
    for (int shift = 24; shift >= 0; shift -= 8)
        text.push_back(static_cast<char>(length >> shift & 0xff));
    return text;
}

std::string frame(std::string_view message, std::uint8_t flag = 0) {
    return prefix(flag, static_cast<std::uint32_t>(message.size())).append(message);
}

struct decoded {
    std::vector<std::string> messages;
    std::vector<bool> compressed;
    state last = state::need_more;
};

decoded decode(message_decoder& decoder, std::span<std::string_view const> pieces) {
    decoded result;
    buffer message;
    for (std::string_view piece : pieces) {
        while ((result.last = decoder.feed(piece)) == state::message) {
            result.compressed.push_back(decoder.compressed());
            decoder.take(message);
            result.messages.emplace_back(message.view());
        }
        if (result.last == state::failed)
            break;
        BOOST_TEST(piece.empty());
    }
    return result;
}

decoded decode(message_decoder& decoder, std::string_view bytes) {
    return decode(decoder, std::span<std::string_view const>(&bytes, 1));
}

} // namespace

BOOST_AUTO_TEST_SUITE(framing)

BOOST_AUTO_TEST_CASE(begun_and_ended_message_has_its_prefix) {
    buffer out;
    std::size_t const at = joust::wire::begin_message(out);
    out.append("hello");
    joust::wire::end_message(out, at);
    BOOST_TEST(out.view() == frame("hello"));
    BOOST_TEST(at == joust::wire::prefix_size);
}

BOOST_AUTO_TEST_CASE(empty_message_is_a_prefix_only) {
    buffer out;
    joust::wire::end_message(out, joust::wire::begin_message(out));
    BOOST_TEST(out.view() == std::string(5, '\0'));
}

BOOST_AUTO_TEST_CASE(second_message_follows_the_first_and_may_be_compressed) {
    buffer out("before");
    std::size_t at = joust::wire::begin_message(out);
    out.append("one");
    joust::wire::end_message(out, at);
    at = joust::wire::begin_message(out);
    out.append(std::string(70'000, 'x'));
    joust::wire::end_message(out, at, true);
    BOOST_TEST((out.view() == "before" + frame("one") + frame(std::string(70'000, 'x'), 1)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(message_decoder_)

BOOST_AUTO_TEST_CASE(nothing_fed_is_not_mid_message) {
    message_decoder decoder;
    BOOST_TEST((decode(decoder, "").last == state::need_more));
    BOOST_TEST(!decoder.mid_message());
    BOOST_TEST(decoder.error().ok());
}

BOOST_AUTO_TEST_CASE(every_cut_gives_the_same_messages) {
    std::vector<std::string> const messages = {"first", "", std::string(300, 'x'), std::string("\0\1\0\0\0", 5)};
    std::string bytes;
    for (std::string const& message : messages)
        bytes += frame(message, message.size() == 300);
    message_decoder decoder;
    joust::test::for_each_cut(bytes, [&](std::span<std::string_view const> pieces) {
        decoded const got = decode(decoder, pieces);
        BOOST_TEST(got.messages == messages);
        BOOST_TEST((got.compressed == std::vector<bool>{false, false, true, false}));
        BOOST_TEST((got.last == state::need_more));
        BOOST_TEST(!decoder.mid_message());
    });
}

BOOST_AUTO_TEST_CASE(input_that_ends_early_is_mid_message_but_at_the_boundary) {
    std::string const bytes = frame("hello");
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        message_decoder decoder;
        decode(decoder, std::string_view(bytes).substr(0, size));
        BOOST_TEST(decoder.mid_message() == (size != 0 && size != bytes.size()), "after " << size);
    }
}

BOOST_AUTO_TEST_CASE(feed_stops_behind_the_message_until_it_is_taken) {
    std::string const bytes = frame("one") + frame("two");
    std::string_view in = bytes;
    message_decoder decoder;
    BOOST_TEST((decoder.feed(in) == state::message));
    BOOST_TEST(in == frame("two"));
    BOOST_TEST(decoder.mid_message());
    BOOST_TEST((decoder.feed(in) == state::message));
    BOOST_TEST(in == frame("two"));
    buffer message("old");
    decoder.take(message);
    BOOST_TEST(message.view() == "one");
    BOOST_TEST((decoder.feed(in) == state::message));
    decoder.take(message);
    BOOST_TEST(message.view() == "two");
}

BOOST_AUTO_TEST_CASE(take_keeps_the_old_storage_for_the_next_message) {
    message_decoder decoder;
    buffer message;
    message.reserve(1000);
    std::uint8_t const* const storage = message.data();
    std::string const bytes = frame("one") + frame("two");
    std::string_view in = bytes;
    decoder.feed(in);
    decoder.take(message);
    decoder.feed(in);
    decoder.take(message);
    BOOST_TEST(message.view() == "two");
    BOOST_TEST(message.data() == storage);
}

BOOST_AUTO_TEST_CASE(message_at_the_limit_passes_and_one_byte_more_fails) {
    message_decoder decoder(10);
    BOOST_TEST(decode(decoder, frame("0123456789")).messages.size() == 1u);
    decoded const got = decode(decoder, frame("0123456789a"));
    BOOST_TEST((got.last == state::failed));
    BOOST_TEST((decoder.error().code() == status_code::resource_exhausted));
    BOOST_TEST(decoder.error().message() == "message of 11 bytes exceeds max_receive_message_size of 10 bytes");
}

BOOST_AUTO_TEST_CASE(limit_is_checked_before_any_byte_of_the_message_arrives) {
    std::string const bytes = prefix(0, 0xffff'ffff);
    joust::test::for_each_cut(bytes, [](std::span<std::string_view const> pieces) {
        message_decoder decoder;
        BOOST_TEST((decode(decoder, pieces).last == state::failed));
        BOOST_TEST(decoder.error().message() ==
                   "message of 4294967295 bytes exceeds max_receive_message_size of 4194304 bytes");
    });
}

BOOST_AUTO_TEST_CASE(limit_of_zero_lets_empty_messages_pass) {
    message_decoder decoder(0);
    BOOST_TEST(decode(decoder, frame("")).messages.size() == 1u);
    BOOST_TEST((decode(decoder, frame("a")).last == state::failed));
}

BOOST_AUTO_TEST_CASE(flag_other_than_0_and_1_fails) {
    for (int flag = 2; flag < 256; ++flag) {
        message_decoder decoder;
        BOOST_TEST((decode(decoder, frame("x", static_cast<std::uint8_t>(flag))).last == state::failed));
        BOOST_TEST((decoder.error().code() == status_code::internal));
        BOOST_TEST(decoder.error().message() == "invalid compressed flag " + std::to_string(flag));
    }
}

BOOST_AUTO_TEST_CASE(failed_decoder_stays_failed_and_takes_nothing) {
    std::string const bytes = frame("x", 2);
    std::string_view in = bytes;
    message_decoder decoder;
    BOOST_TEST((decoder.feed(in) == state::failed));
    std::string_view good = "good";
    BOOST_TEST((decoder.feed(good) == state::failed));
    BOOST_TEST(good == "good");
}

BOOST_AUTO_TEST_CASE(messages_before_a_bad_prefix_are_still_delivered) {
    std::string const bytes = frame("good") + frame("bad", 7);
    joust::test::for_each_cut(bytes, [](std::span<std::string_view const> pieces) {
        message_decoder decoder;
        decoded const got = decode(decoder, pieces);
        BOOST_TEST(got.messages == std::vector<std::string>{"good"});
        BOOST_TEST((got.last == state::failed));
    });
}

BOOST_AUTO_TEST_CASE(reset_forgets_failure_and_rest_and_sets_the_limit) {
    message_decoder decoder;
    decode(decoder, frame("x", 2));
    decoder.reset(3);
    BOOST_TEST(decoder.error().ok());
    BOOST_TEST(!decoder.mid_message());
    BOOST_TEST(decode(decoder, frame("abc")).messages == std::vector<std::string>{"abc"});
    decode(decoder, frame("abc").substr(0, 7));
    decoder.reset(4);
    BOOST_TEST(!decoder.mid_message());
    BOOST_TEST(decode(decoder, frame("abcd")).messages == std::vector<std::string>{"abcd"});
    BOOST_TEST((decode(decoder, frame("abcde")).last == state::failed));
}

BOOST_AUTO_TEST_CASE(storage_grows_with_what_arrived_and_not_with_what_was_claimed) {
    constexpr std::size_t claimed = 4 * 1024 * 1024;
    constexpr std::size_t trusted = 16 * 1024;
    for (std::size_t const arrived : {0u, 1u, 1000u, 100'000u, 1'000'000u}) {
        message_decoder decoder;
        decode(decoder, prefix(0, claimed) + std::string(arrived, 'x'));
        // The storage shows when it serves another message.
        decoder.reset(claimed);
        std::string const other = frame("");
        std::string_view in = other;
        decoder.feed(in);
        buffer message;
        decoder.take(message);
        BOOST_TEST(message.capacity() <= 2 * arrived + trusted, "after " << arrived);
    }
}

BOOST_AUTO_TEST_CASE(large_message_in_frames_ends_with_its_exact_size) {
    std::string const large(1'000'000, 'x');
    std::string const bytes = frame(large);
    message_decoder decoder;
    buffer message;
    for (std::size_t at = 0; at < bytes.size(); at += 16'384) {
        std::string_view piece = std::string_view(bytes).substr(at, 16'384);
        if (decoder.feed(piece) == state::message)
            decoder.take(message);
    }
    BOOST_TEST((message.view() == large));
    BOOST_TEST(message.capacity() == large.size());
}

BOOST_AUTO_TEST_SUITE_END()
