//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json/decode.hpp"

#include "game/json/thread_lease.hpp"
#include "joust/game/json/encode.hpp"

#include <charconv>
#include <string>
#include <system_error>

namespace joust::json {

std::optional<std::string> validate(decode_options const& options) {
    if (options.max_depth < 1 || options.max_depth > decode_options::deepest)
        return "max_depth must be from 1 to " + std::to_string(decode_options::deepest);
    return std::nullopt;
}

bool decode_state::refuse(value_view found, std::string_view wanted) {
    static constexpr std::string_view names[] = {"null",     "a boolean", "an integer", "a number with a fraction",
                                                 "a string", "an array",  "an object"};
    std::string what = "wanted ";
    what += wanted;
    what += ", found ";
    what += names[static_cast<std::size_t>(found.kind())];
    return trace.set(std::move(what));
}

namespace detail {

namespace {

/// The storage of a thread's parser is kept for texts up to this size.
constexpr std::size_t longest_kept = 256 * 1024;

/// A number as text, for messages.
std::string number_text(value_view number) {
    std::int64_t i;
    if (number.get_int64(i))
        return std::to_string(i);
    std::uint64_t u;
    if (number.get_uint64(u))
        return std::to_string(u);
    double d = 0;
    number.get_double(d);
    return *encode_to_string(d);
}

bool is_number(value_view v) noexcept {
    return v.kind() == value_kind::integer || v.kind() == value_kind::real;
}

template <class N>
std::string range_text(N lowest, N highest) {
    return "wanted an integer from " + std::to_string(lowest) + " to " + std::to_string(highest);
}

template <class N>
bool refuse_integer(value_view found, decode_state& state, N lowest, N highest) {
    if (found.kind() == value_kind::integer)
        return state.trace.set(range_text(lowest, highest) + ", found " + number_text(found));
    if (found.kind() == value_kind::real)
        return state.trace.set("wanted an integer, found " + number_text(found));
    return state.refuse(found, "an integer");
}

template <class N>
bool decode_integer_key(std::string_view key, N& to, decode_state& state, N lowest, N highest) {
    char const* const end = key.data() + key.size();
    auto const [stop, error] = std::from_chars(key.data(), end, to);
    if (error == std::errc() && stop == end && to >= lowest && to <= highest)
        return true;
    return state.trace.set("key " + quoted(key) + ": " + range_text(lowest, highest));
}

} // namespace

bool refuse_signed(value_view found, decode_state& state, std::int64_t lowest, std::int64_t highest) {
    return refuse_integer(found, state, lowest, highest);
}

bool refuse_unsigned(value_view found, decode_state& state, std::uint64_t highest) {
    return refuse_integer(found, state, std::uint64_t{0}, highest);
}

bool refuse_float(value_view found, decode_state& state) {
    if (is_number(found))
        return state.trace.set(number_text(found) + " is beyond the range of a float");
    return state.refuse(found, "a number");
}

bool decode_signed_key(std::string_view key, std::int64_t& to, decode_state& state, std::int64_t lowest,
                       std::int64_t highest) {
    return decode_integer_key(key, to, state, lowest, highest);
}

bool decode_unsigned_key(std::string_view key, std::uint64_t& to, decode_state& state, std::uint64_t highest) {
    return decode_integer_key(key, to, state, std::uint64_t{0}, highest);
}

bool check_size(value_view array, std::size_t wanted, decode_state& state) {
    std::string const what = "an array of " + std::to_string(wanted) + (wanted == 1 ? " element" : " elements");
    if (!array.is_array())
        return state.refuse(array, what);
    std::size_t found = 0;
    for (auto at = array.elements().begin(); at != array.elements().end(); ++at)
        ++found;
    return found == wanted || state.trace.set("wanted " + what + ", found " + std::to_string(found));
}

bool refuse_kinds(value_view found, kind_set wanted, decode_state& state) {
    static constexpr std::string_view names[] = {"null", "a boolean", "a number", "a string", "an array", "an object"};
    std::string text;
    for (std::size_t i = 0; i != std::size(names); ++i) {
        if ((wanted >> i & 1) == 0)
            continue;
        wanted &= ~(1U << i);
        text += text.empty() ? "" : wanted == 0 ? " or " : ", ";
        text += names[i];
    }
    return state.refuse(found, text);
}

status decode_text(parser& with, std::string_view text, void* to, decode_function decode,
                   decode_options const& options) {
    result<value_view> const root = with.parse(text, options);
    if (!root)
        return root.error();
    decode_state state(options);
    if (!decode(*root, to, state))
        return status(status_code::invalid_argument, state.trace.text());
    return {};
}

status decode_text(std::string_view text, void* to, decode_function decode, decode_options const& options) {
    struct reading;
    thread_lease<parser, reading, longest_kept> lease;
    return decode_text(lease.get(), text, to, decode, options);
}

} // namespace detail

} // namespace joust::json
