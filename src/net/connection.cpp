//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/connection.hpp"

#include "joust/core/connection_error.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace joust::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// An idle connection holds the small one; one that fills it gets the large one until it is idle again.
constexpr std::size_t small_read = 4 * 1024;
constexpr std::size_t large_read = 64 * 1024;
// One batch of output. Larger messages are referred to, so this bounds what is copied ahead of the socket.
constexpr std::size_t write_batch = 256 * 1024;

} // namespace

connection::batch::batch(connection& c) noexcept : connection_(c), outermost_(!c.in_batch_) {
    if (outermost_) {
        c.in_batch_ = true;
        c.now_ = std::chrono::steady_clock::now();
    }
}

connection::batch::~batch() {
    if (!outermost_)
        return;
    connection_.drain_events();
    connection_.in_batch_ = false;
    connection_.write();
}

connection::connection(role side, std::unique_ptr<transport> t, connection_settings const& settings,
                       std::shared_ptr<observer> watcher)
    : transport_(std::move(t)), executor_(transport_->get_executor()), settings_(settings),
      watcher_(std::move(watcher)), side_(side), peer_(transport_->peer()), session_(side, settings.http2),
      output_(session_.pool()), timer_(executor_), keepalive_(settings.keepalive, std::chrono::steady_clock::now()) {}

connection::~connection() = default;

connection::time_point connection::now() const {
    return in_batch_ ? now_ : std::chrono::steady_clock::now();
}

void connection::start() {
    if (watcher_)
        watcher_->connection_opened(side_, peer_);
    now_ = std::chrono::steady_clock::now();
    transport_->keep_alive(settings_.keepalive);
    read();
    write();
    if (!closed_)
        take_care();
}

void connection::close(error_code why) {
    if (closed_)
        return;
    closed_ = true;
    auto const keep = shared_from_this();
    transport_->close();
    timer_.cancel();
    on_closed(why);
    if (watcher_)
        watcher_->connection_closed(side_, peer_, why);
}

void connection::read() {
    if (closed_)
        return;
    if (!read_buffer_) {
        read_size_ = small_read;
        read_buffer_ = std::make_unique_for_overwrite<std::uint8_t[]>(read_size_);
    }
    transport_->read_some({read_buffer_.get(), read_size_}, shared_from_this());
}

void connection::fit_read_buffer(std::size_t last_read) {
    std::size_t fit = read_size_;
    if (last_read == read_size_)
        fit = large_read;
    else if (!busy())
        fit = small_read;
    if (fit != read_size_) {
        read_size_ = fit;
        read_buffer_ = std::make_unique_for_overwrite<std::uint8_t[]>(fit);
    }
}

void connection::on_read(error_code ec, std::size_t n) {
    if (closed_)
        return;
    if (ec && given_up_) {
        close(failure_);
        return;
    }
    if (ec) {
        close(ec == asio::error::eof ? make_error_code(connection_error::closed) : ec);
        return;
    }
    if (given_up_) {
        read();
        return;
    }
    auto const keep = shared_from_this();
    run([&] {
        keepalive_.on_read(now_);
        failure_ = session_.feed({reinterpret_cast<char const*>(read_buffer_.get()), n});
    });
    if (closed_)
        return;
    if (given_up_) {
        read();
        return;
    }
    if ((failure_ || session_.failure()) && !grace_.waiting())
        add_timer(grace_, now_ + settings_.close_grace);
    if (failure_) {
        // nghttp2 gave up on the connection; what it had to say is written, then the end.
        if (!writing_)
            close(failure_);
        return;
    }
    fit_read_buffer(n);
    read();
}

void connection::drain_events() {
    // Events are handled by index and by value: acting on one may append others.
    for (std::size_t i = 0; i != session_.event_count() && !closed_; ++i) {
        http2::event const e = session_.event_at(i);
        if (given_up_ && e.kind != http2::event_kind::stream_closed && e.kind != http2::event_kind::drained)
            continue; // of one that is not listened to, only what ends and goes on
        on_event(e);
    }
    session_.clear_events();
}

void connection::schedule_write() {
    if (in_batch_ || write_posted_ || writing_ || closed_)
        return;
    write_posted_ = true;
    asio::post(executor_, [self = shared_from_this()] {
        self->write_posted_ = false;
        self->now_ = std::chrono::steady_clock::now();
        self->write();
    });
}

void connection::write() {
    if (writing_ || closed_)
        return;
    output_.clear();
    for (bool more = true; more;) {
        session_.pull(output_, write_batch);
        // Streams that closed with this batch may let others begin.
        more = session_.event_count() != 0 && output_.size() < write_batch;
        in_batch_ = true;
        drain_events();
        in_batch_ = false;
        if (closed_)
            return;
    }
    if (output_.empty()) {
        if (!given_up_ && (failure_ || !session_.alive()))
            close(reason_to_end());
        return;
    }
    pieces_.clear();
    first_piece_ = 0;
    output_.pieces(pieces_);
    writing_ = true;
    write_rest();
}

void connection::give_up(http2::error_code code, std::string_view debug, error_code why) {
    if (closed_ || given_up_)
        return;
    run([&] {
        given_up_ = true;
        failure_ = why;
        session_.goaway(code, debug);
        if (!grace_.waiting())
            add_timer(grace_, now_ + settings_.close_grace);
    });
}

error_code connection::reason_to_end() const noexcept {
    if (failure_)
        return failure_;
    if (error_code const broken = session_.failure())
        return broken;
    return write_error_ ? write_error_ : make_error_code(connection_error::shut_down);
}

void connection::write_rest() {
    transport_->write_some(std::span(pieces_).subspan(first_piece_), shared_from_this());
}

void connection::on_written(error_code ec, std::size_t n) {
    if (closed_) {
        writing_ = false;
        return;
    }
    if (ec) {
        // A peer that has gone may have said why: what it wrote is still read, to the end or for as long as the grace
        // is. `writing_` stays true, as nothing more is to be written.
        write_error_ = ec;
        if (!grace_.waiting())
            add_timer(grace_, std::chrono::steady_clock::now() + settings_.close_grace);
        return;
    }
    while (first_piece_ != pieces_.size() && n >= pieces_[first_piece_].size())
        n -= pieces_[first_piece_++].size();
    if (first_piece_ != pieces_.size()) {
        pieces_[first_piece_] = pieces_[first_piece_].subspan(n);
        write_rest();
        return;
    }
    writing_ = false;
    now_ = std::chrono::steady_clock::now();
    write();
}

void connection::add_timer(timed& what, time_point when) {
    timers_.add(what, when);
    arm_timer();
}

void connection::take_care() {
    run([this] {
        switch (keepalive_.on_time(now_, busy())) {
        case net::keepalive::action::nothing: break;
        case net::keepalive::action::ping: session_.ping(keepalive_ping); break;
        case net::keepalive::action::give_up: close(connection_error::keepalive_timeout); break;
        }
        if (closed_ || given_up_)
            return;
        time_point const next = std::min(on_care_time(now_), keepalive_.next());
        if (closed_ || given_up_)
            return;
        if (next == never)
            remove_timer(care_);
        else
            add_timer(care_, next);
    });
}

void connection::turn_on_keepalive(keepalive_options const& o) {
    if (closed_ || !keepalive_.turn_on(o, now()))
        return;
    transport_->keep_alive(o);
    take_care();
}

void connection::on_first_call() {
    keepalive_.wake();
    add_timer(care_, std::min(now(), keepalive_.next())); // not now: the call is being opened
}

void connection::arm_timer() {
    if (closed_ || timers_.empty() || timers_.earliest() >= armed_)
        return;
    armed_ = timers_.earliest();
    timer_.expires_at(armed_);
    timer_.async_wait([self = weak_from_this()](error_code ec) {
        if (auto const c = self.lock(); c && !ec)
            c->on_timer();
    });
}

void connection::on_timer() {
    if (closed_)
        return;
    armed_ = time_point::max();
    auto const keep = shared_from_this();
    run([&] {
        while (timed* const due = timers_.pop_due(now_))
            due->on_expired();
    });
    arm_timer();
}

} // namespace joust::net
