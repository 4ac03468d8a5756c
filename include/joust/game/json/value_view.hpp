//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>

namespace joust::json {

/// What a JSON value is. Numbers without fraction and exponent that fit in 64 bits are integers, all others reals.
enum class value_kind : std::uint8_t { null, boolean, integer, real, string, array, object };

/// A parsed text as it lies in memory: the tape and the block of strings that it points into.
///
/// The layout is simdjson's (its doc/tape.md); anything that writes the same layout can be decoded by the same code.
/// At least 16 bytes are readable from the beginning of any string, whatever its length.
struct document {
    std::uint64_t const* tape = nullptr;
    std::uint8_t const* strings = nullptr;
};

class element_range;
class member_range;

/// A value of a parsed text, seen but not owned: two pointers, to be passed by value.
///
/// The `get_` functions return false, and leave their argument alone, when the value is of another kind.
///
/// *Lifetime*: until the parser that made it parses again or is destroyed; views of strings likewise.
/// *Thread safety*: any number of readers.
class value_view {
public:
    value_view() = default;
    value_view(document const& of, std::uint64_t const* at) noexcept : document_(&of), at_(at) {}

    value_kind kind() const noexcept;
    bool is_null() const noexcept { return tag() == 'n'; }
    bool is_array() const noexcept { return tag() == '['; }
    bool is_object() const noexcept { return tag() == '{'; }

    bool get_bool(bool& out) const noexcept;
    bool get_int64(std::int64_t& out) const noexcept;
    bool get_uint64(std::uint64_t& out) const noexcept;
    /// The value of an integer too, rounded to the nearest double.
    bool get_double(double& out) const noexcept;
    bool get_string(std::string_view& out) const noexcept;

    /// How many elements or members there are, as far as 24 bits can tell. The value is an array or an object.
    std::size_t size_hint() const noexcept { return (*at_ >> 32) & 0xff'ffff; }
    /// The elements. The value is an array.
    element_range elements() const noexcept;
    /// The members, in the order of the text, duplicates included. The value is an object.
    member_range members() const noexcept;

private:
    friend class element_range;
    friend class member_range;

    char tag() const noexcept { return static_cast<char>(*at_ >> 56); }
    std::string_view string_here() const noexcept;
    std::uint64_t const* next() const noexcept;
    std::uint64_t const* last() const noexcept { return next() - 1; }

    document const* document_ = nullptr;
    std::uint64_t const* at_ = nullptr;
};

/// The elements of an array.
class element_range {
public:
    class iterator {
    public:
        using value_type = value_view;
        using difference_type = std::ptrdiff_t;

        iterator() = default;
        explicit iterator(value_view at) noexcept : at_(at) {}

        value_view operator*() const noexcept { return at_; }
        iterator& operator++() noexcept {
            at_.at_ = at_.next();
            return *this;
        }
        iterator operator++(int) noexcept {
            iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(iterator const& other) const noexcept { return at_.at_ == other.at_.at_; }

    private:
        value_view at_;
    };

    explicit element_range(value_view array) noexcept : array_(array) {}
    iterator begin() const noexcept { return iterator({*array_.document_, array_.at_ + 1}); }
    iterator end() const noexcept { return iterator({*array_.document_, array_.last()}); }

private:
    value_view array_;
};

/// A name and its value.
struct member {
    std::string_view key;
    value_view value;
};

/// The members of an object.
class member_range {
public:
    class iterator {
    public:
        using value_type = member;
        using difference_type = std::ptrdiff_t;

        iterator() = default;
        explicit iterator(value_view key) noexcept : key_(key) {}

        member operator*() const noexcept { return {key_.string_here(), {*key_.document_, key_.at_ + 1}}; }
        iterator& operator++() noexcept {
            key_.at_ = value_view(*key_.document_, key_.at_ + 1).next();
            return *this;
        }
        iterator operator++(int) noexcept {
            iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(iterator const& other) const noexcept { return key_.at_ == other.key_.at_; }

    private:
        value_view key_;
    };

    explicit member_range(value_view object) noexcept : object_(object) {}
    iterator begin() const noexcept { return iterator({*object_.document_, object_.at_ + 1}); }
    iterator end() const noexcept { return iterator({*object_.document_, object_.last()}); }

private:
    value_view object_;
};

inline value_kind value_view::kind() const noexcept {
    switch (tag()) {
    case 'n': return value_kind::null;
    case 't':
    case 'f': return value_kind::boolean;
    case 'l':
    case 'u': return value_kind::integer;
    case 'd': return value_kind::real;
    case '"': return value_kind::string;
    case '[': return value_kind::array;
    default: return value_kind::object;
    }
}

inline bool value_view::get_bool(bool& out) const noexcept {
    char const t = tag();
    if (t != 't' && t != 'f')
        return false;
    out = t == 't';
    return true;
}

inline bool value_view::get_int64(std::int64_t& out) const noexcept {
    if (tag() != 'l')
        return false;
    out = static_cast<std::int64_t>(at_[1]);
    return true;
}

inline bool value_view::get_uint64(std::uint64_t& out) const noexcept {
    char const t = tag();
    if (t != 'u' && !(t == 'l' && static_cast<std::int64_t>(at_[1]) >= 0))
        return false;
    out = at_[1];
    return true;
}

inline bool value_view::get_double(double& out) const noexcept {
    switch (tag()) {
    case 'd': std::memcpy(&out, at_ + 1, sizeof out); return true;
    case 'l': out = static_cast<double>(static_cast<std::int64_t>(at_[1])); return true;
    case 'u': out = static_cast<double>(at_[1]); return true;
    default: return false;
    }
}

inline bool value_view::get_string(std::string_view& out) const noexcept {
    if (tag() != '"')
        return false;
    out = string_here();
    return true;
}

inline std::string_view value_view::string_here() const noexcept {
    std::uint8_t const* at = document_->strings + (*at_ & 0xff'ffff'ffff'ffff);
    std::uint32_t size;
    std::memcpy(&size, at, sizeof size);
    return {reinterpret_cast<char const*>(at + sizeof size), size};
}

inline std::uint64_t const* value_view::next() const noexcept {
    switch (tag()) {
    case '{':
    case '[': return document_->tape + (*at_ & 0xffff'ffff);
    case 'l':
    case 'u':
    case 'd': return at_ + 2;
    default: return at_ + 1;
    }
}

inline element_range value_view::elements() const noexcept {
    return element_range(*this);
}
inline member_range value_view::members() const noexcept {
    return member_range(*this);
}

} // namespace joust::json
