//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "client/pool.hpp"
#include "joust/rpc/call_credentials.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace joust::client {

/// Asks the credentials of calls for their metadata, before the calls go to the pool.
///
/// *Thread safety*: safe.
class authorizer {
public:
    authorizer() = default;
    /// `safe`: nobody can read what is sent.
    authorizer(channel_options const& options, bool safe, std::string authority, std::string name);

    bool concerns(rpc::pending_call const& call) const noexcept {
        return credentials_ != nullptr || call.credentials() != nullptr;
    }

    /// Submits the call once its credentials have said what to add to it, or fails it.
    void authorize(std::shared_ptr<rpc::pending_call> call, std::shared_ptr<pool> to) const;

private:
    class attempt;

    std::shared_ptr<call_credentials> credentials_;
    status refusal_; // of calls that may not be made
    std::string authority_;
    std::size_t max_waiting_ = 0;
    std::shared_ptr<std::atomic<std::size_t>> waiting_;
};

} // namespace joust::client
