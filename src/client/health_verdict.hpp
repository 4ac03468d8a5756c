//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/health_check_options.hpp"
#include "joust/core/status_code.hpp"

#include <cstdint>

namespace joust::client {

enum class health_change : std::uint8_t { none, take_out, bring_back };

/// Whether an address is fit for calls, by the answers to the probes of its health.
///
///     fit --failure_threshold failures in a row--> unfit --success_threshold successes in a row--> fit
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class health_verdict {
public:
    /// `options` are valid. An address is fit until its probes say otherwise.
    explicit health_verdict(health_check_options const& options) noexcept
        : failure_threshold_(options.failure_threshold), success_threshold_(options.success_threshold) {}

    /// A probe ended with this code; `serving` is what it answered, if the code is OK. A server that does not know the
    /// health service (UNIMPLEMENTED) is fit, at once and for good; one that does not know `service_name` is not.
    health_change on_probe(status_code code, bool serving) noexcept;

    bool fit() const noexcept { return fit_; }
    /// The server has no health service: there is no use in asking this connection again.
    bool unimplemented() const noexcept { return unimplemented_; }
    /// Another connection to the address: perhaps another server, which may have a health service.
    void on_connected() noexcept { unimplemented_ = false; }

private:
    std::uint32_t failure_threshold_;
    std::uint32_t success_threshold_;
    std::uint32_t in_a_row_ = 0; // answers that speak against the verdict
    bool fit_ = true;
    bool unimplemented_ = false;
};

} // namespace joust::client
