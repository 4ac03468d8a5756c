//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "call/limits.hpp"
#include "http2/session.hpp"
#include "joust/core/keepalive_options.hpp"
#include "joust/core/observer.hpp"
#include "net/keepalive.hpp"
#include "net/lifetime.hpp"
#include "net/ping_police.hpp"
#include "net/timer_queue.hpp"
#include "net/transport.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace joust {
class compressors;
}

namespace joust::net {

struct connection_settings {
    http2::session_settings http2{};
    call::limits call{};
    /// The encodings of messages; null: none. Calls refer to them.
    std::shared_ptr<joust::compressors const> compressors{};
    /// A writer waits while this much is queued for its stream, and goes on at half of it.
    std::size_t send_queue = 64 * 1024;
    /// How long a connection that ends may take to write its last words.
    std::chrono::steady_clock::duration close_grace = std::chrono::seconds(1);
    keepalive_options keepalive{};

    // of a server
    ping_police::settings pings{};
    net::lifetime::settings lifetime{};
    double random01 = 0.5; ///< jitter of its age
    /// Calls whose handler has not returned, streams that were reset included.
    std::size_t max_running_handlers = 200;
    /// Streams that the client resets, or breaks, each second; ten times as many at once. 0: any number.
    std::uint32_t max_resets_per_second = 2000;
    std::size_t max_http_body_size = 64 * 1024; ///< of a request that is not gRPC's
};

/// The pump between a transport and an HTTP/2 session: one read, one write and one timer under way.
///
/// Everything that piled up while events were handled goes out in one write; while it is under way the session
/// collects the next one.
///
/// *Thread safety*: all of it runs on the transport's executor.
class connection : public transport::events, public std::enable_shared_from_this<connection> {
public:
    using time_point = timer_queue::time_point;

    connection(role side, std::unique_ptr<transport> t, connection_settings const& settings,
               std::shared_ptr<observer> watcher);
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    virtual ~connection();

    /// Begins to read. Once.
    void start();

    /// Ends the connection at once: streams end with `why`, nothing more is sent.
    void close(boost::system::error_code why);

    boost::asio::any_io_executor const& get_executor() const noexcept { return executor_; }
    http2::session& session() noexcept { return session_; }
    connection_settings const& settings() const noexcept { return settings_; }
    observer* watcher() const noexcept { return watcher_.get(); }
    std::string const& peer() const noexcept { return peer_; }
    std::string local() const { return transport_->local(); }
    peer_identity const* identity() const noexcept { return transport_->identity(); }
    bool open() const noexcept { return !closed_; }
    /// False when nothing can be sent any more: the connection is closed, or will be when the rest has been read.
    bool writable() const noexcept { return !closed_ && !write_error_; }

    /// The time of the last wake-up, or now.
    time_point now() const;

    void add_timer(timed& what, time_point when);
    void remove_timer(timed& what) noexcept { timers_.remove(what); }

    /// Something was submitted: it is written with the current batch, or soon.
    void schedule_write();

    /// Ends a connection whose peer went too far: says GOAWAY with `debug`, listens no more, and closes after the grace
    /// or when the peer has closed. At once it could not, as the words would be lost with what the peer still sends.
    void give_up(http2::error_code code, std::string_view debug, boost::system::error_code why);

    /// Asks the peer for signs of life from now on, unless the settings do already.
    void turn_on_keepalive(keepalive_options const& o);

    /// Runs `body` as part of this connection's work: what it submits goes out in one write.
    template <class Body>
    void run(Body&& body) {
        batch const scope(*this);
        body();
    }

protected:
    virtual void on_event(http2::event const& e) = 0;
    /// The connection is gone. Called once.
    virtual void on_closed(boost::system::error_code why) = 0;
    /// True while calls are open: an idle connection gives its read buffer back.
    virtual bool busy() const noexcept = 0;
    /// Care that only one side takes: does what is due and says when it wants to be asked again.
    virtual time_point on_care_time(time_point /*now*/) { return never; }
    /// Does what is due now and sets the timer for what comes next. After anything that makes it come earlier.
    void take_care();
    /// Before a call begins.
    void wake_keepalive() {
        if (keepalive_.dormant())
            on_first_call();
    }
    net::keepalive& keepalive() noexcept { return keepalive_; }

    static constexpr std::uint64_t drain_ping = 0;
    static constexpr std::uint64_t keepalive_ping = 1;

    void on_read(boost::system::error_code ec, std::size_t n) final;
    void on_written(boost::system::error_code ec, std::size_t n) final;
    void on_abandoned() noexcept override = 0;

private:
    /// Work on the connection: the outermost one writes at its end.
    class batch {
    public:
        explicit batch(connection& c) noexcept;
        batch(batch const&) = delete;
        batch& operator=(batch const&) = delete;
        ~batch();

    private:
        connection& connection_;
        bool outermost_;
    };

    void read();
    void fit_read_buffer(std::size_t last_read);
    void drain_events();
    void write();
    void write_rest();
    void arm_timer();
    void on_timer();
    void on_first_call();
    boost::system::error_code reason_to_end() const noexcept;

    /// Ends a connection whose last words nobody reads.
    class grace final : public timed {
    public:
        explicit grace(connection& c) noexcept : connection_(c) {}
        void on_expired() override { connection_.close(connection_.reason_to_end()); }

    private:
        connection& connection_;
    };

    /// Keepalive and a server's limits of time.
    class care final : public timed {
    public:
        explicit care(connection& c) noexcept : connection_(c) {}
        void on_expired() override { connection_.take_care(); }

    private:
        connection& connection_;
    };

    std::unique_ptr<transport> transport_;
    boost::asio::any_io_executor executor_;
    connection_settings settings_;
    std::shared_ptr<observer> watcher_;
    role side_;
    std::string peer_;
    http2::session session_;

    std::unique_ptr<std::uint8_t[]> read_buffer_;
    std::size_t read_size_ = 0;

    http2::output output_;
    std::vector<std::span<std::uint8_t const>> pieces_;
    std::size_t first_piece_ = 0;

    timer_queue timers_;
    boost::asio::steady_timer timer_;
    time_point armed_ = time_point::max();
    time_point now_{};

    bool in_batch_ = false;
    bool write_posted_ = false;
    bool writing_ = false;
    bool closed_ = false;
    bool given_up_ = false;                 // GOAWAY is on its way; what comes is dropped
    boost::system::error_code failure_;     // set when the session broke: close after the last write
    boost::system::error_code write_error_; // set when nothing can be written any more
    grace grace_{*this};
    net::keepalive keepalive_;
    care care_{*this};
};

} // namespace joust::net
