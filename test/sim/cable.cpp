//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "cable.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <string>

namespace joust::sim {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t capacity = 256 * 1024; // of bytes under way in one direction
class end;

struct chunk {
    time_point arrival;
    std::string bytes; // empty: the end of the stream
};

/// What one end reads from.
struct direction {
    std::deque<chunk> flying;
    std::size_t size = 0;
    time_point last{}; // nothing overtakes
};

} // namespace

class cable {
public:
    explicit cable(network& through) : net(through) {}

    network& net;
    bool broken = false;
    std::array<direction, 2> in;
    std::array<end*, 2> ends{};

    void send(std::size_t to, std::string bytes) {
        direction& d = in[to];
        duration delay = net.latency;
        if (net.loss > 0 && std::uniform_real_distribution<>()(net.random) < net.loss)
            delay += std::chrono::milliseconds(std::uniform_int_distribution<>(200, 3000)(net.random));
        d.last = std::max(d.last, now() + delay);
        d.size += bytes.size();
        d.flying.push_back({d.last, std::move(bytes)});
    }
    void wake();
};

namespace {

class end final : public net::transport {
public:
    static constexpr std::size_t client = 0, server = 1;

    end(std::shared_ptr<cable> c, std::size_t mine, asio::any_io_executor const& executor)
        : cable_(std::move(c)), mine_(mine), executor_(executor), readable_(executor), writable_(executor) {
        cable_->ends[mine_] = this;
    }
    ~end() override {
        end::close();
        cable_->ends[mine_] = nullptr;
    }

    asio::any_io_executor get_executor() override { return executor_; }
    void read_some(std::span<std::uint8_t> into, std::shared_ptr<events> whom) override {
        asio::post(executor_, operation(*this, std::move(whom), into, {}, true));
    }
    void write_some(pieces from, std::shared_ptr<events> whom) override {
        asio::post(executor_, operation(*this, std::move(whom), {}, from, false));
    }
    void close() noexcept override {
        if (std::exchange(closed_, true))
            return;
        if (!cable_->broken)
            cable_->send(1 - mine_, {});
        cable_->wake();
    }
    std::string peer() const override { return "sim"; }
    std::string local() const override { return "sim"; }

    void wake() {
        readable_.cancel();
        writable_.cancel();
    }

private:
    /// Waits in a timer, so that it goes when the execution context goes.
    class operation {
    public:
        operation(end& on, std::shared_ptr<events> whom, std::span<std::uint8_t> into, pieces from, bool reading)
            : on_(&on), whom_(std::move(whom)), into_(into), from_(from), reading_(reading) {}
        operation(operation&&) noexcept = default;
        operation& operator=(operation&&) = delete;
        ~operation() {
            if (whom_ && reading_)
                whom_->on_abandoned();
        }

        void operator()(error_code = {}) {
            end& e = *on_;
            error_code ec;
            std::size_t n = 0;
            time_point again = time_point::max();
            if (e.closed_)
                ec = asio::error::operation_aborted;
            else if (e.cable_->broken)
                ec = asio::error::connection_reset;
            else if (e.stopped() || !(reading_ ? e.read(into_, n, ec, again) : e.write(from_, n, ec)))
                return e.wait(std::move(*this), again);
            auto const whom = std::move(whom_);
            reading_ ? whom->on_read(ec, n) : whom->on_written(ec, n);
        }

        bool reading() const noexcept { return reading_; }

    private:
        end* on_; // kept by whom_
        std::shared_ptr<events> whom_;
        std::span<std::uint8_t> into_;
        pieces from_;
        bool reading_;
    };

    bool stopped() const noexcept { return mine_ == server && cable_->net.frozen; }

    void wait(operation op, time_point until) {
        auto& timer = op.reading() ? readable_ : writable_;
        timer.expires_at(until);
        timer.async_wait(std::move(op));
    }

    bool read(std::span<std::uint8_t> into, std::size_t& n, error_code& ec, time_point& again) {
        direction& d = cable_->in[mine_];
        time_point const t = now();
        while (!d.flying.empty() && d.flying.front().arrival <= t && n < into.size()) {
            std::string& bytes = d.flying.front().bytes;
            if (bytes.empty()) {
                if (n == 0)
                    ec = asio::error::eof;
                break;
            }
            std::size_t const part = std::min(bytes.size(), into.size() - n);
            std::memcpy(into.data() + n, bytes.data(), part);
            n += part;
            d.size -= part;
            if (part == bytes.size())
                d.flying.pop_front();
            else
                bytes.erase(0, part);
        }
        if (n != 0 && cable_->ends[1 - mine_] != nullptr)
            cable_->ends[1 - mine_]->writable_.cancel();
        if (!d.flying.empty())
            again = d.flying.front().arrival;
        return n != 0 || ec;
    }

    bool write(pieces from, std::size_t& n, error_code& ec) {
        end* const other = cable_->ends[1 - mine_];
        if (other == nullptr || other->closed_) {
            ec = asio::error::broken_pipe;
            return true;
        }
        std::size_t const room = capacity - std::min(capacity, cable_->in[1 - mine_].size);
        std::string bytes;
        for (auto const& piece : from)
            bytes.append(reinterpret_cast<char const*>(piece.data()), std::min(piece.size(), room - bytes.size()));
        n = bytes.size();
        if (n == 0)
            return false;
        if (mine_ == client)
            cable_->net.on_sent(bytes);
        cable_->send(1 - mine_, std::move(bytes));
        other->readable_.cancel();
        return true;
    }

    std::shared_ptr<cable> cable_;
    std::size_t mine_;
    asio::any_io_executor executor_;
    asio::steady_timer readable_;
    asio::steady_timer writable_;
    bool closed_ = false;
};

} // namespace

void cable::wake() {
    for (end* const e : ends)
        if (e != nullptr)
            e->wake();
}

void network::set_frozen(bool f) {
    frozen = f;
    for (auto const& weak : cables)
        if (auto const c = weak.lock())
            c->wake();
}

void network::cut() {
    for (auto const& weak : std::exchange(cables, {}))
        if (auto const c = weak.lock()) {
            c->broken = true;
            c->wake();
        }
}

std::pair<std::unique_ptr<net::transport>, std::unique_ptr<net::transport>>
make_cable(network& through, asio::any_io_executor const& client, asio::any_io_executor const& server) {
    auto const c = std::make_shared<cable>(through);
    std::erase_if(through.cables, [](auto const& weak) { return weak.expired(); });
    through.cables.push_back(c);
    return {std::make_unique<end>(c, end::client, client), std::make_unique<end>(c, end::server, server)};
}

} // namespace joust::sim
