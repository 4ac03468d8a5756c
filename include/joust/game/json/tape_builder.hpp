//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/result.hpp"
#include "joust/game/json/options.hpp"
#include "joust/game/json/value_view.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace joust::json {

/// Makes a value out of events, for readers of other formats than JSON text: what it has built is decoded by the same
/// code as a parsed text. It keeps its storage for the next value.
///
///     builder.begin_object();
///     builder.string("level"); // at the place of a key, a string is the key
///     builder.integer(7);
///     builder.end_object();
///     result<value_view> v = builder.finish();
///
/// It holds what a text holds: UTF-8, keys that are strings, no more nesting than allowed; NaN and infinities become
/// null, as they do in a text. Duplicate keys are left to whoever reads the value. An event that does not fit is
/// refused: it and all after it return false, and `error` says why. So what a peer sends may be passed on as it comes.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class tape_builder {
public:
    /// `max_depth` as in `decode_options`.
    explicit tape_builder(std::size_t max_depth = decode_options().max_depth) noexcept { restart(max_depth); }

    /// Forgets the value, keeps the storage.
    void restart(std::size_t max_depth) noexcept;

    bool null();
    bool boolean(bool b);
    bool integer(std::int64_t i);
    bool integer(std::uint64_t i);
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    bool integer(T i) {
        return integer(std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>(i));
    }
    bool real(double d);
    /// A value, or the key of the next one.
    bool string(std::string_view s);
    bool begin_array() { return begin('['); }
    bool end_array() { return end('['); }
    bool begin_object() { return begin('{'); }
    bool end_object() { return end('{'); }

    /// Ends it all, for a reason of the caller's, and returns false. The first reason stays.
    bool refuse(std::string_view why);
    /// Why an event was refused; empty while none was.
    std::string const& error() const noexcept { return error_; }

    /// The value.
    ///
    /// *Errors*: INVALID_ARGUMENT, if an event was refused, or when there is no value yet or only a part of one.
    /// *Lifetime*: until the next event, `restart`, `shrink`, a move or the destructor.
    result<value_view> finish();

    /// Gives the storage back if there is more of it than this many bytes. The value is forgotten then.
    void shrink(std::size_t most) noexcept;

private:
    /// An array or object that has begun.
    struct container {
        std::size_t at; ///< its word
        std::uint32_t size = 0;
        char bracket;
        bool wants_key;
    };

    bool begin_value();
    bool begin_item(container& in);
    bool begin(char bracket);
    bool end(char bracket);
    void word(char tag, std::uint64_t payload = 0) {
        tape_.push_back(static_cast<std::uint64_t>(static_cast<unsigned char>(tag)) << 56 | payload);
    }

    std::vector<std::uint64_t> tape_;
    std::vector<container> open_;
    buffer strings_;
    std::string error_;
    std::size_t max_depth_ = 0;
    document built_;
};

} // namespace joust::json
