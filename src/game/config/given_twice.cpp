//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/config/given_twice.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>

namespace joust::game::config {

namespace {

/// Hears the events of Boost.JSON's parser.
class name_watcher {
public:
    using text = boost::json::string_view;
    using error = boost::system::error_code;

    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    std::vector<std::string> take() { return std::move(complaints_); }

    bool on_object_begin(error&) { return begin(); }
    bool on_object_end(std::size_t, error&) { return end(); }
    bool on_array_begin(error&) { return begin(); }
    bool on_array_end(std::size_t, error&) { return end(); }
    bool on_key_part(text part, std::size_t, error&) {
        key_.append(part.data(), part.size());
        return true;
    }
    bool on_key(text rest, std::size_t, error&) {
        key_.append(rest.data(), rest.size());
        container& in = open_.back();
        in.at = std::exchange(key_, {});
        if (!in.names.insert(in.at).second)
            complaints_.push_back(path() + ": given twice");
        return true;
    }

    bool on_document_begin(error&) { return true; }
    bool on_document_end(error&) { return true; }
    bool on_string_part(text, std::size_t, error&) { return true; }
    bool on_string(text, std::size_t, error&) { return true; }
    bool on_number_part(text, error&) { return true; }
    bool on_int64(std::int64_t, text, error&) { return true; }
    bool on_uint64(std::uint64_t, text, error&) { return true; }
    bool on_double(double, text, error&) { return true; }
    bool on_bool(bool, error&) { return true; }
    bool on_null(error&) { return true; }
    bool on_comment_part(text, error&) { return true; }
    bool on_comment(text, error&) { return true; }

private:
    struct container {
        std::set<std::string> names = {};
        std::string at = {}; ///< the name of the member that is read; empty in an array
    };

    bool begin() {
        open_.emplace_back();
        return true;
    }
    bool end() {
        open_.pop_back();
        return true;
    }

    std::string path() const {
        std::string all;
        for (container const& each : open_)
            all.append(all.empty() ? "" : ".").append(each.at.empty() ? "[]" : each.at);
        return all;
    }

    std::vector<container> open_;
    std::string key_;
    std::vector<std::string> complaints_;
};

} // namespace

std::vector<std::string> names_given_twice(std::string_view text, boost::json::parse_options const& how) {
    boost::json::basic_parser<name_watcher> parser(how);
    boost::system::error_code ignored;
    parser.write_some(false, text.data(), text.size(), ignored);
    return parser.handler().take();
}

} // namespace joust::game::config
