//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "call/outbound.hpp"
#include "net/timer_queue.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace joust::http2 {
struct stream;
}

namespace joust::net {

class connection;

/// What both sides' streams share: a call machine's wishes carried out on the connection's session.
class stream_base : protected call::outbound, protected timed {
public:
    stream_base(stream_base const&) = delete;
    stream_base& operator=(stream_base const&) = delete;

    /// True when the send queue is full; then the listener's `on_writable` tells when it has room again.
    bool send_queue_full();

    /// Counts who still needs the object after its stream is closed.
    void add_use() noexcept { ++uses_; }
    void drop_use();

protected:
    explicit stream_base(connection& owner) noexcept : owner_(owner) {}
    virtual ~stream_base() = default;

    /// Nobody needs the object any more.
    virtual void recycle() = 0;

    void send_headers(std::span<header_field const> fields, bool end_stream) override;
    void send_data(buffer& framed) override;
    void send_end() override;
    void send_trailers(std::span<header_field const> fields) override;
    void reset(http2::error_code code) override;
    void consume(std::size_t n) override;

    connection& owner_;
    http2::stream* stream_ = nullptr;
    std::uint32_t uses_ = 0;
    timer_queue::time_point started_{};

private:
    template <class Stream, class Connection>
    friend class stream_set;
    std::size_t active_index_ = 0;
};

/// Keeps a stream while its listener is called: that may close the connection, and then the stream would be gone.
class stream_use {
public:
    explicit stream_use(stream_base& s) noexcept : stream_(s) { s.add_use(); }
    stream_use(stream_use const&) = delete;
    stream_use& operator=(stream_use const&) = delete;
    ~stream_use() { stream_.drop_use(); }

private:
    stream_base& stream_;
};

/// The streams of one connection: those that are open, and free ones for reuse.
template <class Stream, class Connection>
class stream_set {
public:
    Stream& acquire(Connection& owner) {
        Stream* s = nullptr;
        if (free_.empty()) {
            all_.push_back(std::make_unique<Stream>(owner));
            free_.reserve(all_.size());
            s = all_.back().get();
        } else {
            s = free_.back();
            free_.pop_back();
        }
        s->active_index_ = active_.size();
        active_.push_back(s);
        most_active_ = std::max(most_active_, active_.size());
        return *s;
    }

    void deactivate(Stream& s) noexcept {
        Stream* const last = active_.back();
        active_[s.active_index_] = last;
        last->active_index_ = s.active_index_;
        active_.pop_back();
    }

    /// May destroy `s`: a crowd that went home and did not come back the next times is not kept.
    void recycle(Stream& s) {
        constexpr std::size_t max_idle = 32;
        free_.push_back(&s);
        if (free_.size() != all_.size() || all_.size() <= max_idle || !active_.empty())
            return;
        idle_turns_ = most_active_ > max_idle ? 0 : idle_turns_ + 1;
        most_active_ = 0;
        if (idle_turns_ > max_idle) {
            idle_turns_ = 0;
            free_.clear();
            all_.clear();
        }
    }

    std::size_t size() const noexcept { return active_.size(); }
    /// Those that are open, and those that somebody still holds.
    std::size_t in_use() const noexcept { return all_.size() - free_.size(); }
    bool empty() const noexcept { return active_.empty(); }
    Stream& back() const noexcept { return *active_.back(); }
    std::vector<Stream*> const& active() const noexcept { return active_; }

private:
    std::vector<std::unique_ptr<Stream>> all_;
    std::vector<Stream*> free_;
    std::vector<Stream*> active_;
    std::size_t most_active_ = 0; // since all were free
    std::size_t idle_turns_ = 0;
};

/// Keeps a stream and its connection for somebody who outlives a function call.
template <class Stream>
class stream_ref {
public:
    stream_ref() = default;
    explicit stream_ref(Stream& s) : keep_(s.connection().shared_from_this()), stream_(&s) { s.add_use(); }
    stream_ref(stream_ref&& other) noexcept
        : keep_(std::move(other.keep_)), stream_(std::exchange(other.stream_, nullptr)) {}
    stream_ref& operator=(stream_ref other) noexcept {
        keep_.swap(other.keep_);
        std::swap(stream_, other.stream_);
        return *this;
    }
    ~stream_ref() {
        if (stream_ != nullptr)
            stream_->drop_use();
    }

    explicit operator bool() const noexcept { return stream_ != nullptr; }
    Stream& operator*() const noexcept { return *stream_; }
    Stream* operator->() const noexcept { return stream_; }
    void reset() noexcept { *this = stream_ref(); }

private:
    std::shared_ptr<connection> keep_;
    Stream* stream_ = nullptr;
};

} // namespace joust::net
