//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/address.hpp"

#include "joust/core/connection_error.hpp"

#include <sys/un.h>

#include <charconv>
#include <cstdint>

namespace joust::net {

namespace {

status bad_address(std::string_view text, std::string_view why) {
    return status(status_code::invalid_argument, "address '" + std::string(text) + "': " + std::string(why),
                  status_origin::local, connection_error::address_invalid);
}

std::string_view without_scheme(std::string_view text) noexcept {
    for (std::string_view const scheme : {"dns:///", "dns:", "ipv4:", "ipv6:"})
        if (text.starts_with(scheme))
            return text.substr(scheme.size());
    return text;
}

bool is_port(std::string_view port) noexcept {
    std::uint16_t number = 0;
    auto const [end, ec] = std::from_chars(port.data(), port.data() + port.size(), number);
    return ec == std::errc() && end == port.data() + port.size();
}

/// A path or name that fits into the system's address.
result<address> unix_socket(std::string_view text, std::string_view path, bool abstract) {
    constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
    if (path.empty())
        return bad_address(text,
                           abstract ? "the name is missing (unix-abstract:name)" : "the path is missing (unix:path)");
    if (path.size() > longest)
        return bad_address(text,
                           std::string("the path has more than ").append(std::to_string(longest)).append(" bytes"));
    if (path.find('\0') != std::string_view::npos)
        return bad_address(text, "the path is malformed");
    return unix_address{std::string(path), abstract};
}

result<host_port> parse_host_port(std::string_view text) {
    std::string_view const rest = without_scheme(text);
    std::size_t const colon = rest.rfind(':');
    if (colon == std::string_view::npos)
        return bad_address(text, "the port is missing (host:port)");
    std::string_view host = rest.substr(0, colon);
    std::string_view const port = rest.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return bad_address(text, "an IPv6 address needs brackets ([::1]:50051)");
    if (host.empty())
        return bad_address(text, "the host is missing (host:port)");
    if (host.find_first_of("[]/ ") != std::string_view::npos)
        return bad_address(text, "the host is malformed");
    if (!is_port(port))
        return bad_address(text, "the port must be a number from 0 to 65535");
    return host_port{std::string(host), std::string(port)};
}

} // namespace

std::string host_port::to_string() const {
    return host.find(':') != std::string::npos ? "[" + host + "]:" + port : host + ":" + port;
}

std::string unix_address::to_string() const {
    return (abstract ? "unix-abstract:" : "unix:") + path;
}

result<address> parse_address(std::string_view text) {
    constexpr std::string_view absolute = "unix:///", path = "unix:", abstract = "unix-abstract:";
    if (text.starts_with(abstract))
        return unix_socket(text, text.substr(abstract.size()), true);
    if (text.starts_with(absolute))
        return unix_socket(text, text.substr(absolute.size() - 1), false);
    if (text.starts_with("unix://"))
        return bad_address(text, "the path after unix:// must be absolute (unix:///path)");
    if (text.starts_with(path))
        return unix_socket(text, text.substr(path.size()), false);
    auto at = parse_host_port(text);
    if (at.has_error())
        return at.error();
    return std::move(*at);
}

std::string to_string(address const& a) {
    if (auto const* const at = std::get_if<host_port>(&a))
        return at->to_string();
    if (auto const* const at = std::get_if<unix_address>(&a))
        return at->to_string();
    return "in-process";
}

std::string default_authority(address const& a) {
    // As C-core and grpc-go do for Unix sockets: a path is no authority.
    return std::holds_alternative<host_port>(a) ? to_string(a) : "localhost";
}

std::string certificate_name(address const& a) {
    auto const* const at = std::get_if<host_port>(&a);
    return at != nullptr ? at->host : "localhost";
}

bool stays_on_this_machine(address const& a) noexcept {
    return !std::holds_alternative<host_port>(a);
}

} // namespace joust::net
