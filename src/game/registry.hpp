//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/services.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace joust::game {

/// Says which option is out of range, or nothing.
std::optional<std::string> validate(services_options const& options);

/// A request, and the method that is to serve it. The method stays until the target goes, even when it is removed.
struct target {
    request_view request;
    std::shared_ptr<registered_method const> method;
    payload_codec const* codec = nullptr; ///< null for JSON
};

/// What the services of a server share with the handlers of its calls. Calls look their method up while services come
/// and go, hence the lock; it is held for a look-up, never while anything of the user's runs.
struct services::registry {
    explicit registry(services_options with);

    /// Finds the method and the codec of a decoded request. *Errors*: NOT_FOUND, which names what is unknown; the
    /// refusal of a codec.
    status find(target& t) const;
    status find_method(target& t) const;
    status find_codec(target& t) const;

    /// The service of this name, new if there is none.
    service& get(std::string_view name);

    struct listed {
        std::string name;
        std::string address;
        std::vector<std::shared_ptr<registered_method const>> methods;
    };
    /// All services and methods as they are now, sorted by name.
    std::vector<listed> list() const;

    services_options const options;
    call::settings const calls;

    mutable std::shared_mutex lock;
    detail::by_name<std::unique_ptr<service>> by_name;
    std::vector<any_interceptor> around_all;
    mutable std::atomic<std::uint64_t> unknown{0}; // calls of what there is not
};

} // namespace joust::game
