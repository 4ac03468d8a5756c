//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/completion.hpp"
#include "rpc/pending_call.hpp"

#include <memory>
#include <utility>

namespace joust::rpc {

namespace asio = boost::asio;

namespace {

class unary_call final : public pending_call, private net::client_stream_listener {
public:
    unary_call(asio::any_io_executor io, asio::any_io_executor const& user,
               std::shared_ptr<call_defaults const> defaults, std::string_view path, result<buffer> framed,
               call_options options, channel_base::unary_handler_type handler)
        : pending_call(std::move(io), std::move(defaults), path, std::move(framed), std::move(options)),
          done_(std::move(handler), user) {}

    /// An attempt of `whose`.
    unary_call(unary_call const& whose, response_info* info, channel_base::unary_handler_type handler)
        : pending_call(whose, info), done_(std::move(handler), io_) {}

    void connect_cancellation() {
        auto slot = done_.slot();
        if (!slot.is_connected())
            return;
        slot.assign([io = io_, weak = weak_from_this()](asio::cancellation_type type) {
            asio::post(io, [weak, type] {
                if (auto const self = std::static_pointer_cast<unary_call>(weak.lock()))
                    self->cancel(type);
            });
        });
    }

private:
    void on_started() override {
        keep_ = shared_from_this();
        stream_->call().want_only_message();
    }

    void abandon() noexcept override { on_abandoned(); }

    bool repeatable() const noexcept override { return kept(); }

    std::shared_ptr<pending_call> make_attempt(response_info* info, channel_base::unary_handler_type handler) override {
        return kept() ? std::make_shared<unary_call>(*this, info, std::move(handler)) : nullptr;
    }

    void on_failed(status why) override {
        if (done_)
            done_.post(std::move(why));
    }

    void on_settled(result<buffer> outcome) override {
        if (done_)
            done_.dispatch(std::move(outcome));
    }

    net::client_stream_listener& listener() override { return *this; }

    void cancel() override {
        if (stream_)
            stream_->abort(call_cancelled());
        else
            fail(call_cancelled());
    }

    void cancel(asio::cancellation_type type) {
        if ((!started() && !delegated()) ||
            (type & (asio::cancellation_type::terminal | asio::cancellation_type::partial)) !=
                asio::cancellation_type::none)
            cancel();
    }

    void on_headers(net::client_stream&) override {}
    void on_readable(net::client_stream&) override {}
    void on_writable(net::client_stream&) override {}
    void on_abandoned() noexcept override {
        auto const keep = std::move(keep_);
        done_.abandon();
    }

    void on_done(net::client_stream& s) override {
        auto const keep = std::move(keep_);
        if (taken_over(s))
            return;
        result<buffer> answer = take_answer(s.call());
        if (options_.info != nullptr) {
            options_.info->initial_metadata = s.call().initial_metadata();
            options_.info->trailing_metadata = s.call().trailing_metadata();
            options_.info->compressed = s.call().was_compressed();
            options_.info->attempts = attempts();
        }
        s.set_listener(nullptr);
        stream_.reset();
        done_.dispatch(std::move(answer));
    }

    static result<buffer> take_answer(call::client_call& call) {
        if (!call.outcome().ok())
            return call.outcome();
        return call.read_only();
    }

    completion<result<buffer>> done_;
    std::shared_ptr<pending_call> keep_; // while the stream refers to this
};

} // namespace

std::shared_ptr<pending_call> make_unary_call(asio::any_io_executor io, asio::any_io_executor const& user,
                                              std::shared_ptr<call_defaults const> defaults, std::string_view path,
                                              result<buffer> framed, call_options options,
                                              channel_base::unary_handler_type handler) {
    auto call = std::make_shared<unary_call>(std::move(io), user, std::move(defaults), path, std::move(framed),
                                             std::move(options), std::move(handler));
    call->connect_cancellation();
    return call;
}

} // namespace joust::rpc
