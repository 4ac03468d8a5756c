//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/resolver.hpp"

#include <utility>

namespace joust {

/// Addresses that never change.
///
/// *Thread safety*: as `resolver`.
class static_resolver final : public resolver {
public:
    explicit static_resolver(std::vector<endpoint_address> addresses) { found_.addresses = std::move(addresses); }
    /// With a service config or a problem, too.
    explicit static_resolver(resolution found) : found_(std::move(found)) {}

    void start(boost::asio::any_io_executor const&, listener on_resolution) override {
        on_resolution(std::move(found_));
    }
    void refresh() override {}

private:
    resolution found_;
};

} // namespace joust
