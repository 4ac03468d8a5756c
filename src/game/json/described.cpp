//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json/described.hpp"

#include "joust/core/buffer.hpp"

#include <string>

namespace joust::json::detail {

namespace {

/// Which fields have been seen.
class field_set {
public:
    /// False if it was there already.
    bool insert(std::size_t field) noexcept {
        std::uint64_t& word = words_[field / 64];
        std::uint64_t const bit = std::uint64_t{1} << (field % 64);
        bool const fresh = (word & bit) == 0;
        word |= bit;
        return fresh;
    }
    bool contains(std::size_t field) const noexcept { return (words_[field / 64] >> (field % 64) & 1) != 0; }

private:
    std::uint64_t words_[most_fields / 64] = {};
};

/// "one of red, green, blue"
std::string one_of_names(enumerator_entry const* names, std::size_t size) {
    constexpr std::size_t most = 32;
    std::string text = size == 1 ? "" : "one of ";
    for (std::size_t i = 0; i != size && i != most; ++i) {
        text += i == 0 ? "" : ", ";
        text += names[i].name.text();
    }
    return size > most ? text + " ..." : text;
}

} // namespace

bool decode_object(value_view from, void* object, field_entry const* fields, std::size_t size, decode_state& state) {
    if (!from.is_object())
        return state.refuse(from, "an object");
    field_set seen;
    std::size_t count = 0;
    std::size_t expected = 0; // most texts have the fields in the order of the struct
    for (auto const [key, value] : from.members()) {
        std::size_t const i = find_name(fields, size, expected, key);
        if (i == size) {
            if (state.options.ignore_unknown_fields)
                continue;
            return state.trace.set("unknown field " + quoted(key));
        }
        if (!seen.insert(i))
            return state.trace.set("duplicate field " + quoted(key));
        if (!fields[i].decode(value, object, state))
            return state.trace.in_field(fields[i].name.text());
        ++count;
        expected = i + 1;
    }
    if (count == size)
        return true;
    for (std::size_t i = 0; i != size; ++i)
        if (!seen.contains(i) && !fields[i].set_default(object))
            return state.trace.set("missing field " + quoted(fields[i].name.text()));
    return true;
}

bool decode_enum(value_view from, std::uint64_t& to, enumerator_entry const* names, std::size_t size,
                 decode_state& state) {
    std::string_view name;
    if (!from.get_string(name))
        return state.refuse(from, one_of_names(names, size));
    std::size_t const i = find_name(names, size, 0, name);
    if (i == size)
        return state.trace.set("wanted " + one_of_names(names, size) + ", found " + quoted(name));
    to = names[i].value;
    return true;
}

bool decode_enum_key(std::string_view key, std::uint64_t& to, enumerator_entry const* names, std::size_t size,
                     decode_state& state) {
    std::size_t const i = find_name(names, size, 0, key);
    if (i == size)
        return state.trace.set("key " + quoted(key) + ": wanted " + one_of_names(names, size));
    to = names[i].value;
    return true;
}

std::string_view enumerator_name(std::uint64_t value, enumerator_entry const* names, std::size_t size) noexcept {
    if (value < size && names[value].value == value) // numbered from 0, as most are
        return names[value].name.text();
    for (std::size_t i = 0; i != size; ++i)
        if (names[i].value == value)
            return names[i].name.text();
    return {};
}

bool refuse_enumerator(std::uint64_t value, error_trace& trace) {
    return trace.set(std::to_string(static_cast<std::int64_t>(value)) + " is none of the enumerators");
}

bool written_differently(void (*a)(writer&), void (*b)(writer&)) {
    buffer texts[2];
    for (auto const& [write, text] : {std::pair{a, &texts[0]}, std::pair{b, &texts[1]}}) {
        encode_options const options;
        writer to(*text, options);
        write(to);
        to.finish();
    }
    return texts[0].view() != texts[1].view();
}

} // namespace joust::json::detail
