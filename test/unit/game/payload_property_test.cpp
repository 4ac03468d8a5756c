//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/message_pack.hpp"
#include "joust/game/payload.hpp"
#include "support/spelled_codec.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

// What is written is read again as it was, in every codec, whatever the values.

namespace joust::test {

BOOST_AUTO_TEST_SUITE(payload_properties)

namespace {

enum class colour { red, green, blue };
BOOST_DESCRIBE_ENUM(colour, red, green, blue)

struct small {
    std::uint64_t wide = 0;
    std::string text;

    friend bool operator==(small const&, small const&) = default;
};
BOOST_DESCRIBE_STRUCT(small, (), (wide, text))

struct everything {
    bool yes = false;
    std::int8_t tiny = 0;
    std::uint16_t half = 0;
    int plain = 0;
    std::int64_t wide = 0;
    std::uint64_t unsigned_wide = 0;
    double real = 0;
    colour c = colour::red;
    std::string text;
    std::optional<std::int64_t> maybe;
    std::vector<small> list;
    std::map<std::string, double> table;
    std::variant<std::monostate, bool, std::int64_t, std::string> either;

    friend bool operator==(everything const&, everything const&) = default;
};
BOOST_DESCRIBE_STRUCT(everything, (),
                      (yes, tiny, half, plain, wide, unsigned_wide, real, c, text, maybe, list, table, either))

class generator {
public:
    everything next() {
        everything e;
        e.yes = chance();
        e.tiny = integer<std::int8_t>();
        e.half = integer<std::uint16_t>();
        e.plain = integer<int>();
        e.wide = integer<std::int64_t>();
        e.unsigned_wide = integer<std::uint64_t>();
        e.real = real();
        e.c = static_cast<colour>(bits_() % 3);
        e.text = text();
        if (chance())
            e.maybe = integer<std::int64_t>();
        for (auto n = bits_() % 20; n > 3; --n)
            e.list.push_back({integer<std::uint64_t>(), text()});
        for (auto n = bits_() % 20; n > 3; --n)
            e.table[text()] = real();
        switch (bits_() % 4) {
        case 0: e.either = chance(); break;
        case 1: e.either = integer<std::int64_t>(); break;
        case 2: e.either = text(); break;
        default: break;
        }
        return e;
    }

private:
    bool chance() { return bits_() % 2 == 0; }

    /// Of every size, and often on an edge.
    template <class T>
    T integer() {
        switch (bits_() % 5) {
        case 0: return std::numeric_limits<T>::min();
        case 1: return std::numeric_limits<T>::max();
        case 2: return static_cast<T>(bits_() % 3);
        default: return static_cast<T>(bits_() >> (bits_() % 64));
        }
    }

    /// Any finite one, by its bits.
    double real() {
        for (;;) {
            double const d = chance() ? std::bit_cast<double>(bits_()) : static_cast<double>(integer<std::int64_t>());
            if (std::isfinite(d))
                return d;
        }
    }

    std::string text() {
        static constexpr std::string_view pieces[] = {"a",          "\"",         "\\",
                                                      "/",          "\b",         "\n",
                                                      "\x1f",       "\x7f",       "\u0080",
                                                      "\u00f6",     "\u07ff",     "\u0800",
                                                      "\u2028",     "\ufffd",     "\U00010000",
                                                      "\U0001f600", "\U0010ffff", std::string_view("\0", 1),
                                                      "\\u0041",    "{}",         "0123456789abcdef"};
        std::string all;
        for (auto n = bits_() % (chance() ? 4 : 40); n != 0; --n)
            all += pieces[bits_() % std::size(pieces)];
        return all;
    }

    std::mt19937_64 bits_{20261129};
};

} // namespace

BOOST_AUTO_TEST_CASE(what_is_written_is_read_as_it_was_in_every_codec) {
    std::vector<game::any_codec> const codecs{nullptr, game::message_pack(), std::make_shared<spelled_codec>()};
    generator values;
    for (int i = 0; i != 1000; ++i) {
        everything const value = values.next();
        buffer text;
        BOOST_TEST_REQUIRE(game::payload<everything>::encode(text, value, nullptr, {}).ok());
        for (game::any_codec const& codec : codecs)
            BOOST_TEST_CONTEXT("value " << i << " in " << (codec == nullptr ? "json" : codec->name())) {
                buffer bytes;
                BOOST_TEST_REQUIRE(game::payload<everything>::encode(bytes, value, codec.get(), {}).ok());
                everything back;
                status const read = game::payload<everything>::decode(back, bytes.view(), codec.get(), {});
                BOOST_TEST_REQUIRE(read.to_string() == "OK");
                BOOST_TEST((back == value));
                BOOST_TEST(std::signbit(back.real) == std::signbit(value.real)); // -0.0 equals 0.0
                // And again: the bytes are the same, and the JSON of them is that of the value.
                buffer again;
                BOOST_TEST(game::payload<everything>::encode(again, back, codec.get(), {}).ok());
                BOOST_TEST((again.view() == bytes.view()));
                if (codec != nullptr) {
                    buffer json;
                    BOOST_TEST(game::payload<everything>::to_json(json, bytes.view(), *codec).ok());
                    BOOST_TEST((json.view() == text.view()));
                }
            }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
