//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/compressors.hpp"
#include "joust/wire/encoding_name.hpp"
#include "joust/wire/message.hpp"
#include "support/frames.hpp"
#include "support/run_length.hpp"
#include "wire/compression.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace joust;
using namespace joust::test;
namespace data = boost::unit_test::data;

namespace {

constexpr std::size_t plenty = 1 << 26;

compressors const known = [] {
    compressors all = compressors::standard();
    all.add(std::make_shared<run_length>());
    return all;
}();

auto const every_encoding = data::make(std::vector<std::string>{"gzip", "deflate", "zstd", "run-length"});
auto const checked_encodings = data::make(std::vector<std::string>{"gzip", "deflate", "zstd"});

std::string noise(std::size_t size) {
    std::string text;
    std::uint32_t random = 1;
    while (text.size() < size)
        text.push_back(static_cast<char>((random = random * 1664525 + 1013904223) >> 24));
    return text;
}

std::string packed(std::string const& encoding, std::string_view message) {
    buffer out;
    BOOST_REQUIRE(known.find(encoding)->compress(message, out).ok());
    return std::string(out.view());
}

struct unpacked {
    status outcome;
    std::string message;
    std::size_t capacity = 0;
};

unpacked unpack(std::string const& encoding, std::string_view bytes, std::size_t limit = plenty) {
    buffer out;
    status outcome = wire::decompress(*known.find(encoding), bytes, limit, out);
    return {std::move(outcome), std::string(out.view()), out.capacity()};
}

void check_refused(unpacked const& u, status_code code, std::string const& text) {
    BOOST_TEST(to_string(u.outcome.code()) == to_string(code));
    BOOST_TEST(u.outcome.message() == text);
    BOOST_TEST(u.message == "");
}

std::string bytes_of(std::string_view hex) {
    std::string bytes;
    for (; hex.size() >= 2; hex.remove_prefix(2))
        bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(0, 2)), nullptr, 16)));
    return bytes;
}

// What other programs made of it.
std::string const said = "hello, joust\nhello, joust\nhello, joust\n";
std::string const by_gzip = bytes_of("1f8b0800000000000203cb48cdc9c9d751c8ca2f2d2ee1cac0c901004afe98bb27000000");
std::string const by_zlib = bytes_of("789ccb48cdc9c9d751c8ca2f2d2ee1cac0c9010019d60dde");
std::string const by_zstd = bytes_of("28b52ffd00589d00006868656c6c6f2c206a6f7573740a010060cf2f"); // without its size

} // namespace

BOOST_AUTO_TEST_SUITE(compression)

BOOST_DATA_TEST_CASE(messages_come_back, every_encoding, encoding) {
    for (std::size_t const size : {0U, 1U, 2U, 255U, 256U, 257U, 1000U, 65536U, 300000U}) {
        std::string const random = noise(size);
        std::string const zeros(size, '\0');
        if (size != 0)
            BOOST_TEST((unpack(encoding, packed(encoding, random)).message == random), "size " << size);
        BOOST_TEST((unpack(encoding, packed(encoding, zeros)).message == zeros), "size " << size);
    }
}

BOOST_DATA_TEST_CASE(what_is_compressed_is_smaller, every_encoding, encoding) {
    BOOST_TEST(packed(encoding, std::string(10000, 'x')).size() < 1000u);
}

BOOST_AUTO_TEST_CASE(what_other_programs_made_is_read) {
    BOOST_TEST(unpack("gzip", by_gzip).message == said);
    BOOST_TEST(unpack("deflate", by_zlib).message == said);
    BOOST_TEST(unpack("zstd", by_zstd).message == said);
}

BOOST_DATA_TEST_CASE(every_cut_is_told, checked_encodings, encoding) {
    std::string const all = packed(encoding, said + noise(300));
    for (std::size_t at = 0; at < all.size(); ++at)
        BOOST_TEST_CONTEXT("cut at " << at << " of " << all.size()) {
            check_refused(unpack(encoding, all.substr(0, at)), status_code::internal,
                          "the message compressed with " + encoding + " is cut short");
        }
    for (std::string const& foreign : {by_gzip, by_zlib, by_zstd})
        for (std::size_t at = 0; at < foreign.size(); ++at)
            BOOST_TEST(!unpack(encoding, foreign.substr(0, at)).outcome.ok());
}

BOOST_DATA_TEST_CASE(every_wrong_bit_is_told_or_harmless, checked_encodings, encoding) {
    std::string const message = said + noise(100);
    std::string const all = packed(encoding, message);
    for (std::size_t bit = 0; bit < all.size() * 8; ++bit) {
        std::string wrong = all;
        wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ 1 << bit % 8);
        unpacked const u = unpack(encoding, wrong, 10000);
        BOOST_TEST_CONTEXT("bit " << bit) {
            if (u.outcome.ok())
                BOOST_TEST(u.message == message); // a flag of gzip's header, say
            else
                BOOST_TEST((u.outcome.message().find("compressed with " + encoding) != std::string::npos));
        }
    }
}

BOOST_DATA_TEST_CASE(what_is_something_else_is_corrupt, checked_encodings, encoding) {
    for (std::string const& bytes : {std::string("hello, this is no compressed message"), std::string(100, '\0'),
                                     std::string(100, '\xff'), packed(encoding, said) + "and more"})
        check_refused(unpack(encoding, bytes), status_code::internal,
                      "the message compressed with " + encoding + " is corrupt");
}

BOOST_AUTO_TEST_CASE(old_formats_of_zstd_are_corrupt) {
    for (char const version : {'\x22', '\x23', '\x24', '\x25', '\x26', '\x27'}) {
        std::string old = by_zstd;
        old[0] = version;
        check_refused(unpack("zstd", old), status_code::internal, "the message compressed with zstd is corrupt");
    }
}

BOOST_AUTO_TEST_CASE(parts_in_a_row_are_one_message) {
    BOOST_TEST(unpack("gzip", by_gzip + by_gzip).message == said + said);
    BOOST_TEST(unpack("zstd", by_zstd + packed("zstd", "more") + by_zstd).message == said + "more" + said);
    std::string const skipped = bytes_of("502a4d1803000000") + "xyz"; // a frame of the user's, RFC 8878, 3.1.2
    BOOST_TEST(unpack("zstd", skipped + by_zstd + skipped).message == said);
    check_refused(unpack("zstd", by_zstd + packed("zstd", "more"), said.size() + 3), status_code::resource_exhausted,
                  "message compressed with zstd exceeds max_receive_message_size of 42 bytes when decompressed");
}

BOOST_DATA_TEST_CASE(limit_holds_to_the_byte, every_encoding, encoding) {
    for (std::size_t const size : {1U, 255U, 256U, 257U, 1000U, 4096U, 100000U}) {
        std::string const message(size, 'x');
        std::string const bytes = packed(encoding, message);
        BOOST_TEST((unpack(encoding, bytes, size).message == message), "size " << size);
        check_refused(unpack(encoding, bytes, size - 1), status_code::resource_exhausted,
                      "message compressed with " + encoding + " exceeds max_receive_message_size of " +
                          std::to_string(size - 1) + " bytes when decompressed");
        BOOST_TEST((unpack(encoding, bytes, std::numeric_limits<std::size_t>::max()).message == message));
    }
    BOOST_TEST(
        unpack(encoding, packed(encoding, "x"), 0).outcome.message().find("max_receive_message_size of 0 bytes") !=
        std::string::npos);
}

BOOST_DATA_TEST_CASE(bomb_takes_no_more_than_the_limit, checked_encodings, encoding) {
    std::string const bomb = packed(encoding, std::string(plenty, '\0'));
    BOOST_TEST(bomb.size() < plenty / 500);
    for (std::size_t const limit : {0U, 1U, 1000U, 65536U, 1000000U}) {
        unpacked const u = unpack(encoding, bomb, limit);
        check_refused(u, status_code::resource_exhausted,
                      "message compressed with " + encoding + " exceeds max_receive_message_size of " +
                          std::to_string(limit) + " bytes when decompressed");
        BOOST_TEST(u.capacity <= limit + 1);
    }
}

BOOST_AUTO_TEST_CASE(zstd_bombs_of_unknown_size_take_no_more_than_the_limit) {
    // 28b52ffd, no size, a window of 1 KiB; then blocks that repeat a byte 1024 times; the last has its bit set.
    std::string bomb = bytes_of("28b52ffd0000");
    for (int i = 0; i < 10000; ++i)
        bomb += bytes_of("02200078"); // size 1024, RLE
    BOOST_TEST(unpack("zstd", bomb).outcome.message() == "the message compressed with zstd is cut short");
    bomb += bytes_of("03200078");
    BOOST_TEST(unpack("zstd", bomb).message.size() == 10001u * 1024u);
    for (std::size_t const limit : {0U, 1U, 100000U, 10001U * 1024U - 1U}) {
        unpacked const u = unpack("zstd", bomb, limit);
        BOOST_TEST(to_string(u.outcome.code()) == to_string(status_code::resource_exhausted));
        BOOST_TEST(u.capacity <= limit + 1);
    }
    // The largest window that can be asked for: nobody gives it.
    check_refused(unpack("zstd", bytes_of("28b52ffd00ff") + std::string(100, '\0')), status_code::internal,
                  "the message compressed with zstd is corrupt");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(compressors_)

BOOST_AUTO_TEST_CASE(standard_ones_are_known_by_name) {
    compressors const all = compressors::standard();
    BOOST_TEST(all.accepted() == "identity,gzip,deflate,zstd");
    for (std::string_view const name : {"gzip", "deflate", "zstd"})
        BOOST_TEST(all.find(name)->name() == name);
    for (std::string_view const name : {"", "identity", "GZIP", "gzip,deflate", "br"})
        BOOST_TEST(all.find(name) == nullptr);
}

BOOST_AUTO_TEST_CASE(none_are_known_unless_added) {
    compressors all;
    BOOST_TEST(all.empty());
    BOOST_TEST(all.accepted() == "identity");
    auto const first = std::make_shared<run_length>();
    all.add(first);
    BOOST_TEST(all.accepted() == "identity,run-length");
    BOOST_TEST(all.find("run-length") == first.get());
    auto const second = std::make_shared<run_length>();
    all.add(second);
    BOOST_TEST(all.accepted() == "identity,run-length");
    BOOST_TEST(all.find("run-length") == second.get());
}

struct named final : compressor {
    explicit named(std::string_view n) : name_(n) {}
    std::string_view name() const noexcept override { return name_; }
    status compress(std::string_view, buffer&) const override { return {}; }
    status decompress(std::string_view, std::size_t, buffer&) const override { return {}; }
    std::string_view name_;
};

BOOST_AUTO_TEST_CASE(names_that_a_header_cannot_carry_are_refused) {
    compressors all;
    for (std::string_view const name : {"", "identity", "a,b", "a b", "Gzip", "ä", "a-name-of-23-characters"})
        BOOST_CHECK_THROW(all.add(std::make_shared<named>(name)), std::invalid_argument);
    BOOST_TEST(all.empty());
}

BOOST_AUTO_TEST_CASE(name_is_held_as_it_is_unless_nobody_may_have_it) {
    BOOST_TEST(encoding_name().empty());
    BOOST_TEST(encoding_name("gzip").view() == "gzip");
    BOOST_TEST((encoding_name(std::string("gzip")) == encoding_name(std::string_view("gzip"))));
    BOOST_TEST((encoding_name("gzip") != "gzi"));
    std::string const longest(encoding_name::max_size, 'x');
    BOOST_TEST(encoding_name(longest).view() == longest);
    BOOST_TEST((encoding_name(longest + "y") != longest));
    BOOST_TEST((encoding_name(longest + "and more") != longest));
}

BOOST_AUTO_TEST_CASE(accepted_encodings_are_read_off_a_header) {
    for (std::string_view const text :
         {"gzip", "identity,gzip", "gzip,deflate", " gzip ", "identity ,\tgzip", "a,,gzip"})
        BOOST_TEST(wire::accepts(text, "gzip"), "in '" << text << "'");
    for (std::string_view const text : {"", ",", "identity", "gzi", "gzip2", "xgzip", "GZIP", "gz ip"})
        BOOST_TEST(!wire::accepts(text, "gzip"), "in '" << text << "'");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(packing)

BOOST_AUTO_TEST_CASE(without_an_encoding_nothing_changes) {
    buffer framed(grpc_message(std::string(1000, 'x')));
    std::uint8_t const* const storage = framed.data();
    BOOST_TEST(wire::pack(framed, nullptr).ok());
    BOOST_TEST(framed.view() == grpc_message(std::string(1000, 'x')));
    BOOST_TEST(framed.data() == storage);
}

BOOST_DATA_TEST_CASE(messages_are_compressed_and_framed_anew, every_encoding, encoding) {
    std::string const message(1000, 'x');
    buffer framed(grpc_message(message));
    BOOST_TEST(wire::pack(framed, known.find(encoding)).ok());
    BOOST_TEST(framed.view() == grpc_message(packed(encoding, message), 1));
    buffer const once = framed;
    BOOST_TEST(wire::pack(framed, known.find(encoding)).ok()); // not twice
    BOOST_TEST(framed.view() == once.view());
}

BOOST_DATA_TEST_CASE(messages_that_would_not_be_smaller_stay, every_encoding, encoding) {
    for (std::string const& message : {std::string(), std::string("x"), noise(1000)}) {
        buffer framed(grpc_message(message));
        BOOST_TEST(wire::pack(framed, known.find(encoding)).ok());
        BOOST_TEST(framed.view() == grpc_message(message));
    }
}

BOOST_AUTO_TEST_CASE(marked_messages_stay_and_lose_the_mark) {
    std::string const plain = grpc_message(std::string(1000, 'x'));
    for (compressor const* const encoding : {known.find("gzip"), static_cast<compressor const*>(nullptr)}) {
        buffer framed(plain);
        wire::keep_plain(framed);
        BOOST_TEST(framed.view() != plain);
        BOOST_TEST(wire::pack(framed, encoding).ok());
        BOOST_TEST(framed.view() == plain);
    }
}

BOOST_AUTO_TEST_CASE(compressed_message_without_an_encoding_is_not_sent) {
    buffer framed(grpc_message("xyz", 1));
    BOOST_TEST(to_string(wire::pack(framed, nullptr).code()) == "INTERNAL");
}

struct misbehaving final : compressor {
    std::string_view name() const noexcept override { return "bad"; }
    status compress(std::string_view message, buffer&) const override {
        if (message == "throw")
            throw std::runtime_error("no luck");
        if (message == "throw something")
            throw 42;
        return status(status_code::unknown, "refused");
    }
    status decompress(std::string_view bytes, std::size_t, buffer& out) const override {
        if (bytes == "throw")
            throw std::runtime_error("no luck");
        out.append(std::string(1000, 'x'));
        return bytes == "fail" ? corrupt() : status();
    }
};

BOOST_AUTO_TEST_CASE(plug_ins_may_throw_fail_and_forget_the_limit) {
    misbehaving const bad;
    auto const packing = [&](std::string_view text) {
        buffer framed(grpc_message(text));
        status const s = wire::pack(framed, &bad);
        BOOST_TEST(framed.view() == grpc_message(text));
        return s.to_string();
    };
    BOOST_TEST(packing("throw") == "INTERNAL: the compressor bad failed: no luck");
    BOOST_TEST(packing("throw something") == "INTERNAL: the compressor bad failed: an exception of unknown type");
    BOOST_TEST(packing("x") == "UNKNOWN: refused");
    buffer out("what was there before");
    BOOST_TEST(wire::decompress(bad, "throw", 10, out).to_string() == "INTERNAL: the compressor bad failed: no luck");
    BOOST_TEST(wire::decompress(bad, "fail", 10, out).to_string() ==
               "INTERNAL: the message compressed with bad is corrupt");
    BOOST_TEST(wire::decompress(bad, "x", 999, out).to_string() ==
               "RESOURCE_EXHAUSTED: message of 1000 bytes exceeds max_receive_message_size of 999 bytes");
    BOOST_TEST(out.empty());
    BOOST_TEST(wire::decompress(bad, "x", 1000, out).ok());
    BOOST_TEST(out.size() == 1000u);
}

BOOST_AUTO_TEST_SUITE_END()
