//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"

#include <string_view>

namespace joust::game {

/// What an RpcRequest calls.
///
/// *Lifetime*: looks into the texts that it was made from.
struct method_name {
    std::string_view service;
    std::string_view method;

    friend bool operator==(method_name const&, method_name const&) = default;
};

/// The host of an address without brackets, port or scheme; empty if there is none.
///
/// `logic-service:50051`, `[::1]:50051`, `::1`, `dns:///host:1`, `dns://server/host:1`, `dns:host:1`,
/// `ipv4:10.0.0.1:1,10.0.0.2:1` (the first counts), `ipv6:[::1]:1`; `unix:/path`, `unix-abstract:name` and `/path` have
/// none.
std::string_view host_of(std::string_view address) noexcept;

/// What a client means by a call: `"service.method"`, or `"method"` of the service that the client is for.
///
/// The method is what follows the last dot. The service is `configured_service` if that is not empty; else what comes
/// before the first dot of the call; else `default_service`; else the host of the address up to its first `-` (an IPv6
/// address is taken whole).
///
/// *Errors*: INVALID_ARGUMENT if the method or the service is empty, saying what to do.
result<method_name> resolve_name(std::string_view call, std::string_view address, std::string_view configured_service,
                                 std::string_view default_service = {});

/// What a server makes of the two names of a request. One existing peer sends `"service.method"` whole as the method
/// name; the service name, if there is one, wins.
method_name received_name(std::string_view service_name, std::string_view method_name) noexcept;

} // namespace joust::game
