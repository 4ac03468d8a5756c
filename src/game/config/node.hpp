//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace joust::game::config {

/// What is common to the reading of one text.
struct reading {
    std::string folder = {}; ///< of the file; names of files are relative to it
    std::vector<std::string> complaints = {};
};

/// A value of a configuration, and the way to it. What is wrong is written down, and reading goes on.
///
/// *Lifetime*: that of the JSON and of the reading.
class node {
public:
    node(boost::json::value const& value, std::string path, reading& of)
        : value_(&value), path_(std::move(path)), reading_(&of) {}

    boost::json::value const& value() const noexcept { return *value_; }
    bool is_null() const noexcept { return value_->is_null(); }
    reading const& context() const noexcept { return *reading_; }

    node member(std::string_view name, boost::json::value const& value) const;
    node element(std::size_t index, boost::json::value const& value) const;

    /// `what` follows the path and a colon.
    void complain(std::string_view what) const;
    /// What `validate` says, `max_connections must be from 1 to 10000`, with the path of that member.
    void complain_as_validated(std::optional<std::string> const& complaint) const;

    // Nothing, after a complaint, for what is of another kind.
    std::optional<std::string_view> text() const;
    std::optional<std::uint64_t> whole(std::uint64_t most) const;
    std::optional<std::uint64_t> size(std::uint64_t most) const;
    std::optional<double> number() const;
    std::optional<bool> boolean() const;
    std::optional<std::chrono::steady_clock::duration> duration() const;

private:
    boost::json::value const* value_;
    std::string path_;
    reading* reading_;
};

/// The forms in which defaults are shown: `"1.5s"`, `"4MiB"`.
std::string show_duration(std::chrono::steady_clock::duration d);
std::string show_size(std::uint64_t bytes);
std::string show_number(double d);

/// `"unknown; did you mean max_connections?"`
std::string unknown_name(std::string_view name, std::span<std::string_view const> known);

} // namespace joust::game::config
