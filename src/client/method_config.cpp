//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/method_config.hpp"

#include <utility>

namespace joust {

std::optional<std::string> validate(method_config const& c) {
    if (c.timeout && *c.timeout < std::chrono::steady_clock::duration::zero())
        return "timeout must not be negative";
    if (c.retry && c.hedging)
        return "retry and hedging exclude each other";
    auto const prefixed = [](char const* prefix, std::optional<std::string> complaint) {
        if (complaint)
            complaint->insert(0, prefix);
        return complaint;
    };
    if (c.retry)
        if (auto bad = prefixed("retry.", validate(*c.retry)))
            return bad;
    if (c.hedging)
        return prefixed("hedging.", validate(*c.hedging));
    return std::nullopt;
}

bool method_configs::add(name const& n, method_config const& config) {
    if (n.service.empty() && !n.method.empty())
        return false;
    std::string key;
    if (!n.service.empty())
        key.append("/").append(n.service).append("/").append(n.method);
    return configs_.try_emplace(std::move(key), config).second;
}

method_config const* method_configs::find(std::string_view path) const noexcept {
    if (configs_.empty())
        return nullptr;
    if (auto const* const own = find_exactly(path))
        return own;
    // Without a slash this is the whole path, and nothing goes by that.
    if (auto const* const of_service = find_exactly(path.substr(0, path.rfind('/') + 1)))
        return of_service;
    return find_exactly({});
}

method_config const* method_configs::find_exactly(std::string_view key) const noexcept {
    auto const at = configs_.find(key);
    return at == configs_.end() ? nullptr : &at->second;
}

} // namespace joust
