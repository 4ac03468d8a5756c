//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/keepalive_options.hpp"
#include "joust/core/peer_identity.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace joust::net {

/// A stream of bytes to the peer. At most one read and one write are under way; outcomes come through `events`.
///
/// *Thread safety*: all of it runs on the transport's executor.
class transport {
public:
    /// Who owns the transport. Kept alive by every operation under way.
    class events {
    public:
        virtual void on_read(boost::system::error_code ec, std::size_t n) = 0;
        virtual void on_written(boost::system::error_code ec, std::size_t n) = 0;
        /// The execution context was destroyed with a read under way: drop what refers back, complete nothing.
        virtual void on_abandoned() noexcept = 0;

    protected:
        ~events() = default;
    };
    using pieces = std::span<std::span<std::uint8_t const> const>;

    virtual ~transport() = default;

    virtual boost::asio::any_io_executor get_executor() = 0;
    virtual void read_some(std::span<std::uint8_t> into, std::shared_ptr<events> whom) = 0;
    /// Writes as much as one system call takes. The pieces and their bytes live until `on_written`.
    virtual void write_some(pieces from, std::shared_ptr<events> whom) = 0;
    /// What the system itself can do to find a peer that is gone.
    virtual void keep_alive(keepalive_options const&) noexcept {}
    /// Operations under way end with an error.
    virtual void close() noexcept = 0;

    virtual std::string peer() const = 0;
    virtual std::string local() const = 0;
    /// Who the peer is by its certificate; null without one.
    virtual peer_identity const* identity() const noexcept { return nullptr; }
    /// True when the peer may give the path of a socket as `:authority`.
    virtual bool has_path() const noexcept { return false; }
};

} // namespace joust::net
