//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/json.hpp"
#include "joust/game/payload_codec.hpp"

#include <string_view>

namespace joust::test {

/// A codec as users write them: JSON behind an exclamation mark, so that it is no JSON.
class spelled_codec final : public game::payload_codec {
public:
    std::string_view name() const noexcept override { return "x-spelled"; }

    status decode(std::string_view payload, json::tape_builder& value) const override {
        if (!payload.starts_with('!'))
            return status(status_code::invalid_argument, "no exclamation mark");
        json::parser parser;
        result<json::value_view> const parsed = parser.parse(payload.substr(1), {.max_depth = 1000});
        if (parsed.has_error())
            return parsed.error();
        copy(*parsed, value);
        return {};
    }
    status encode(json::value_view value, buffer& out) const override {
        out.push_back('!');
        return json::encode(out, value);
    }

    static void copy(json::value_view from, json::tape_builder& to) {
        std::string_view text;
        std::int64_t i = 0;
        std::uint64_t u = 0;
        double d = 0;
        bool b = false;
        if (from.is_object()) {
            to.begin_object();
            for (auto const [key, value] : from.members()) {
                to.string(key);
                copy(value, to);
            }
            to.end_object();
        } else if (from.is_array()) {
            to.begin_array();
            for (json::value_view const element : from.elements())
                copy(element, to);
            to.end_array();
        } else if (from.get_string(text)) {
            to.string(text);
        } else if (from.get_int64(i)) {
            to.integer(i);
        } else if (from.get_uint64(u)) {
            to.integer(u);
        } else if (from.get_double(d)) {
            to.real(d);
        } else if (from.get_bool(b)) {
            to.boolean(b);
        } else {
            to.null();
        }
    }
};

} // namespace joust::test
