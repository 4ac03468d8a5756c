//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/transport.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::test {

/// Lets one of many operations fail: the one with number `fail_at`, counted from 0.
struct failures {
    static constexpr std::size_t never = static_cast<std::size_t>(-1);

    std::size_t fail_at = never;
    std::size_t seen = 0;

    /// Counts an operation; true when this is the one.
    bool next() noexcept { return seen++ == fail_at; }
    bool reached() const noexcept { return seen > fail_at; }
};

/// Runs `function(failures&)` with its first operation failing, then its second, and so on, until a run in which
/// nothing failed.
template <class Function>
std::size_t for_each_failure(Function&& function) {
    for (std::size_t n = 0;; ++n) {
        failures f{.fail_at = n};
        BOOST_TEST_CONTEXT("operation " << n << " fails")
        function(f);
        if (!f.reached())
            return n;
    }
}

/// Two ends of a connection in memory, each with a transport or driven by the test. Nothing happens but in handlers on
/// the io_context: operations wait there (as those of a socket do), so that they go when it goes.
class memory_link : public std::enable_shared_from_this<memory_link> {
public:
    static constexpr std::size_t unlimited = static_cast<std::size_t>(-1);

    /// One direction, and the operations of the transport at each side of it.
    struct pipe {
        explicit pipe(boost::asio::io_context& context) : readable(context), writable(context) {}

        std::string bytes;
        bool closed = false;              ///< what is in it can be read, then comes the end
        std::size_t capacity = unlimited; ///< writes wait while this much is in it
        std::size_t chunk = unlimited;    ///< most that one read or write moves
        std::vector<std::size_t> writes;  ///< the sizes of the writes that were asked for
        std::size_t reads = 0;
        std::size_t last_read_buffer = 0; ///< the size of the buffer of the last read
        // Never expire; cancelled to wake those who wait.
        boost::asio::steady_timer readable;
        boost::asio::steady_timer writable;

        void wake() {
            readable.cancel();
            writable.cancel();
        }
    };

    explicit memory_link(boost::asio::io_context& context) : io(context), to_server(context), to_client(context) {}

    std::unique_ptr<net::transport> server_transport();
    std::unique_ptr<net::transport> client_transport();

    // What a test does at the end that has no transport. It sends to the pipe and receives from the other.

    void send(pipe& into, std::string_view bytes) {
        into.bytes.append(bytes);
        into.wake();
    }

    std::string receive(pipe& from) {
        std::string bytes = std::exchange(from.bytes, {});
        from.wake();
        return bytes;
    }

    void set_capacity(pipe& of, std::size_t capacity) {
        of.capacity = capacity;
        of.wake();
    }

    /// The peer vanishes.
    void close() {
        for (pipe* const p : {&to_server, &to_client}) {
            p->closed = true;
            p->wake();
        }
    }

    boost::asio::io_context& io;
    pipe to_server;
    pipe to_client;
    failures* fail = nullptr;
};

class memory_transport final : public net::transport {
public:
    memory_transport(std::shared_ptr<memory_link> link, memory_link::pipe& in, memory_link::pipe& out)
        : link_(std::move(link)), in_(in), out_(out) {}
    ~memory_transport() override { memory_transport::close(); }

    boost::asio::any_io_executor get_executor() override { return link_->io.get_executor(); }

    void read_some(std::span<std::uint8_t> into, std::shared_ptr<events> whom) override {
        ++in_.reads;
        in_.last_read_buffer = into.size();
        start(operation{this, std::move(whom), into, {}, failed(), true});
    }

    void write_some(pieces from, std::shared_ptr<events> whom) override {
        std::size_t size = 0;
        for (auto const& piece : from)
            size += piece.size();
        out_.writes.push_back(size);
        start(operation{this, std::move(whom), {}, from, failed(), false});
    }

    void close() noexcept override {
        if (std::exchange(closed_, true))
            return;
        for (memory_link::pipe* const p : {&in_, &out_}) {
            p->closed = true;
            p->wake();
        }
    }

    std::string peer() const override { return "memory:1"; }
    std::string local() const override { return "memory:2"; }

private:
    /// A read or write under way; lives in a handler that waits on the io_context.
    struct operation {
        memory_transport* on;
        std::shared_ptr<events> whom;
        std::span<std::uint8_t> into;
        pieces from;
        bool failed;
        bool reading;

        operation(memory_transport* o, std::shared_ptr<events> w, std::span<std::uint8_t> i, pieces f, bool bad, bool r)
            : on(o), whom(std::move(w)), into(i), from(f), failed(bad), reading(r) {}
        operation(operation&&) noexcept = default;
        ~operation() {
            if (whom && reading)
                whom->on_abandoned(); // destroyed with the io_context
        }

        void operator()(boost::system::error_code = {}) {
            memory_transport& t = *on;
            if (failed)
                return complete(boost::asio::error::connection_reset, 0);
            if (t.closed_)
                return complete(boost::asio::error::operation_aborted, 0);
            if (std::size_t const n = reading ? read() : write(); n != 0)
                return complete({}, n);
            if (reading ? t.in_.closed : t.out_.closed)
                return complete(reading ? boost::system::error_code(boost::asio::error::eof)
                                        : boost::system::error_code(boost::asio::error::broken_pipe),
                                0);
            t.wait(std::move(*this));
        }

        void complete(boost::system::error_code ec, std::size_t n) {
            auto const w = std::move(whom);
            reading ? w->on_read(ec, n) : w->on_written(ec, n);
        }

        std::size_t read() {
            memory_link::pipe& in = on->in_;
            std::size_t const n = std::min({in.bytes.size(), into.size(), in.chunk});
            std::copy_n(in.bytes.begin(), n, into.begin());
            in.bytes.erase(0, n);
            if (n != 0)
                in.writable.cancel();
            return n;
        }

        std::size_t write() {
            memory_link::pipe& out = on->out_;
            if (out.closed)
                return 0;
            std::size_t left = std::min(out.chunk, out.capacity - std::min(out.capacity, out.bytes.size()));
            std::size_t written = 0;
            for (auto const& piece : from) {
                std::size_t const n = std::min(left, piece.size());
                out.bytes.append(reinterpret_cast<char const*>(piece.data()), n);
                left -= n;
                written += n;
            }
            if (written != 0)
                out.readable.cancel();
            return written;
        }
    };

    bool failed() noexcept { return link_->fail != nullptr && link_->fail->next(); }
    void start(operation op) { boost::asio::post(link_->io, std::move(op)); }

    void wait(operation op) {
        auto& timer = op.reading ? in_.readable : out_.writable;
        timer.expires_at(boost::asio::steady_timer::time_point::max());
        timer.async_wait(std::move(op));
    }

    std::shared_ptr<memory_link> link_;
    memory_link::pipe& in_;
    memory_link::pipe& out_;
    bool closed_ = false;
};

inline std::unique_ptr<net::transport> memory_link::server_transport() {
    return std::make_unique<memory_transport>(shared_from_this(), to_server, to_client);
}

inline std::unique_ptr<net::transport> memory_link::client_transport() {
    return std::make_unique<memory_transport>(shared_from_this(), to_client, to_server);
}

} // namespace joust::test
