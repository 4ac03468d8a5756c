//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/address.hpp"

#include "joust/core/connection_error.hpp"

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

} // namespace

std::string host_port::to_string() const {
    return host.find(':') != std::string::npos ? "[" + host + "]:" + port : host + ":" + port;
}

result<host_port> parse_address(std::string_view text) {
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

} // namespace joust::net
