//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/target.hpp"

#include "client/address_list.hpp"
#include "joust/core/connection_error.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

namespace joust::client {

namespace {

status bad_target(std::string_view text, std::string_view why) {
    constexpr std::size_t longest = 200; // a list may be of any length
    std::string const shown = std::string(text.substr(0, longest)) + (text.size() > longest ? "..." : "");
    return status(status_code::invalid_argument, "target '" + shown + "': " + std::string(why), status_origin::local,
                  connection_error::address_invalid);
}

bool is_numeric(std::string host, int family) {
    if (family == AF_INET6)
        host = host.substr(0, host.find('%')); // the zone of a link-local address
    in6_addr parsed{};
    return host.find('\0') == std::string::npos && ::inet_pton(family, host.c_str(), &parsed) == 1;
}

bool is_numeric(std::string const& host) {
    return is_numeric(host, AF_INET) || is_numeric(host, AF_INET6);
}

/// `family`: 0 for any address.
result<target> parse_list(std::string_view text, std::string_view list, int family) {
    target t;
    while (true) {
        std::size_t const comma = list.find(',');
        std::string_view entry = list.substr(0, comma);
        entry.remove_prefix(std::min(entry.find_first_not_of(' '), entry.size()));
        entry = entry.substr(0, entry.find_last_not_of(' ') + 1);
        auto const parsed = net::parse_address(entry);
        if (parsed.has_error())
            return bad_target(text, parsed.error().message());
        auto const* const at = std::get_if<net::host_port>(&*parsed);
        if (family != 0 && (at == nullptr || !is_numeric(at->host, family)))
            return bad_target(text, "address '" + std::string(entry) + "': not an " +
                                        (family == AF_INET ? "IPv4 address" : "IPv6 address"));
        t.addresses.push_back({.address = net::to_string(*parsed)});
        if (comma == std::string_view::npos)
            break;
        list.remove_prefix(comma + 1);
    }
    auto checked = check_addresses(std::move(t.addresses));
    if (!checked.problem.ok())
        return bad_target(text, checked.problem.message());
    t.addresses = std::move(checked.addresses);
    return t;
}

result<target> parse_dns(std::string_view text, std::string_view name) {
    if (name.starts_with("//")) {
        std::size_t const slash = name.find('/', 2);
        if (slash != 2)
            return bad_target(text, "a name server cannot be chosen (dns:///host:port)");
        name.remove_prefix(3);
    }
    if (name.find(',') != std::string_view::npos)
        return bad_target(text, "dns: takes one name (dns:///host:port)");
    auto const parsed = net::parse_address(name);
    if (parsed.has_error())
        return bad_target(text, parsed.error().message());
    auto const* const at = std::get_if<net::host_port>(&*parsed);
    if (at == nullptr || name.starts_with("dns:") || name.starts_with("ipv4:") || name.starts_with("ipv6:"))
        return bad_target(text, "dns: takes a name (dns:///host:port)");
    target t;
    if (is_numeric(at->host))
        t.addresses.push_back({.address = at->to_string()});
    else {
        t.from = target::source::dns;
        t.dns = *at;
    }
    return t;
}

result<target> parse_file(std::string_view text, std::string_view path) {
    if (path.starts_with("///"))
        path.remove_prefix(2);
    else if (path.starts_with("//"))
        return bad_target(text, "the path after file:// must be absolute (file:///path)");
    if (path.empty())
        return bad_target(text, "the path is missing (file:path)");
    if (path.find('\0') != std::string_view::npos)
        return bad_target(text, "the path is malformed");
    target t;
    t.from = target::source::file;
    t.name = path;
    return t;
}

result<target> parse_environment(std::string_view text, std::string_view name) {
    if (name.empty())
        return bad_target(text, "the name of the variable is missing (env:NAME)");
    bool const good = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (!good)
        return bad_target(text, "the name of the variable may have letters, digits and _ only (env:NAME)");
    target t;
    t.from = target::source::environment;
    t.name = name;
    return t;
}

/// A host of one word and its port, which may look like a scheme and a name.
bool is_port(std::string_view text) noexcept {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

result<target> parse_target(std::string_view text) {
    constexpr std::string_view v4 = "ipv4:", v6 = "ipv6:", dns = "dns:", file = "file:", environment = "env:";
    if (text.starts_with(v4))
        return parse_list(text, text.substr(v4.size()), AF_INET);
    if (text.starts_with(v6))
        return parse_list(text, text.substr(v6.size()), AF_INET6);
    if (text.starts_with(dns))
        return parse_dns(text, text.substr(dns.size()));
    if (text.starts_with(file) && !is_port(text.substr(file.size())))
        return parse_file(text, text.substr(file.size()));
    if (text.starts_with(environment) && !is_port(text.substr(environment.size())))
        return parse_environment(text, text.substr(environment.size()));
    // The paths of Unix sockets may have commas.
    if (text.find(',') != std::string_view::npos && !text.starts_with("unix:") && !text.starts_with("unix-abstract:"))
        return parse_list(text, text, 0);
    auto const parsed = net::parse_address(text);
    if (parsed.has_error())
        return parsed.error();
    target t;
    t.addresses.push_back({.address = net::to_string(*parsed)});
    return t;
}

} // namespace joust::client
