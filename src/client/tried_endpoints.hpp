//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/picker.hpp"
#include "joust/client/retry_policy.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace joust::client {

/// The endpoints where attempts of one call have been, of which the last ones are remembered. Never looked into: they
/// may be gone.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class tried_endpoints {
public:
    void add(endpoint_load const& of) noexcept { last_[n_++ % last_.size()] = &of; }
    std::span<endpoint_load const* const> list() const noexcept {
        return std::span(last_).first(n_ < last_.size() ? n_ : last_.size());
    }

private:
    std::array<endpoint_load const*, most_attempts> last_{};
    std::size_t n_ = 0;
};

} // namespace joust::client
