//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boost::json {
class value;
} // namespace boost::json

namespace joust::client {

/// A value of a JSON text that is read as protobuf's JSON mapping wants it, with the way to it. The first complaint of
/// a text is kept, with the path of its value; what is read after that does not matter any more.
///
/// *Lifetime*: that of the JSON value and of the text for the complaint.
class config_node {
public:
    /// The root. `complaint` is empty.
    config_node(boost::json::value const& root, std::string& complaint) : value_(&root), complaint_(&complaint) {}

    /// It is there. Null is as good as not there.
    explicit operator bool() const noexcept { return value_ != nullptr; }

    /// A member; one that is not there if there is none, or, after a complaint, if this is no object.
    config_node operator[](std::string_view key) const;
    /// A member that has to be there.
    config_node required(std::string_view key) const;
    /// The elements; none, after a complaint, if this is no array.
    std::vector<config_node> elements() const;
    /// The names of all members.
    std::vector<std::string> keys() const;

    // These give nothing, after a complaint, for what is of another kind; and nothing for what is not there.
    std::optional<bool> boolean() const;
    std::optional<std::string> string() const;
    std::optional<double> number() const;
    /// A whole number up to `most`; as protobuf has it, also in quotes, or with a fraction of zero.
    std::optional<std::uint64_t> integer(std::uint64_t most) const;
    /// Text such as `"1.5s"`, not negative.
    std::optional<std::chrono::steady_clock::duration> duration() const;

    /// The text of this value.
    std::string json() const;

    /// `what` follows the path and a colon.
    void complain(std::string_view what) const;
    /// A complaint of `validate`, `max_attempts must be at least 2`, about a member, `maxAttempts`.
    void complain_of_member(std::string_view complaint) const;

    bool failed() const noexcept { return !complaint_->empty(); }

private:
    config_node(boost::json::value const* value, std::string path, std::string& complaint);

    boost::json::value const* value_; // null: it is not there
    std::string path_;
    std::string* complaint_;
};

} // namespace joust::client
