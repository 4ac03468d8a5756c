//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/config/node.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace joust::game::config {

namespace {

using duration = std::chrono::steady_clock::duration;

struct unit {
    std::string_view name;
    double factor; // in nanoseconds or bytes
};

// The largest first, for showing.
constexpr std::array<unit, 6> times{{{"h", 3600e9}, {"m", 60e9}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}}};
constexpr std::array<unit, 4> sizes{{{"GiB", 1024.0 * 1024 * 1024}, {"MiB", 1024.0 * 1024}, {"KiB", 1024}, {"B", 1}}};

/// `"1.5s"`, not negative, with one of these units.
template <std::size_t N>
std::optional<double> quantity(std::string_view text, std::array<unit, N> const& units) {
    std::size_t const end = std::min(text.find_first_not_of("0123456789."), text.size());
    double number = 0;
    auto const [stopped, error] = std::from_chars(text.data(), text.data() + end, number);
    if (error != std::errc() || stopped != text.data() + end)
        return std::nullopt;
    for (unit const& u : units)
        if (u.name == text.substr(end))
            return number * u.factor;
    return std::nullopt;
}

/// In the largest unit of which it is a whole number.
template <std::size_t N>
std::string show(std::uint64_t amount, std::array<unit, N> const& units) {
    for (unit const& u : units) {
        auto const one = static_cast<std::uint64_t>(u.factor);
        if (amount % one == 0 && amount != 0)
            return std::to_string(amount / one).append(u.name);
    }
    return "0";
}

/// Of Levenshtein, with swapped neighbours as one mistake.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i)
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            std::size_t const same = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + same});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[a.size()][b.size()];
}

} // namespace

node node::member(std::string_view name, boost::json::value const& value) const {
    return {value, path_.empty() ? std::string(name) : std::string(path_).append(".").append(name), *reading_};
}

node node::element(std::size_t index, boost::json::value const& value) const {
    return {value, path_ + "[" + std::to_string(index) + "]", *reading_};
}

void node::complain(std::string_view what) const {
    reading_->complaints.push_back((path_.empty() ? std::string() : path_ + ": ").append(what));
}

void node::complain_as_validated(std::optional<std::string> const& complaint) const {
    if (!complaint)
        return;
    std::string_view const all = *complaint;
    std::string_view field = all.substr(0, all.find(' '));
    std::string_view const rest = all.substr(std::min(field.size() + 1, all.size()));
    if (field.ends_with(':'))
        field.remove_suffix(1);
    member(field, *value_).complain(rest);
}

std::optional<std::string_view> node::text() const {
    if (!value_->is_string()) {
        complain("must be a text");
        return std::nullopt;
    }
    auto const& s = value_->get_string();
    return std::string_view(s.data(), s.size());
}

std::optional<std::uint64_t> node::whole(std::uint64_t most) const {
    std::optional<std::uint64_t> n;
    if (value_->is_int64() && value_->get_int64() >= 0)
        n = static_cast<std::uint64_t>(value_->get_int64());
    else if (value_->is_uint64())
        n = value_->get_uint64();
    if (!n || *n > most) {
        complain("must be a whole number from 0 to " + std::to_string(most));
        return std::nullopt;
    }
    return n;
}

std::optional<std::uint64_t> node::size(std::uint64_t most) const {
    if (!value_->is_string()) {
        if (value_->is_number())
            return whole(most);
        complain(R"(must be a size: bytes, or a text such as "4MiB")");
        return std::nullopt;
    }
    auto const& s = value_->get_string();
    auto const bytes = quantity({s.data(), s.size()}, sizes);
    if (!bytes || *bytes != std::floor(*bytes)) {
        complain(R"(must be a size: bytes, or a text such as "4MiB")");
        return std::nullopt;
    }
    if (*bytes > static_cast<double>(most)) {
        complain("must be at most " + show_size(most));
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(*bytes);
}

std::optional<double> node::number() const {
    if (!value_->is_number()) {
        complain("must be a number");
        return std::nullopt;
    }
    return value_->to_number<double>();
}

std::optional<bool> node::boolean() const {
    if (!value_->is_bool()) {
        complain("must be true or false");
        return std::nullopt;
    }
    return value_->get_bool();
}

std::optional<duration> node::duration() const {
    std::optional<double> ns;
    if (value_->is_string())
        ns = quantity({value_->get_string().data(), value_->get_string().size()}, times);
    if (!ns) {
        complain(R"(must be a duration such as "1.5s", "300ms" or "2h")");
        return std::nullopt;
    }
    constexpr double most = 100.0 * 365 * 24 * 3600e9; // the clock's own range ends after 292 years
    if (*ns > most) {
        complain("must be at most 100 years");
        return std::nullopt;
    }
    return std::chrono::nanoseconds(std::llround(*ns));
}

std::string show_duration(duration d) {
    if (d == duration::zero())
        return "0s";
    return show(static_cast<std::uint64_t>(std::chrono::nanoseconds(d).count()), times);
}

std::string show_size(std::uint64_t bytes) {
    return show(bytes, sizes);
}

std::string show_number(double d) {
    std::array<char, 32> text{};
    auto const [end, error] = std::to_chars(text.data(), text.data() + text.size(), d);
    return error == std::errc() ? std::string(text.data(), end) : "?";
}

std::string unknown_name(std::string_view name, std::span<std::string_view const> known) {
    std::string text = "unknown";
    std::string_view nearest;
    std::size_t least = std::max<std::size_t>(1, name.size() / 3) + 1;
    constexpr std::size_t longest = 100; // what is longer is no slip of the hand
    for (std::string_view const each : known)
        if (std::size_t const d = name.size() > longest ? least : distance(name, each); d < least) {
            least = d;
            nearest = each;
        }
    if (!nearest.empty())
        text.append("; did you mean ").append(nearest).append("?");
    return text;
}

} // namespace joust::game::config
