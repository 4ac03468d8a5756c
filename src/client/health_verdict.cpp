//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/health_verdict.hpp"

namespace joust {

std::optional<std::string> validate(health_check_options const& o) {
    using duration = std::chrono::steady_clock::duration;
    if (o.interval <= duration::zero())
        return "interval must be positive";
    if (o.timeout <= duration::zero())
        return "timeout must be positive";
    if (o.failure_threshold == 0)
        return "failure_threshold must be at least 1";
    if (o.success_threshold == 0)
        return "success_threshold must be at least 1";
    return std::nullopt;
}

namespace client {

health_change health_verdict::on_probe(status_code code, bool serving) noexcept {
    unimplemented_ = code == status_code::unimplemented;
    bool const good = unimplemented_ || (code == status_code::ok && serving);
    if (good == fit_) {
        in_a_row_ = 0;
        return health_change::none;
    }
    std::uint32_t const needed = unimplemented_ ? 1 : good ? success_threshold_ : failure_threshold_;
    if (++in_a_row_ < needed)
        return health_change::none;
    in_a_row_ = 0;
    fit_ = good;
    return good ? health_change::bring_back : health_change::take_out;
}

} // namespace client

} // namespace joust
