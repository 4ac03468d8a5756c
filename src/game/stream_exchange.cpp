//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/stream_exchange.hpp"

#include "game/call_handler.hpp"
#include "rpc/completion.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/strand.hpp>

#include <memory>
#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

/// One exchange. Its completions run on a strand of its own, so that reading and writing don't meet.
class stream_exchange final : public std::enable_shared_from_this<stream_exchange> {
    template <class Body>
    auto on_strand(Body body) {
        return asio::bind_executor(strand_, [self = shared_from_this(), body](auto r) { body(*self, std::move(r)); });
    }

public:
    stream_exchange(asio::any_io_executor const& executor, std::vector<buffer> requests,
                    asio::any_completion_handler<void(result<std::vector<buffer>>)> handler)
        : strand_(asio::make_strand(executor)), requests_(std::move(requests)), done_(std::move(handler), executor) {}

    void start(channel_base& via, joust::call_options options) {
        if (auto slot = done_.slot(); slot.is_connected())
            slot.assign([strand = strand_, weak = weak_from_this()](asio::cancellation_type type) {
                asio::dispatch(strand, [weak, type] {
                    if (auto const self = weak.lock())
                        self->cancel(type);
                });
            });
        auto opened = on_strand(
            [](stream_exchange& self, result<std::shared_ptr<client_messages>> r) { self.on_opened(std::move(r)); });
        via.start_stream(stream_call_path, std::move(options),
                         asio::bind_cancellation_slot(opening_.slot(), std::move(opened)));
    }

private:
    void on_opened(result<std::shared_ptr<client_messages>> opened) {
        if (opened.has_error())
            return complete(opened.error());
        messages_ = std::move(*opened);
        if (cancelled_) // while this was on its way
            messages_->cancel();
        write_next();
        read_next();
    }

    void write_next() {
        if (!messages_)
            return;
        if (written_ == requests_.size()) {
            messages_->writes_done(on_strand([](stream_exchange&, result<void>) {}));
            return;
        }
        messages_->write(std::move(requests_[written_++]), on_strand([](stream_exchange& self, result<void> r) {
                             if (r.has_value()) // else the reading hears why
                                 self.write_next();
                         }));
    }

    void read_next() {
        messages_->read(
            on_strand([](stream_exchange& self, result<std::optional<buffer>> r) { self.on_answer(std::move(r)); }));
    }

    void on_answer(result<std::optional<buffer>> r) {
        if (r.has_error())
            return complete(r.error());
        if (r->has_value() && answers_.size() == requests_.size()) {
            messages_->cancel();
            return complete(status(status_code::internal, "the server has more answers than the " +
                                                              std::to_string(requests_.size()) + " requests"));
        }
        if (auto& answer = *r) {
            answers_.push_back(std::move(*answer));
            return read_next();
        }
        if (answers_.size() != requests_.size())
            return complete(status(status_code::internal, "the server answered " + std::to_string(answers_.size()) +
                                                              " of " + std::to_string(requests_.size()) + " requests"));
        complete(std::move(answers_));
    }

    void complete(result<std::vector<buffer>> r) {
        if (r.has_error() && messages_)
            messages_->cancel();
        if (done_)
            done_.dispatch(std::move(r));
        messages_.reset();
    }

    void cancel(asio::cancellation_type type) {
        if (!messages_) {
            // Not emitted once it is open: then `on_opened` is on its way, and sees the flag.
            cancelled_ = true;
            opening_.emit(type);
        } else if ((type & (asio::cancellation_type::terminal | asio::cancellation_type::partial)) !=
                   asio::cancellation_type::none) {
            messages_->cancel();
        }
    }

    asio::any_io_executor strand_;
    std::vector<buffer> requests_;
    std::vector<buffer> answers_;
    std::size_t written_ = 0;
    bool cancelled_ = false;
    asio::cancellation_signal opening_;
    std::shared_ptr<client_messages> messages_;
    rpc::completion<result<std::vector<buffer>>> done_;
};

} // namespace

void run_stream_exchange(channel_base& via, std::vector<buffer> requests, joust::call_options options,
                         asio::any_completion_handler<void(result<std::vector<buffer>>)> handler) {
    std::make_shared<stream_exchange>(via.get_executor(), std::move(requests), std::move(handler))
        ->start(via, std::move(options));
}

} // namespace joust::game
