//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/make_resolver.hpp"

#include "client/dns_resolver.hpp"
#include "client/env_resolver.hpp"
#include "client/file_resolver.hpp"
#include "joust/client/static_resolver.hpp"

namespace joust::client {

std::unique_ptr<resolver> make_resolver(target const& to, resolver_settings const& settings) {
    switch (to.from) {
    case target::source::dns: return std::make_unique<dns_resolver>(to.dns, settings.dns);
    case target::source::file: return std::make_unique<file_resolver>(to.name, settings.file_poll);
    case target::source::environment: return std::make_unique<env_resolver>(to.name);
    case target::source::addresses: break;
    }
    return std::make_unique<static_resolver>(to.addresses);
}

} // namespace joust::client
