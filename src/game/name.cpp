//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/name.hpp"

#include "joust/game/json/error_trace.hpp"

#include <string>

namespace joust::game {

namespace {

std::string_view before_first_dot(std::string_view text) noexcept {
    std::size_t const dot = text.find('.');
    return dot == std::string_view::npos ? std::string_view() : text.substr(0, dot);
}

std::string_view after_last_dot(std::string_view text) noexcept {
    return text.substr(text.rfind('.') + 1);
}

/// What remains of an address without `dns:`, `ipv4://server/` and the like; nothing if the scheme has no hosts.
std::string_view without_scheme(std::string_view address) noexcept {
    if (address.starts_with('/') || address.starts_with("unix:") || address.starts_with("unix-abstract:"))
        return {};
    if (std::size_t const scheme = address.find("://"); scheme != std::string_view::npos) {
        std::string_view const rest = address.substr(scheme + 3);
        std::size_t const slash = rest.find('/');
        return slash == std::string_view::npos ? rest : rest.substr(slash + 1);
    }
    for (std::string_view const scheme : {"dns:", "ipv4:", "ipv6:"})
        if (address.starts_with(scheme))
            return address.substr(scheme.size());
    return address;
}

status refuse(std::string text) {
    return status(status_code::invalid_argument, std::move(text));
}

} // namespace

std::string_view host_of(std::string_view address) noexcept {
    std::string_view host = without_scheme(address);
    host = host.substr(0, host.find(','));
    if (host.starts_with('[')) {
        std::size_t const end = host.find(']');
        return end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1);
    }
    std::size_t const colon = host.find(':');
    if (colon == std::string_view::npos || colon != host.rfind(':')) // none, or an IPv6 address without brackets
        return host;
    return host.substr(0, colon);
}

result<method_name> resolve_name(std::string_view call, std::string_view address, std::string_view configured_service,
                                 std::string_view default_service) {
    method_name name{before_first_dot(call), after_last_dot(call)};
    if (name.method.empty())
        return refuse(call.empty() ? "the method to call has no name" : "no method name in " + json::quoted(call));
    if (name.service.empty() && call.size() != name.method.size())
        return refuse("no service name before the dot in " + json::quoted(call));
    if (!configured_service.empty()) {
        name.service = configured_service;
    } else if (name.service.empty() && !default_service.empty()) {
        name.service = default_service;
    } else if (name.service.empty()) {
        std::string_view const host = host_of(address);
        bool const ipv6 = host.find(':') != std::string_view::npos;
        name.service = ipv6 ? host : host.substr(0, host.find('-'));
        if (name.service.empty())
            return refuse("cannot tell the service of " + json::quoted(call) + " from the address " +
                          json::quoted(address) + ": call \"service.method\", or set the client's service name");
    }
    return name;
}

method_name received_name(std::string_view service_name, std::string_view method_name) noexcept {
    return {service_name.empty() ? before_first_dot(method_name) : service_name, after_last_dot(method_name)};
}

} // namespace joust::game
