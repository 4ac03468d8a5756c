//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/list_resolution.hpp"

#include "client/address_list.hpp"

#include <utility>

namespace joust::client {

resolution resolve_list(std::string const& source, std::string_view text) {
    auto list = parse_address_list(text);
    std::string const why = list.problem.ok() && list.addresses.empty() ? "no addresses" : list.problem.message();
    resolution r;
    r.addresses = std::move(list.addresses);
    if (!why.empty())
        r.problem = status(status_code::unavailable, source + ": " + why);
    return r;
}

} // namespace joust::client
