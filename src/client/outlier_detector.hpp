//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "client/saturated.hpp"
#include "joust/client/outlier_detection_options.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace joust::client {

/// Names an address to the detector. Once the address is removed, it names none for ever.
struct outlier_id {
    std::uint32_t slot = ~std::uint32_t(0);
    std::uint32_t generation = 0;

    friend bool operator==(outlier_id, outlier_id) noexcept = default;
};

/// Finds the addresses that do worse than the others (gRFC A50). Time and chance are arguments.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class outlier_detector {
public:
    /// A number from [0, 1).
    using random01_type = std::function<double()>;

    /// What the end of an interval changed; valid until the detector is touched again.
    struct changes {
        std::span<outlier_id const> ejected;
        std::span<outlier_id const> returned;
    };

    /// `options` are valid. The first interval begins now.
    outlier_detector(outlier_detection_options const& options, time_point now);

    outlier_id add();
    /// Forgets the address; late outcomes of its calls are ignored.
    void remove(outlier_id id) noexcept;

    /// A call to this address has ended. Allocates nothing.
    void record(outlier_id id, bool success) noexcept;

    bool ejected(outlier_id id) const noexcept;

    /// The end of the interval; the latest time there is when no comparison is wanted.
    time_point next() const noexcept { return next_; }
    /// To be called at `next()`: begins another interval, compares what the last one counted.
    changes on_interval(time_point now, random01_type const& random01);

private:
    struct counters {
        std::uint64_t succeeded = 0;
        std::uint64_t failed = 0;

        std::uint64_t calls() const noexcept { return succeeded + failed; }
        double success_rate() const noexcept { return static_cast<double>(succeeded) / static_cast<double>(calls()); }
    };

    struct address {
        std::uint32_t generation = 0;
        bool used = false;
        bool ejected = false;
        counters active; // of this interval
        counters last;   // of the one before, which are compared
        time_point ejected_at{};
        std::uint32_t multiplier = 0; // grows with each ejection, shrinks with each interval without
    };

    address const* find(outlier_id id) const noexcept;
    bool may_eject() const noexcept;
    std::uint32_t hosts_with(std::uint32_t volume) const noexcept;
    void eject(std::uint32_t slot, time_point now);
    void compare_success_rates(success_rate_ejection const& c, time_point now, random01_type const& random01);
    void compare_failures(failure_percentage_ejection const& c, time_point now, random01_type const& random01);
    void return_those_due(time_point now);
    duration ejection_time(std::uint32_t multiplier) const noexcept;

    outlier_detection_options options_;
    time_point next_;
    std::vector<address> addresses_;
    std::vector<std::uint32_t> free_; // slots
    std::uint32_t count_ = 0;
    std::uint32_t ejected_count_ = 0;
    std::vector<outlier_id> ejected_now_;
    std::vector<outlier_id> returned_now_;
};

} // namespace joust::client
