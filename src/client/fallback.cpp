//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/fallback.hpp"

#include "joust/core/connection_error.hpp"
#include "joust/rpc/converting_handler.hpp"
#include "rpc/inherit.hpp"
#include "rpc/outgoing_message.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace joust {

namespace {

using std::chrono::steady_clock;

class function_fallback final : public fallback {
public:
    using function = std::function<std::optional<buffer>(std::string_view, std::string_view, status const&)>;

    explicit function_fallback(function f) : f_(std::move(f)) {}
    std::optional<buffer> on_failure(std::string_view path, std::string_view request, status const& why) override {
        return f_(path, request, why);
    }

private:
    function f_;
};

/// The outcome of one call on its way to the caller.
struct answer_instead {
    std::shared_ptr<fallback> instead;
    std::string path;
    std::string request;
    response_info* info;

    result<buffer> operator()(result<buffer> outcome) {
        if (info != nullptr)
            info->instead_of.reset();
        try {
            if (outcome.has_value())
                instead->on_answer(path, request, outcome->view());
            else if (instead->concerns(outcome.error()))
                ask(outcome);
        } catch (...) { // the outcome is what it was
        }
        return outcome;
    }

private:
    void ask(result<buffer>& outcome) {
        status const why = outcome.error();
        auto other = instead->on_failure(path, request, why);
        if (!other)
            return;
        outcome = std::move(*other);
        if (info != nullptr)
            info->instead_of = why;
    }
};

/// The earlier of timeout and deadline, that of a parent, too, comes so much earlier.
void hurry(call_options& options, steady_clock::duration margin) {
    rpc::inherit(options);
    auto const now = steady_clock::now();
    if (auto const timeout = std::exchange(options.timeout, std::nullopt)) {
        auto const latest =
            *timeout < steady_clock::time_point::max() - now ? now + *timeout : steady_clock::time_point::max();
        options.deadline = std::min(options.deadline.value_or(latest), latest);
    }
    if (options.deadline)
        *options.deadline -= margin;
}

class channel_with_fallback final : public channel_base {
public:
    channel_with_fallback(std::shared_ptr<channel_base> inner, std::shared_ptr<fallback> instead,
                          steady_clock::duration margin)
        : inner_(std::move(inner)), instead_(std::move(instead)), margin_(margin) {}

    boost::asio::any_io_executor get_executor() const override { return inner_->get_executor(); }

    void start_unary(std::string_view path, result<buffer> framed, call_options options,
                     unary_handler_type handler) override {
        if (margin_ != steady_clock::duration::zero())
            hurry(options, margin_);
        answer_instead convert{instead_, std::string(path), {}, options.info};
        if (framed.has_value() && instead_->sees_requests())
            convert.request = rpc::bytes_of(*framed);
        inner_->start_unary(path, std::move(framed), std::move(options),
                            detail::converting_handler{std::move(handler), std::move(convert)});
    }

    void start_stream(std::string_view path, call_options options, open_handler_type handler) override {
        inner_->start_stream(path, std::move(options), std::move(handler));
    }

    void start_server_streaming(std::string_view path, result<buffer> framed, call_options options,
                                open_handler_type handler) override {
        inner_->start_server_streaming(path, std::move(framed), std::move(options), std::move(handler));
    }

private:
    std::shared_ptr<channel_base> inner_;
    std::shared_ptr<fallback> instead_;
    steady_clock::duration margin_;
};

} // namespace

bool is_outage(status const& outcome) noexcept {
    return outcome.code() == status_code::unavailable || outcome.code() == status_code::deadline_exceeded ||
           outcome.cause() == connection_error::queue_full;
}

std::shared_ptr<fallback>
make_fallback(std::function<std::optional<buffer>(std::string_view, std::string_view, status const&)> f) {
    return std::make_shared<function_fallback>(std::move(f));
}

any_channel with_fallback(any_channel const& channel, std::shared_ptr<fallback> instead,
                          steady_clock::duration margin) {
    if (!instead)
        throw std::invalid_argument("with_fallback: no fallback");
    if (margin < steady_clock::duration::zero())
        throw std::invalid_argument("with_fallback: margin must not be negative");
    return any_channel(std::make_shared<channel_with_fallback>(channel.base(), std::move(instead), margin));
}

any_channel with_fallback(any_channel const& channel, std::shared_ptr<fallback> instead) {
    return with_fallback(channel, std::move(instead), steady_clock::duration::zero());
}

} // namespace joust
