//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "net/in_process_transport.hpp"
#include "net/transport.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace joust::net {

/// Where a server of this process waits for channels of this process.
///
/// *Thread safety*: safe.
class in_process_port {
public:
    using handler = std::function<void(std::unique_ptr<transport>)>;
    /// Both ends of a connection, the client's first; see `make_in_process_pair`.
    using pair_maker = std::function<std::pair<std::unique_ptr<transport>, std::unique_ptr<transport>>(
        boost::asio::any_io_executor const& client, boost::asio::any_io_executor const& server)>;

    /// Begins to accept: `h` is called on the executor of each connection, a strand if so asked. UNAVAILABLE when
    /// somebody listens already.
    status listen(boost::asio::any_io_executor executor, bool use_strands, handler h);
    void close();

    /// Connections are made by this from now on: for tests whose wires have faults.
    void set_pair_maker(pair_maker make);

    /// A connection, with its other end on the way to the server. UNAVAILABLE when nobody listens.
    result<std::unique_ptr<transport>> connect(boost::asio::any_io_executor const& executor);

private:
    std::mutex mutex_;
    boost::asio::any_io_executor executor_;
    boost::asio::any_io_executor work_; // counts as work while somebody listens, as a socket does
    bool use_strands_ = true;
    std::shared_ptr<handler> handler_; // null: nobody listens
    pair_maker make_pair_ = make_in_process_pair;
};

} // namespace joust::net
