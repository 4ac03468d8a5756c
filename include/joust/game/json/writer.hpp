//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/game/json/error_trace.hpp"
#include "joust/game/json/options.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace joust::json {

/// Appends JSON to a buffer, piece by piece; the pieces must make a text.
///
/// While it lives the buffer is its own. Unless `finish` is called, the destructor takes back all that was written.
///
/// *Lifetime*: the buffer and the options outlive the writer.
/// *Thread safety*: none.
class writer {
public:
    writer(buffer& out, encode_options const& with);
    writer(writer const&) = delete;
    writer& operator=(writer const&) = delete;
    ~writer() { out_.truncate(finished_ ? used() : start_); }

    void null() { raw("null"); }
    void boolean(bool b) { raw(b ? std::string_view("true") : std::string_view("false")); }
    void integer(std::int64_t i);
    void integer(std::uint64_t i);
    /// The shortest text that reads back the same, with its fraction or exponent mark; `null` unless finite.
    void real(double d);
    void real(float f);
    /// With quotes and escapes. False, with the error set, when it is not UTF-8.
    bool string(std::string_view s);

    /// Text that is JSON already.
    void raw(std::string_view text) {
        ensure(text.size());
        std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
    }
    void raw(char c) {
        ensure(1);
        *at_++ = c;
    }

    /// Begins an array or object. Every item is then written behind a comma, the first too: `close` turns that into the
    /// opening bracket, so that no item need know whether it is the first.
    std::size_t open() const noexcept { return used(); }
    void close(std::size_t opened, char left, char right) {
        if (used() == opened)
            raw(left);
        else
            begin()[opened] = left;
        raw(right);
    }

    /// Keeps what was written.
    void finish() noexcept { finished_ = true; }

    encode_options const& options;
    error_trace trace;

private:
    std::size_t used() const noexcept { return static_cast<std::size_t>(at_ - begin()); }
    char* begin() const noexcept { return reinterpret_cast<char*>(out_.data()); }
    void ensure(std::size_t n) {
        if (static_cast<std::size_t>(end_ - at_) < n)
            grow(n);
    }
    void grow(std::size_t n);
    bool escaped(std::string_view s);

    buffer& out_;
    std::size_t start_;
    bool finished_ = false;
    char* at_ = nullptr;
    char* end_ = nullptr;
};

} // namespace joust::json
