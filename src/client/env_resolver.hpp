//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/resolver.hpp"

#include <string>

namespace joust::client {

/// The address list (see `parse_address_list`) in an environment variable, read when it starts and by `refresh()`.
///
/// One that is not set, empty or wrong is reported without addresses, with a problem that names it and what is wrong.
class env_resolver final : public resolver {
public:
    explicit env_resolver(std::string variable);

    void start(boost::asio::any_io_executor const& executor, listener on_resolution) override;
    /// The program must not change its environment at the same time on another thread.
    void refresh() override;

private:
    std::string variable_;
    listener listener_;
};

} // namespace joust::client
