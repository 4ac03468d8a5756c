//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/result.hpp"
#include "joust/rpc/method.hpp"
#include "support/run.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace joust::test {

/// What the hooks of several interceptors did, and what one of them is to do. A hook is named `b.start`.
struct interceptor_log {
    enum class act { nothing, refuse, fail, wait };

    std::vector<std::string> lines;
    std::string where = {};
    act what = act::nothing;
    bool change = false;

    /// A hook; `message` may be null.
    status at(std::string const& hook, buffer* message = nullptr) {
        lines.push_back(hook);
        if (change && message != nullptr)
            message->append(hook.substr(0, 1));
        if (hook != where)
            return {};
        if (what == act::fail)
            throw std::runtime_error("secret");
        return what == act::refuse ? status(status_code::permission_denied, "refused by " + hook) : status();
    }

    asio::awaitable<status> async_at(std::string hook, buffer* message = nullptr) {
        co_await asio::post(asio::use_awaitable);
        if (what == act::wait && hook == where) {
            asio::steady_timer forever(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
            lines.push_back(hook + ":waits");
            co_await forever.async_wait(asio::use_awaitable);
        }
        co_return at(hook, message);
    }

    void finished(std::string const& who, status const& outcome) {
        at(who + ".finish:" + std::string(to_string(outcome.code())));
    }

    bool has(std::string_view line) const { return std::ranges::find(lines, line) != lines.end(); }

    std::string text() const {
        std::string all;
        for (std::string const& line : lines)
            all += (all.empty() ? "" : " ") + line;
        return all;
    }
};

/// The hooks of the interceptors `a` and `b` around one call of this kind, as `call_of_kind` makes it.
inline std::string expected_hooks(call_kind kind, std::string const& cut_after = {}, std::string const& code = "OK") {
    std::vector<std::string> all{"a.start", "b.start"};
    auto const add = [&](char const* first, char const* second) {
        all.emplace_back(first);
        all.emplace_back(second);
    };
    auto const request = [&] { add("a.request", "b.request"); };
    auto const response = [&] { add("b.response", "a.response"); };
    request();
    if (kind == call_kind::client_streaming)
        request();
    response();
    if (kind == call_kind::bidi_streaming)
        request();
    if (kind == call_kind::bidi_streaming || kind == call_kind::server_streaming)
        response();
    if (!cut_after.empty())
        all.erase(std::ranges::find(all, cut_after) + 1, all.end());
    std::string text;
    for (std::string const& line : all)
        text += line + " ";
    return text + (cut_after == "a.start" ? "" : "b.finish:" + code + " ") + "a.finish:" + code;
}

} // namespace joust::test
