//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/socket_transport.hpp"

#include "net/tcp_options.hpp"
#include "net/transport_handlers.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace joust::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Asio hands at most this many buffers to one system call (IOV_MAX permitting). Unlike async_write, which sends 64 KiB
// and 16 buffers at a time, async_write_some sends all of them.
constexpr std::size_t max_pieces = 64;

/// A buffer sequence that refers to at most `max_pieces` pieces.
class piece_sequence {
public:
    using value_type = asio::const_buffer;
    using const_iterator = asio::const_buffer const*;

    explicit piece_sequence(transport::pieces from) noexcept : size_(std::min(from.size(), max_pieces)) {
        for (std::size_t i = 0; i < size_; ++i)
            buffers_[i] = asio::const_buffer(from[i].data(), from[i].size());
    }

    const_iterator begin() const noexcept { return buffers_.data(); }
    const_iterator end() const noexcept { return buffers_.data() + size_; }

private:
    std::array<asio::const_buffer, max_pieces> buffers_;
    std::size_t size_;
};

class socket_transport final : public transport {
public:
    explicit socket_transport(stream_socket socket) : socket_(std::move(socket)) {
        error_code ignored;
        socket_.set_option(tcp::no_delay(true), ignored);
        peer_ = peer_text(socket_);
        has_path_ = is_unix(socket_);
    }

    asio::any_io_executor get_executor() override { return socket_.get_executor(); }

    void read_some(std::span<std::uint8_t> into, std::shared_ptr<events> whom) override {
        socket_.async_read_some(asio::buffer(into.data(), into.size()), read_handler(read_memory_, std::move(whom)));
    }

    void write_some(pieces from, std::shared_ptr<events> whom) override {
        write_handler done(write_memory_, std::move(whom));
        if (from.size() == 1)
            socket_.async_write_some(asio::const_buffer(from[0].data(), from[0].size()), std::move(done));
        else
            socket_.async_write_some(piece_sequence(from), std::move(done));
    }

    void keep_alive(keepalive_options const& o) noexcept override { set_user_timeout(socket_.native_handle(), o); }

    void close() noexcept override {
        error_code ignored;
        socket_.shutdown(stream_socket::shutdown_both, ignored);
        socket_.close(ignored);
    }

    std::string peer() const override { return peer_; }

    std::string local() const override { return local_text(socket_); }
    bool has_path() const noexcept override { return has_path_; }

private:
    operation_memory read_memory_;
    operation_memory write_memory_;
    stream_socket socket_;
    std::string peer_;
    bool has_path_ = false;
};

} // namespace

std::unique_ptr<transport> make_socket_transport(stream_socket socket) {
    return std::make_unique<socket_transport>(std::move(socket));
}

} // namespace joust::net
