//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/rpc/converting_handler.hpp"
#include "rpc/client_hooks.hpp"
#include "rpc/completion.hpp"
#include "rpc/inherit.hpp"
#include "rpc/launch.hpp"
#include "rpc/outgoing_message.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/this_coro.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace joust {

namespace asio = boost::asio;

namespace rpc {

namespace {

using hooks_ptr = std::shared_ptr<client_hooks>;
using opened = std::shared_ptr<client_messages>;

template <class T>
status status_in(result<T> const& r) {
    return r.has_error() ? r.error() : status();
}

/// The server has answered, as far as what came of the call tells.
bool answered(result<buffer> const& r, response_info const& info) {
    return r.has_value() || r.error().origin() == status_origin::peer || !info.initial_metadata.empty();
}

// -- the synchronous form: hooks before the call and in its completion

status begin(client_hooks& hooks, std::string_view path, result<buffer>* framed, call_options& options) {
    return guarded([&] {
        if (status refused = hooks.start(path, options); !refused.ok())
            return refused;
        if (framed == nullptr || !hooks.sees_messages() || framed->has_error())
            return framed == nullptr ? status() : status_in(*framed);
        outgoing_message message(std::move(**framed));
        if (status refused = hooks.on_request(message.bytes); !refused.ok())
            return refused;
        *framed = message.framed();
        return status();
    });
}

/// Ends a unary call whose hooks are synchronous.
struct end_unary {
    hooks_ptr hooks;
    std::unique_ptr<response_info> info;
    response_info* users;

    result<buffer> operator()(result<buffer> answer) {
        status outcome = guarded([&] {
            if (answered(answer, *info))
                hooks->on_headers(info->initial_metadata);
            return answer.has_error() || !hooks->sees_messages() ? status_in(answer) : hooks->on_response(*answer);
        });
        hooks->finish(outcome, info->trailing_metadata);
        if (users != nullptr)
            *users = std::move(*info);
        return concluded(std::move(answer), std::move(outcome));
    }
};

/// Takes over a stream whose hooks are synchronous.
struct wrap_opened {
    hooks_ptr hooks;

    result<opened> operator()(result<opened> r) const {
        if (r.has_value())
            return intercept(std::move(*r), hooks);
        status outcome = r.error();
        hooks->finish(outcome, {});
        return concluded(std::move(r), std::move(outcome));
    }
};

// -- the form with coroutines

/// Everything that a coroutine needs of the call that it makes.
struct making {
    std::shared_ptr<channel_base> inner;
    hooks_ptr hooks;
    std::string path;
    std::optional<result<buffer>> framed;
    call_options options;
};

asio::awaitable<status> async_begin(making& m) {
    auto starting = m.hooks->async_start(m.path, m.options);
    if (status refused = co_await std::move(starting); !refused.ok())
        co_return refused;
    if (!m.framed || !m.hooks->sees_messages() || m.framed->has_error())
        co_return m.framed ? status_in(*m.framed) : status();
    outgoing_message message(std::move(**m.framed));
    auto asking = m.hooks->async_on_request(message.bytes);
    if (status refused = co_await std::move(asking); !refused.ok())
        co_return refused;
    m.framed = message.framed();
    co_return status();
}

asio::awaitable<result<buffer>> try_unary(making& m, response_info& info) {
    auto beginning = async_begin(m);
    if (status const refused = co_await std::move(beginning); !refused.ok())
        co_return refused;
    m.options.info = &info;
    auto calling = asio::async_initiate<asio::deferred_t const, void(result<buffer>)>(
        [](auto handler, making* of) {
            of->inner->start_unary(of->path, std::move(*of->framed), std::move(of->options), std::move(handler));
        },
        asio::deferred, &m);
    result<buffer> answer = co_await std::move(calling);
    co_await asio::this_coro::reset_cancellation_state(); // a result beats a cancel
    if (answered(answer, info)) {
        auto telling = m.hooks->async_on_headers(info.initial_metadata);
        co_await std::move(telling);
    }
    if (answer.has_error() || !m.hooks->sees_messages())
        co_return answer;
    auto answering = m.hooks->async_on_response(*answer);
    if (status const refused = co_await std::move(answering); !refused.ok())
        co_return refused;
    co_return answer;
}

asio::awaitable<result<buffer>> call_unary(std::unique_ptr<making> m) {
    response_info info;
    response_info* const users = m->options.info;
    result<buffer> answer = buffer();
    std::exception_ptr failed;
    try {
        auto running = try_unary(*m, info);
        answer = co_await std::move(running);
    } catch (...) {
        failed = std::current_exception();
    }
    co_await asio::this_coro::reset_cancellation_state();
    if (failed)
        answer = status_of(std::move(failed));
    status outcome = status_in(answer);
    auto finishing = m->hooks->async_finish(outcome, info.trailing_metadata);
    co_await std::move(finishing);
    if (users != nullptr)
        *users = std::move(info);
    co_return concluded(std::move(answer), std::move(outcome));
}

asio::awaitable<result<opened>> try_open(making& m) {
    auto beginning = async_begin(m);
    if (status const refused = co_await std::move(beginning); !refused.ok())
        co_return refused;
    auto opening = asio::async_initiate<asio::deferred_t const, void(result<opened>)>(
        [](auto handler, making* of) {
            if (of->framed)
                of->inner->start_server_streaming(of->path, std::move(*of->framed), std::move(of->options),
                                                  std::move(handler));
            else
                of->inner->start_stream(of->path, std::move(of->options), std::move(handler));
        },
        asio::deferred, &m);
    co_return co_await std::move(opening);
}

asio::awaitable<result<opened>> open(std::unique_ptr<making> m) {
    result<opened> r = opened();
    std::exception_ptr failed;
    try {
        auto running = try_open(*m);
        r = co_await std::move(running);
    } catch (...) {
        failed = std::current_exception();
    }
    co_await asio::this_coro::reset_cancellation_state();
    if (failed)
        r = status_of(std::move(failed));
    if (r.has_value())
        co_return intercept(std::move(*r), m->hooks);
    status outcome = r.error();
    metadata const none;
    auto finishing = m->hooks->async_finish(outcome, none);
    co_await std::move(finishing);
    co_return concluded(std::move(r), std::move(outcome));
}

// -- the channel

class intercepting_channel final : public channel_base {
public:
    intercepting_channel(std::shared_ptr<channel_base> inner, std::vector<any_client_interceptor> interceptors)
        : inner_(std::move(inner)), interceptors_(std::move(interceptors)) {}

    asio::any_io_executor get_executor() const override { return inner_->get_executor(); }
    channel_statistics statistics() const override { return inner_->statistics(); }

    void start_unary(std::string_view path, result<buffer> framed, call_options options,
                     unary_handler_type handler) override {
        auto hooks = std::make_shared<client_hooks>(interceptors_);
        if (!hooks->synchronous())
            return launch(get_executor(), std::move(handler),
                          call_unary(make(std::move(hooks), path, std::move(framed), std::move(options))));
        if (status outcome = begin(*hooks, path, &framed, options); !outcome.ok())
            return refuse<buffer>(*hooks, std::move(outcome), std::move(handler));
        auto info = std::make_unique<response_info>();
        auto* const users = std::exchange(options.info, info.get());
        inner_->start_unary(
            path, std::move(framed), std::move(options),
            joust::detail::converting_handler{std::move(handler), end_unary{std::move(hooks), std::move(info), users}});
    }

    void start_stream(std::string_view path, call_options options, open_handler_type handler) override {
        auto hooks = std::make_shared<client_hooks>(interceptors_);
        if (!hooks->synchronous())
            return launch(get_executor(), std::move(handler),
                          open(make(std::move(hooks), path, std::nullopt, std::move(options))));
        if (status outcome = begin(*hooks, path, nullptr, options); !outcome.ok())
            return refuse<opened>(*hooks, std::move(outcome), std::move(handler));
        inner_->start_stream(path, std::move(options),
                             joust::detail::converting_handler{std::move(handler), wrap_opened{std::move(hooks)}});
    }

    void start_server_streaming(std::string_view path, result<buffer> framed, call_options options,
                                open_handler_type handler) override {
        auto hooks = std::make_shared<client_hooks>(interceptors_);
        if (!hooks->synchronous())
            return launch(get_executor(), std::move(handler),
                          open(make(std::move(hooks), path, std::move(framed), std::move(options))));
        if (status outcome = begin(*hooks, path, &framed, options); !outcome.ok())
            return refuse<opened>(*hooks, std::move(outcome), std::move(handler));
        inner_->start_server_streaming(
            path, std::move(framed), std::move(options),
            joust::detail::converting_handler{std::move(handler), wrap_opened{std::move(hooks)}});
    }

private:
    std::unique_ptr<making> make(hooks_ptr hooks, std::string_view path, std::optional<result<buffer>> framed,
                                 call_options options) const {
        rpc::inherit(options);
        return std::make_unique<making>(
            making{inner_, std::move(hooks), std::string(path), std::move(framed), std::move(options)});
    }

    template <class T>
    void refuse(client_hooks& hooks, status outcome, asio::any_completion_handler<void(result<T>)> handler) const {
        result<T> const refused = outcome;
        hooks.finish(outcome, {});
        post_completion(std::move(handler), get_executor(), concluded(refused, std::move(outcome)));
    }

    std::shared_ptr<channel_base> inner_;
    std::vector<any_client_interceptor> interceptors_;
};

} // namespace

} // namespace rpc

any_channel intercept(any_channel const& channel, std::vector<any_client_interceptor> interceptors) {
    for (any_client_interceptor const& each : interceptors)
        if (std::visit([](auto const& p) { return p == nullptr; }, each))
            throw std::invalid_argument("intercept: an interceptor is null");
    return any_channel(std::make_shared<rpc::intercepting_channel>(channel.base(), std::move(interceptors)));
}

} // namespace joust
