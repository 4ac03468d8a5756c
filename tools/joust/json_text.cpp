//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "json_text.hpp"

#include "joust/game/json/parser.hpp"

#include <boost/json/basic_parser_impl.hpp>

namespace joust::cli {

namespace {

namespace bj = boost::json;

constexpr std::string_view space = " \t\r\n";

/// Takes what the parser finds and keeps nothing.
struct ignore {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    bool on_document_begin(bj::error_code&) { return true; }
    bool on_document_end(bj::error_code&) { return true; }
    bool on_array_begin(bj::error_code&) { return true; }
    bool on_array_end(std::size_t, bj::error_code&) { return true; }
    bool on_object_begin(bj::error_code&) { return true; }
    bool on_object_end(std::size_t, bj::error_code&) { return true; }
    bool on_key_part(bj::string_view, std::size_t, bj::error_code&) { return true; }
    bool on_key(bj::string_view, std::size_t, bj::error_code&) { return true; }
    bool on_string_part(bj::string_view, std::size_t, bj::error_code&) { return true; }
    bool on_string(bj::string_view, std::size_t, bj::error_code&) { return true; }
    bool on_number_part(bj::string_view, bj::error_code&) { return true; }
    bool on_int64(std::int64_t, bj::string_view, bj::error_code&) { return true; }
    bool on_uint64(std::uint64_t, bj::string_view, bj::error_code&) { return true; }
    bool on_double(double, bj::string_view, bj::error_code&) { return true; }
    bool on_bool(bool, bj::error_code&) { return true; }
    bool on_null(bj::error_code&) { return true; }
    bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
    bool on_comment(bj::string_view, bj::error_code&) { return true; }
};

bool is_json(std::string_view text) {
    bj::parse_options options;
    options.max_depth = json::decode_options::deepest;
    bj::basic_parser<ignore> parser(options);
    bj::error_code ec;
    std::size_t const end = parser.write_some(false, text.data(), text.size(), ec);
    return !ec && text.find_first_not_of(space, end) == std::string_view::npos;
}

} // namespace

std::optional<std::string> complaint_about_json(std::string_view text) {
    if (is_json(text))
        return std::nullopt;
    json::decode_options deep;
    deep.max_depth = json::decode_options::deepest;
    json::parser why; // says where and what
    auto const parsed = why.parse(text, deep);
    return parsed.has_error() ? parsed.error().message() : "invalid JSON";
}

std::string compact_json(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool in_string = false, escaped = false;
    for (char const c : text) {
        if (in_string) {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if (space.find(c) != std::string_view::npos) {
            continue;
        } else {
            in_string = c == '"';
        }
        out.push_back(c);
    }
    return out;
}

} // namespace joust::cli
