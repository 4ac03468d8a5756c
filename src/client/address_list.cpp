//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/address_list.hpp"

#include "joust/core/connection_error.hpp"
#include "net/address.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <unordered_set>
#include <utility>

namespace joust::client {

namespace {

constexpr std::string_view blanks = " \t\r\v\f";

status invalid(std::string message) {
    return status(status_code::invalid_argument, std::move(message), status_origin::local,
                  connection_error::address_invalid);
}

std::string too_many(std::size_t given) {
    return std::to_string(given) + " addresses: only the first " + std::to_string(max_addresses) + " are used";
}

std::string_view trimmed(std::string_view text) noexcept {
    std::size_t const first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The text before the separator, which goes with it.
std::string_view take_until(std::string_view& text, char separator) noexcept {
    std::size_t const end = text.find(separator);
    std::string_view const head = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return head;
}

/// For messages: bytes that are no text, and more than anyone reads, are left out.
std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 100;
    std::string q = "'";
    for (char const c : text.substr(0, longest))
        q += c >= ' ' && c < '\x7f' ? c : '?';
    return q + (text.size() > longest ? "...'" : "'");
}

/// What `net::parse_address` says, without the text that it begins with.
std::string why_bad(status const& s) {
    std::size_t const end = s.message().find("': ");
    return end == std::string::npos ? s.message() : s.message().substr(end + 3);
}

result<endpoint_address> parse_entry(std::string_view entry) {
    std::string_view rest = entry;
    std::string_view const text = rest.substr(0, rest.find_first_of(blanks));
    rest = trimmed(rest.substr(text.size()));
    endpoint_address made;
    if (!rest.empty()) {
        constexpr std::string_view key = "weight=";
        if (!rest.starts_with(key))
            return invalid("after an address there may be weight=N only");
        std::string_view const number = rest.substr(key.size());
        auto const [end, ec] = std::from_chars(number.data(), number.data() + number.size(), made.weight);
        if (ec != std::errc() || end != number.data() + number.size() || made.weight < 1 || made.weight > max_weight)
            return invalid("the weight must be a number from 1 to " + std::to_string(max_weight));
    }
    auto const parsed = net::parse_address(text);
    if (parsed.has_error())
        return invalid(why_bad(parsed.error()));
    made.address = net::to_string(*parsed);
    return made;
}

} // namespace

checked_addresses parse_address_list(std::string_view text) {
    checked_addresses list;
    std::unordered_set<std::string> known;
    for (std::size_t line = 1; !text.empty(); ++line) {
        std::string_view whole = take_until(text, '\n');
        std::string_view content = take_until(whole, '#');
        while (!content.empty()) {
            std::string_view const entry = trimmed(take_until(content, ','));
            if (entry.empty())
                continue;
            auto parsed = parse_entry(entry);
            if (parsed.has_error())
                return {
                    {},
                    invalid("line " + std::to_string(line) + ": " + quoted(entry) + ": " + parsed.error().message())};
            if (known.insert(parsed->address).second && known.size() <= max_addresses)
                list.addresses.push_back(std::move(*parsed));
        }
    }
    if (known.size() > max_addresses)
        list.problem = status(status_code::resource_exhausted, too_many(known.size()));
    return list;
}

checked_addresses check_addresses(std::vector<endpoint_address> given) {
    checked_addresses list;
    std::unordered_set<endpoint_address, std::hash<endpoint_address>,
                       decltype([](auto const& a, auto const& b) { return same_endpoint(a, b); })>
        known;
    std::size_t bad = 0;
    std::string first_bad;
    for (auto& a : given) {
        auto const parsed = net::parse_address(a.address);
        if (parsed.has_error()) {
            if (bad++ == 0)
                first_bad = client::quoted(a.address) + ": " + why_bad(parsed.error());
            continue;
        }
        a.address = net::to_string(*parsed);
        a.weight = std::clamp<std::uint32_t>(a.weight, 1, max_weight);
        if (known.insert(a).second && known.size() <= max_addresses)
            list.addresses.push_back(std::move(a));
    }
    if (bad > 0)
        list.problem = invalid(std::to_string(bad) + " of " + std::to_string(given.size()) +
                               " addresses cannot be used, the first: " + first_bad);
    else if (known.size() > max_addresses)
        list.problem = status(status_code::resource_exhausted, too_many(known.size()));
    return list;
}

} // namespace joust::client
