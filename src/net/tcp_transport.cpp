//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/tcp_transport.hpp"

#include "net/operation_memory.hpp"

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

/// The handler of a read or write: where its operation lies.
class stored_handler {
public:
    using allocator_type = operation_allocator<std::byte>;

    explicit stored_handler(operation_memory& memory) noexcept : memory_(&memory) {}
    allocator_type get_allocator() const noexcept { return allocator_type(*memory_); }

private:
    operation_memory* memory_;
};

/// The handler of a read. Destroyed without having been called, it says so: handlers that wait for the connection and
/// the connection that they wait for would keep each other for ever.
class read_handler : public stored_handler {
public:
    read_handler(operation_memory& memory, std::shared_ptr<transport::events> whom) noexcept
        : stored_handler(memory), whom_(std::move(whom)) {}
    read_handler(read_handler&&) noexcept = default;
    read_handler& operator=(read_handler&&) = delete;
    ~read_handler() {
        if (whom_)
            whom_->on_abandoned();
    }

    void operator()(error_code ec, std::size_t n) {
        auto const whom = std::move(whom_);
        whom->on_read(ec, n);
    }

private:
    std::shared_ptr<transport::events> whom_;
};

class write_handler : public stored_handler {
public:
    write_handler(operation_memory& memory, std::shared_ptr<transport::events> whom) noexcept
        : stored_handler(memory), whom_(std::move(whom)) {}

    void operator()(error_code ec, std::size_t n) { whom_->on_written(ec, n); }

private:
    std::shared_ptr<transport::events> whom_;
};

class tcp_transport final : public transport {
public:
    explicit tcp_transport(tcp::socket socket) : socket_(std::move(socket)) {
        error_code ignored;
        socket_.set_option(tcp::no_delay(true), ignored);
        auto const remote = socket_.remote_endpoint(ignored);
        peer_ = net::to_string(remote);
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

    void close() noexcept override {
        error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_both, ignored);
        socket_.close(ignored);
    }

    std::string peer() const override { return peer_; }

    std::string local() const override {
        error_code ignored;
        return net::to_string(socket_.local_endpoint(ignored));
    }

private:
    operation_memory read_memory_;
    operation_memory write_memory_;
    tcp::socket socket_;
    std::string peer_;
};

} // namespace

std::string to_string(tcp::endpoint const& endpoint) {
    std::string const host = endpoint.address().to_string();
    std::string const port = std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

std::unique_ptr<transport> make_tcp_transport(tcp::socket socket) {
    return std::make_unique<tcp_transport>(std::move(socket));
}

} // namespace joust::net
