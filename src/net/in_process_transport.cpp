//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/in_process_transport.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <mutex>
#include <vector>

namespace joust::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

class in_process_transport;

// What may lie between the two ends in one direction, as in the buffers of sockets.
constexpr std::size_t capacity = 256 * 1024;

/// One direction: a ring of bytes.
struct pipe {
    std::vector<std::uint8_t> ring; // empty until it is used
    std::size_t first = 0;
    std::size_t size = 0;
    bool closed = false; // what is in it can be read, then comes the end

    std::size_t write(std::span<std::uint8_t const> from) {
        ring.resize(capacity);
        std::size_t const n = std::min(from.size(), capacity - size);
        std::size_t const at = (first + size) % capacity;
        std::size_t const until_end = std::min(n, capacity - at);
        std::copy_n(from.begin(), until_end, ring.begin() + static_cast<std::ptrdiff_t>(at));
        std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(until_end), n - until_end, ring.begin());
        size += n;
        return n;
    }

    std::size_t read(std::span<std::uint8_t> into) {
        std::size_t const n = std::min(into.size(), size);
        std::size_t const until_end = std::min(n, ring.size() - first);
        std::copy_n(ring.begin() + static_cast<std::ptrdiff_t>(first), until_end, into.begin());
        std::copy_n(ring.begin(), n - until_end, into.begin() + static_cast<std::ptrdiff_t>(until_end));
        size -= n;
        first = size == 0 ? 0 : (first + n) % capacity;
        return n;
    }
};

/// What both ends share.
struct link {
    /// What one end reads from, and the end itself, unless it is gone.
    struct side {
        pipe in;
        in_process_transport* end = nullptr;
    };

    std::mutex mutex;
    std::array<side, 2> sides;
};

/// One end. An operation waits in a timer of its executor: so it counts as work, and goes when that goes.
class in_process_transport final : public transport {
public:
    in_process_transport(std::shared_ptr<link> l, std::size_t mine, asio::any_io_executor const& executor)
        : link_(std::move(l)), mine_(mine), executor_(executor), readable_(executor), writable_(executor) {
        link_->sides[mine_].end = this;
    }
    ~in_process_transport() override {
        in_process_transport::close();
        detach();
    }

    asio::any_io_executor get_executor() override { return executor_; }

    void read_some(std::span<std::uint8_t> into, std::shared_ptr<events> whom) override {
        asio::post(executor_, operation(*this, std::move(whom), into, {}, true));
    }

    void write_some(pieces from, std::shared_ptr<events> whom) override {
        asio::post(executor_, operation(*this, std::move(whom), {}, from, false));
    }

    void close() noexcept override {
        std::lock_guard const lock(link_->mutex);
        if (std::exchange(closed_, true))
            return;
        for (link::side& s : link_->sides) {
            s.in.closed = true;
            wake(s);
        }
    }

    std::string peer() const override { return "in-process"; }
    std::string local() const override { return "in-process"; }

private:
    class operation {
    public:
        operation(in_process_transport& on, std::shared_ptr<events> whom, std::span<std::uint8_t> into, pieces from,
                  bool reading) noexcept
            : on_(&on), whom_(std::move(whom)), into_(into), from_(from), reading_(reading) {}
        operation(operation&&) noexcept = default;
        operation& operator=(operation&&) = delete;
        ~operation() {
            if (!whom_)
                return;
            on_->detach(); // the executor is being destroyed: nobody may post to it any more
            if (reading_)
                whom_->on_abandoned();
        }

        void operator()(error_code = {}) {
            in_process_transport& t = *on_;
            std::unique_lock lock(t.link_->mutex);
            error_code ec;
            std::size_t n = 0;
            if (t.closed_)
                ec = asio::error::operation_aborted;
            else if (reading_ ? !t.read(into_, n, ec) : !t.write(from_, n, ec))
                return t.wait(std::move(*this));
            lock.unlock();
            auto const whom = std::move(whom_);
            reading_ ? whom->on_read(ec, n) : whom->on_written(ec, n);
        }

        bool reading() const noexcept { return reading_; }

    private:
        in_process_transport* on_; // kept by whom_
        std::shared_ptr<events> whom_;
        std::span<std::uint8_t> into_;
        pieces from_;
        bool reading_;
    };

    // All of these with the link locked; false: not yet.

    bool read(std::span<std::uint8_t> into, std::size_t& n, error_code& ec) {
        link::side& mine = link_->sides[mine_];
        n = mine.in.read(into);
        if (n != 0)
            wake(link_->sides[1 - mine_]);
        else if (mine.in.closed)
            ec = asio::error::eof;
        return n != 0 || ec;
    }

    bool write(pieces from, std::size_t& n, error_code& ec) {
        link::side& other = link_->sides[1 - mine_];
        if (other.in.closed) {
            ec = asio::error::broken_pipe;
            return true;
        }
        for (auto const& piece : from)
            n += other.in.write(piece);
        if (n != 0)
            wake(other);
        return n != 0;
    }

    void wait(operation op) {
        asio::steady_timer& timer = op.reading() ? readable_ : writable_;
        waiting_ = true;
        timer.expires_at(asio::steady_timer::time_point::max());
        timer.async_wait(std::move(op));
    }

    /// Lets the operations of an end look again, on its executor.
    static void wake(link::side& s) {
        in_process_transport* const end = s.end;
        if (end == nullptr || !std::exchange(end->waiting_, false))
            return;
        asio::post(end->executor_, [l = end->link_, mine = end->mine_] {
            std::lock_guard const lock(l->mutex);
            if (in_process_transport* const found = l->sides[mine].end) {
                found->readable_.cancel();
                found->writable_.cancel();
            }
        });
    }

    void detach() noexcept {
        std::lock_guard const lock(link_->mutex);
        link_->sides[mine_].end = nullptr;
    }

    std::shared_ptr<link> link_;
    std::size_t mine_;
    asio::any_io_executor executor_;
    asio::steady_timer readable_;
    asio::steady_timer writable_;
    bool waiting_ = false; // an operation waits in a timer
    bool closed_ = false;
};

} // namespace

std::pair<std::unique_ptr<transport>, std::unique_ptr<transport>>
make_in_process_pair(asio::any_io_executor const& first, asio::any_io_executor const& second) {
    auto const shared = std::make_shared<link>();
    return {std::make_unique<in_process_transport>(shared, 0, first),
            std::make_unique<in_process_transport>(shared, 1, second)};
}

} // namespace joust::net
