//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/call_handler.hpp"

#include "game/collecting_sink.hpp"
#include "game/counted_call.hpp"
#include "game/response.hpp"
#include "game/serve.hpp"

#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

class call_handler final : public unary_handler {
public:
    explicit call_handler(std::shared_ptr<services::registry const> in) : in_(std::move(in)) {}

    std::optional<status> invoke(call_context& context, std::string_view bytes, buffer& response) override {
        target t;
        if (status bad = decode_request(bytes, t.request); !bad.ok())
            return bad;
        if (status const unknown = in_->find(t); !unknown.ok()) {
            append_response(response, unknown, {}, {});
            return status();
        }
        if (needs_coroutine(*t.method))
            return std::nullopt;
        response_in_place around(response);
        call c(context, *t.method, t.request, in_->calls, response);
        c.set_codec(t.codec);
        counted_call counted(*t.method, c);
        status const outcome = serve_at_once(*t.method, c);
        counted.end(outcome, outcome.ok() ? c.answer().size() : 0);
        around.end(outcome, t.method->name);
        return status();
    }

    asio::awaitable<status> start(call_context& context, std::string_view bytes, buffer& response) override {
        target t;
        // `invoke` has seen that the bytes are a request; the method may have been removed since.
        (void)decode_request(bytes, t.request);
        if (status const unknown = in_->find(t); !unknown.ok()) {
            append_response(response, unknown, {}, {});
            co_return status();
        }
        collecting_sink pushed(context.get_executor(), t.codec);
        if (t.method->code->pushes()) {
            buffer returned;
            call c(context, *t.method, t.request, in_->calls, returned);
            c.set_codec(t.codec);
            counted_call counted(*t.method, c);
            auto running = serve(*t.method, c, pushed);
            status outcome = co_await std::move(running);
            if (outcome.ok() && c.asked())
                outcome = std::move(pushed).answer(c, returned);
            counted.end(outcome, outcome.ok() ? returned.size() : 0);
            append_response(response, outcome, t.method->name, returned.view());
        } else {
            response_in_place around(response);
            call c(context, *t.method, t.request, in_->calls, response);
            c.set_codec(t.codec);
            counted_call counted(*t.method, c);
            auto running = serve(*t.method, c, pushed);
            status const outcome = co_await std::move(running);
            counted.end(outcome, outcome.ok() ? c.answer().size() : 0);
            around.end(outcome, t.method->name);
        }
        co_return status();
    }

private:
    std::shared_ptr<services::registry const> in_;
};

} // namespace

std::unique_ptr<unary_handler> make_call_handler(std::shared_ptr<services::registry const> in) {
    return std::make_unique<call_handler>(std::move(in));
}

} // namespace joust::game
