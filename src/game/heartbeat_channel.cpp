//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/heartbeat_channel.hpp"

#include "game/abandoning_handler.hpp"
#include "game/forwarding_messages.hpp"
#include "game/heartbeats.hpp"
#include "game/response.hpp"
#include "joust/rpc/converting_handler.hpp"
#include "rpc/completion.hpp"
#include "rpc/one_at_a_time.hpp"
#include "rpc/read_cancellation.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <optional>
#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

using duration = std::chrono::steady_clock::duration;

/// The messages of a stream without its heartbeats. Reads are on a strand of its own; all else goes straight through.
///
/// A read is apart from the message that it waits for: a cancelled one leaves that to the next.
class heartbeat_messages final : public forwarding_messages, public std::enable_shared_from_this<heartbeat_messages> {
    using message = result<std::optional<buffer>>;
    using clock = std::chrono::steady_clock;

public:
    heartbeat_messages(std::shared_ptr<client_messages> inner, duration interval)
        : forwarding_messages(std::move(inner)), interval_(interval), strand_(asio::make_strand(get_executor())),
          timer_(strand_) {}

    void read(read_handler handler) override {
        bool const* const cancelled = rpc::watch_read(asio::get_associated_cancellation_slot(handler),
                                                      [strand = strand_, weak = weak_from_this()] {
                                                          asio::post(strand, [weak] {
                                                              if (auto const self = weak.lock(); self && self->reading_)
                                                                  self->reading_.post(rpc::wait_cancelled());
                                                          });
                                                      });
        asio::dispatch(strand_, [self = shared_from_this(), h = std::move(handler), cancelled]() mutable {
            self->do_read(std::move(h), cancelled);
        });
    }

    /// A message that was read, but not seen.
    void give_back(buffer bytes) {
        asio::dispatch(strand_, [self = shared_from_this(), b = std::move(bytes)]() mutable {
            self->kept_ = message(std::optional<buffer>(std::move(b)));
        });
    }

    void write(result<buffer> framed, void_handler handler) override {
        asio::dispatch(strand_, [self = shared_from_this()] {
            if (!std::exchange(self->asked_, true))
                self->hear();
        });
        inner().write(std::move(framed), std::move(handler));
    }
    void finish(void_handler handler) override {
        auto replace = [self = shared_from_this()](result<void> r) {
            return self->given_up_ ? result<void>(self->silence()) : std::move(r);
        };
        inner().finish(joust::detail::converting_handler{std::move(handler), std::move(replace)});
    }

private:
    void do_read(read_handler handler, bool const* cancelled) {
        rpc::completion<message> done(std::move(handler), get_executor());
        if (rpc::refuse_beside(reading_, done, "read"))
            return;
        reading_ = std::move(done);
        read_cancelled_ = cancelled;
        if (auto m = std::exchange(kept_, std::nullopt))
            return deliver(std::move(*m));
        hear(); // a client that did not read has not listened
        if (!std::exchange(pulling_, true))
            pull();
    }

    void pull() {
        using pulled =
            abandoning_handler<heartbeat_messages, &heartbeat_messages::on_message, &heartbeat_messages::abandon>;
        inner().read(asio::bind_executor(strand_, pulled(shared_from_this())));
    }

    void abandon() noexcept {
        auto const keep = shared_from_this();
        reading_.abandon();
    }

    static bool is_beat(message const& m) {
        if (m.has_error())
            return false;
        std::optional<buffer> const& bytes = *m;
        return bytes && is_heartbeat(bytes->view());
    }

    void on_message(message m) {
        hear();
        if (is_beat(m) && !given_up_)
            return pull();
        pulling_ = false;
        if (given_up_)
            m = silence();
        if (reading_)
            deliver(std::move(m));
        else
            kept_ = std::move(m);
    }

    void deliver(message m) {
        if (m.has_error() || !m->has_value()) {
            timer_.cancel();
            watching_ = false;
        }
        reading_.post(std::move(m), rpc::returning_to(shared_from_this(), read_cancelled_));
    }

    /// The server has been heard of, or is listened to only from now on.
    void hear() {
        until_ = clock::now() + 3 * interval_;
        if (asked_ && reading_ && !std::exchange(watching_, true))
            watch();
    }

    void watch() {
        timer_.expires_at(until_);
        timer_.async_wait([weak = weak_from_this()](error_code ec) {
            if (auto const self = weak.lock(); self && !ec)
                self->look();
        });
    }

    void look() {
        watching_ = false;
        if (!reading_)
            return;
        if (clock::now() < until_) {
            watching_ = true;
            return watch();
        }
        given_up_ = true;
        inner().cancel(); // the read hears of it
    }

    status silence() const {
        return status(status_code::unavailable, "nothing heard for " + heartbeat_text(3 * interval_) + " s");
    }

    duration interval_;
    asio::strand<asio::any_io_executor> strand_;
    asio::steady_timer timer_;
    clock::time_point until_{};
    bool asked_ = false;    // a request was written, which asks for them
    bool watching_ = false; // the timer runs; it is looked at again when it ends, not with each message
    std::atomic<bool> given_up_ = false;
    bool pulling_ = false;
    rpc::completion<message> reading_;
    bool const* read_cancelled_ = nullptr; // of `reading_`
    std::optional<message> kept_;          // came when nobody waited for it any more
};

class heartbeat_channel final : public channel_base {
public:
    heartbeat_channel(std::shared_ptr<channel_base> inner, duration interval) noexcept
        : inner_(std::move(inner)), interval_(interval) {}

    asio::any_io_executor get_executor() const override { return inner_->get_executor(); }

    void start_unary(std::string_view path, result<buffer> framed, joust::call_options options,
                     unary_handler_type handler) override {
        inner_->start_unary(path, std::move(framed), std::move(options), std::move(handler));
    }
    void start_stream(std::string_view path, joust::call_options options, open_handler_type handler) override {
        inner_->start_stream(path, std::move(options), wrapping(std::move(handler)));
    }
    void start_server_streaming(std::string_view path, result<buffer> framed, joust::call_options options,
                                open_handler_type handler) override {
        inner_->start_server_streaming(path, std::move(framed), std::move(options), std::move(handler));
    }

private:
    using opened = result<std::shared_ptr<client_messages>>;

    open_handler_type wrapping(open_handler_type handler) const {
        return joust::detail::converting_handler{std::move(handler), [interval = interval_](opened r) -> opened {
                                                     if (r.has_error())
                                                         return r;
                                                     return std::make_shared<heartbeat_messages>(std::move(*r),
                                                                                                 interval);
                                                 }};
    }

    std::shared_ptr<channel_base> inner_;
    duration interval_;
};

} // namespace

std::shared_ptr<channel_base> with_heartbeats(std::shared_ptr<channel_base> inner, duration interval) {
    return std::make_shared<heartbeat_channel>(std::move(inner), interval);
}

} // namespace joust::game
