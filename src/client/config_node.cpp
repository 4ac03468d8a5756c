//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/config_node.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

namespace joust::client {

namespace json = boost::json;

namespace {

using steady_duration = std::chrono::steady_clock::duration;

template <class T>
std::optional<T> whole(std::string_view digits) {
    T number{};
    char const* const end = digits.data() + digits.size();
    auto const [stopped, error] = std::from_chars(digits.data(), end, number);
    return error == std::errc() && stopped == end && !digits.empty() ? std::optional(number) : std::nullopt;
}

bool all_digits(std::string_view s) noexcept {
    return !s.empty() && s.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The JSON form of google.protobuf.Duration, without its sign.
std::optional<steady_duration> parse_duration(std::string_view text) {
    constexpr std::uint64_t most_seconds = 315'576'000'000; // about 10,000 years
    if (!text.ends_with('s'))
        return std::nullopt;
    text.remove_suffix(1);
    std::size_t const point = text.find('.');
    std::string_view const whole_part = text.substr(0, point);
    if (!all_digits(whole_part))
        return std::nullopt;
    auto const seconds = whole<std::uint64_t>(whole_part);
    if (!seconds || *seconds > most_seconds)
        return std::nullopt;
    std::int64_t nanoseconds = 0;
    if (point != std::string_view::npos) {
        std::string fraction(text.substr(point + 1));
        if (!all_digits(fraction) || fraction.size() > 9)
            return std::nullopt;
        fraction.resize(9, '0');
        nanoseconds = whole<std::int64_t>(fraction).value_or(0);
    }
    // The clock's own range ends after 292 years.
    auto const limit = std::chrono::duration_cast<std::chrono::seconds>(steady_duration::max()).count();
    if (static_cast<std::int64_t>(*seconds) >= limit)
        return steady_duration::max();
    return std::chrono::seconds(*seconds) + std::chrono::nanoseconds(nanoseconds);
}

std::string camel_case(std::string_view snake) {
    std::string out;
    bool up = false;
    for (char const c : snake) {
        if (c != '_')
            out += up ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        up = c == '_';
    }
    return out;
}

} // namespace

config_node::config_node(json::value const* value, std::string path, std::string& complaint)
    : value_(value && !value->is_null() ? value : nullptr), path_(std::move(path)), complaint_(&complaint) {}

config_node config_node::operator[](std::string_view key) const {
    std::string path = path_.empty() ? std::string(key) : path_ + "." + std::string(key);
    if (!value_)
        return {nullptr, std::move(path), *complaint_};
    if (!value_->is_object()) {
        complain("must be an object");
        return {nullptr, std::move(path), *complaint_};
    }
    return {value_->get_object().if_contains(json::string_view(key.data(), key.size())), std::move(path), *complaint_};
}

config_node config_node::required(std::string_view key) const {
    config_node member = (*this)[key];
    if (!member)
        member.complain("is missing");
    return member;
}

std::vector<config_node> config_node::elements() const {
    std::vector<config_node> all;
    if (!value_)
        return all;
    if (!value_->is_array()) {
        complain("must be an array");
        return all;
    }
    for (json::value const& element : value_->get_array()) {
        all.push_back(config_node(&element, path_ + "[" + std::to_string(all.size()) + "]", *complaint_));
        if (!all.back())
            all.back().complain("must not be null");
    }
    return all;
}

std::vector<std::string> config_node::keys() const {
    std::vector<std::string> all;
    if (!value_)
        return all;
    if (!value_->is_object()) {
        complain("must be an object");
        return all;
    }
    for (auto const& member : value_->get_object())
        all.emplace_back(member.key().data(), member.key().size());
    return all;
}

std::optional<bool> config_node::boolean() const {
    if (!value_)
        return std::nullopt;
    if (!value_->is_bool()) {
        complain("must be true or false");
        return std::nullopt;
    }
    return value_->get_bool();
}

std::optional<std::string> config_node::string() const {
    if (!value_)
        return std::nullopt;
    if (!value_->is_string()) {
        complain("must be a string");
        return std::nullopt;
    }
    return std::string(value_->get_string().data(), value_->get_string().size());
}

std::optional<double> config_node::number() const {
    if (!value_)
        return std::nullopt;
    if (!value_->is_number()) {
        complain("must be a number");
        return std::nullopt;
    }
    return value_->to_number<double>();
}

std::optional<std::uint64_t> config_node::integer(std::uint64_t most) const {
    if (!value_)
        return std::nullopt;
    std::optional<std::uint64_t> n;
    if (value_->is_int64() && value_->get_int64() >= 0)
        n = static_cast<std::uint64_t>(value_->get_int64());
    else if (value_->is_uint64())
        n = value_->get_uint64();
    else if (value_->is_string() && all_digits({value_->get_string().data(), value_->get_string().size()}))
        n = whole<std::uint64_t>({value_->get_string().data(), value_->get_string().size()});
    else if (double const d = value_->is_double() ? value_->get_double() : -1;
             d >= 0 && d <= static_cast<double>(std::uint64_t(1) << 53U) && d == std::floor(d))
        n = static_cast<std::uint64_t>(d);
    if (!n || *n > most) {
        complain("must be a whole number from 0 to " + std::to_string(most));
        return std::nullopt;
    }
    return n;
}

std::optional<steady_duration> config_node::duration() const {
    if (!value_)
        return std::nullopt;
    std::string_view text;
    if (value_->is_string())
        text = {value_->get_string().data(), value_->get_string().size()};
    bool const negative = text.starts_with('-');
    auto const d = parse_duration(text.substr(negative ? 1 : 0));
    if (!d)
        complain(R"(must be a duration such as "1.5s")");
    else if (negative && *d != steady_duration::zero())
        complain("must not be negative");
    else
        return d;
    return std::nullopt;
}

std::string config_node::json() const {
    return value_ ? json::serialize(*value_) : "null";
}

void config_node::complain(std::string_view what) const {
    if (complaint_->empty())
        complaint_->append(path_).append(path_.empty() ? "" : ": ").append(what);
}

void config_node::complain_of_member(std::string_view complaint) const {
    std::size_t const end = complaint.find(' ');
    config_node(nullptr, path_ + "." + camel_case(complaint.substr(0, end)), *complaint_)
        .complain(complaint.substr(end + 1));
}

} // namespace joust::client
