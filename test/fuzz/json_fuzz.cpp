//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The input is a JSON text of a peer. The parser and the diagnosis agree on whether it is one; what is read, as dynamic
// value or as struct, is written as a text that reads back the same; nothing is written that is not JSON.

#include "joust/game/json.hpp"

#include "fuzz/require.hpp"
#include "game/json/diagnose.hpp"

#include <boost/json.hpp>

#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace fuzzed {

enum class rank { squire, knight, king };
BOOST_DESCRIBE_ENUM(rank, squire, knight, king)

struct everything {
    bool b = false;
    signed char i8 = 0;
    unsigned short u16 = 0;
    long long i64 = 0;
    unsigned long long u64 = 0;
    float f = 0;
    double d = 0;
    std::string s = "s";
    rank e = rank::squire;
    std::optional<int> o;
    std::vector<everything> v = {};
    std::vector<bool> vb = {};
    std::set<std::string> set = {};
    std::map<std::string, double> m = {};
    std::map<int, rank> mi = {};
    std::tuple<int, std::string> t = {};
    std::variant<std::monostate, bool, double, std::string, std::vector<int>> a;
    boost::json::value j;
};
BOOST_DESCRIBE_STRUCT(everything, (), (b, i8, u16, i64, u64, f, d, s, e, o, v, vb, set, m, mi, t, a, j))

} // namespace fuzzed

template <>
inline constexpr auto joust::json::optional_fields<fuzzed::everything> =
    joust::json::fields<&fuzzed::everything::v, &fuzzed::everything::vb, &fuzzed::everything::set,
                        &fuzzed::everything::m, &fuzzed::everything::mi, &fuzzed::everything::t, &fuzzed::everything::a,
                        &fuzzed::everything::j>;

namespace {

using joust::fuzz::require;

/// Reads, writes, reads and writes again: the two texts are the same.
template <class T>
void round_trip(std::string_view text, joust::json::decode_options const& options) {
    joust::result<T> const value = joust::json::decode<T>(text, options);
    if (!value) {
        require(value.error().code() == joust::status_code::invalid_argument);
        require(joust::json::decode<std::string>(*joust::json::encode_to_string(value.error().message())).has_value());
        return;
    }
    joust::result<std::string> const written = joust::json::encode_to_string(*value);
    require(written.has_value());
    // Deeper than it was: the defaults of missing fields are in it.
    joust::result<T> const again = joust::json::decode<T>(*written, {.max_depth = options.deepest});
    require(again.has_value());
    require(*joust::json::encode_to_string(*again) == *written);
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text = joust::fuzz::as_text(data, size);
    joust::json::decode_options const strict;
    joust::json::decode_options const lenient{.ignore_unknown_fields = true, .max_depth = 8};

    joust::json::parser parser;
    for (auto const& options : {strict, lenient})
        require(parser.parse(text, options).has_value() == joust::json::diagnose(text, options.max_depth).empty());
    round_trip<boost::json::value>(text, strict);
    round_trip<fuzzed::everything>(text, strict);
    round_trip<fuzzed::everything>(text, lenient);
    return 0;
}
