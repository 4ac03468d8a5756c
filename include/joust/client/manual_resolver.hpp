//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/resolver.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace joust {

/// Addresses pushed by the program itself, from wherever it learns them:
///
///     joust::manual_resolver source;
///     // a channel gets a copy: std::make_unique<joust::manual_resolver>(source)
///     source.push({{.address = "10.0.0.1:50051"}, {.address = "10.0.0.2:50051"}});
///
/// Copies share what was pushed; each copy serves one channel, or is kept to push. A channel that starts later gets the
/// latest push. When several come before the channel's executor gets to run, it sees the last one only.
///
/// *Thread safety*: `push` is safe, on all copies at the same time; the rest as `resolver`.
class manual_resolver final : public resolver {
public:
    manual_resolver();
    /// `on_refresh` is called on the channel's executor when a channel wants new addresses, which happens at any time
    /// and for several channels at once; it may push.
    explicit manual_resolver(std::function<void()> on_refresh);
    /// Shares the source, but not the channel.
    manual_resolver(manual_resolver const& other);
    manual_resolver& operator=(manual_resolver const&) = delete;
    ~manual_resolver() override;

    /// These are the addresses from now on. Every channel is told on its executor, never within this call.
    void push(std::vector<endpoint_address> addresses);
    void push(resolution found);

    void start(boost::asio::any_io_executor const& executor, listener on_resolution) override;
    void refresh() override;

private:
    struct source;
    struct subscription;

    std::shared_ptr<source> source_;
    std::shared_ptr<subscription> mine_; // once started
};

} // namespace joust
