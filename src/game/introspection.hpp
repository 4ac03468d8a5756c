//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game/registry.hpp"
#include "joust/core/result.hpp"
#include "joust/game/description.hpp"
#include "joust/game/statistics.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace joust::game {

inline constexpr std::string_view introspection_service = "joust";

enum class hidden_methods : std::uint8_t { shown, left_out };

/// *Errors* of both: NOT_FOUND for a service or method that there is not, INVALID_ARGUMENT for a method without a
/// service. Hidden methods are as if they were not there.
result<services_description> describe(services::registry const& all, introspection_query const& which);
result<services_statistics> statistics(services::registry const& all, introspection_query const& which,
                                       hidden_methods hidden);

/// Adds the service `joust`.
void add_introspection(std::shared_ptr<services::registry> const& to);

} // namespace joust::game
