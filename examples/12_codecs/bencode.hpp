//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <joust/game/payload_codec.hpp>

#include <charconv>
#include <string>
#include <string_view>

// [codec]
/// The format of BitTorrent: integers `i42e`, texts `4:rope`, lists `l...e`, dictionaries `d...e`; nothing else.
class bencode final : public joust::game::payload_codec {
public:
    std::string_view name() const noexcept override { return "x-bencode"; }

    joust::status decode(std::string_view payload, joust::json::tape_builder& to) const override {
        if (read(payload, to) && !payload.empty())
            to.refuse("there is something behind the value");
        return to.error().empty() ? joust::status() : joust::status(joust::status_code::invalid_argument, to.error());
    }

    joust::status encode(joust::json::value_view from, joust::buffer& out) const override {
        std::int64_t i = 0;
        std::string_view text;
        if (from.get_int64(i)) {
            out.append("i" + std::to_string(i) + "e");
        } else if (from.get_string(text)) {
            write(text, out);
        } else if (from.is_array()) {
            out.push_back('l');
            for (joust::json::value_view const element : from.elements())
                if (joust::status failed = encode(element, out); !failed.ok())
                    return failed;
            out.push_back('e');
        } else if (from.is_object()) {
            out.push_back('d');
            for (auto const [key, value] : from.members()) {
                write(key, out);
                if (joust::status failed = encode(value, out); !failed.ok())
                    return failed;
            }
            out.push_back('e');
        } else {
            return joust::status(joust::status_code::internal,
                                 "bencode has only integers, texts, lists and dictionaries");
        }
        return {};
    }

private:
    /// Reads one value off the front. The builder refuses what makes no value, and what lies too deep.
    static bool read(std::string_view& in, joust::json::tape_builder& to) {
        if (in.empty())
            return to.refuse("the data ends");
        char const first = in.front();
        if (first != 'l' && first != 'd')
            return first == 'i' ? read_integer(in, to) : read_text(in, to);
        in.remove_prefix(1);
        if (!(first == 'l' ? to.begin_array() : to.begin_object()))
            return false;
        while (!in.starts_with('e')) // keys are texts like others
            if (!read(in, to))
                return false;
        in.remove_prefix(1);
        return first == 'l' ? to.end_array() : to.end_object();
    }

    static bool read_integer(std::string_view& in, joust::json::tape_builder& to) {
        std::int64_t i = 0;
        return read_number(in, 1, 'e', i) ? to.integer(i) : to.refuse("no integer");
    }

    static bool read_text(std::string_view& in, joust::json::tape_builder& to) {
        std::size_t size = 0;
        if (!read_number(in, 0, ':', size) || size > in.size())
            return to.refuse("no text");
        std::string_view const text = in.substr(0, size);
        in.remove_prefix(size);
        return to.string(text);
    }

    template <class N>
    static bool read_number(std::string_view& in, std::size_t from, char until, N& n) {
        char const* const end = in.data() + in.size();
        auto const read = std::from_chars(in.data() + from, end, n);
        if (read.ec != std::errc() || read.ptr == end || *read.ptr != until)
            return false;
        in.remove_prefix(static_cast<std::size_t>(read.ptr - in.data()) + 1);
        return true;
    }

    static void write(std::string_view text, joust::buffer& out) {
        out.append(std::to_string(text.size()) + ":");
        out.append(text);
    }
};
// [/codec]
