//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/dispatcher.hpp"

#include "joust/wire/message.hpp"

#include <string>
#include <utility>

namespace joust::rpc {

namespace {

status unknown_path(router const& routes, std::string_view path) {
    auto const slash = path.find('/', 1);
    if (path.empty() || path.front() != '/' || slash == std::string_view::npos)
        return status(status_code::unimplemented, "malformed method name: '" + std::string(path) + "'");
    std::string const service(path.substr(1, slash - 1));
    if (!routes.has_service(service))
        return status(status_code::unimplemented, "unknown service " + service);
    return status(status_code::unimplemented,
                  "unknown method " + std::string(path.substr(slash + 1)) + " for service " + service);
}

} // namespace

dispatcher::dispatcher(std::shared_ptr<router const> routes) : routes_(std::move(routes)) {}

void dispatcher::on_call(net::server_stream& s) {
    router::handler const* const found = routes_->find(s.call().path());
    if (found == nullptr) {
        s.finish(unknown_path(*routes_, s.call().path()));
        return;
    }
    if (auto const* const stream = std::get_if<std::unique_ptr<stream_handler>>(found)) {
        start_stream(s, **stream);
        return;
    }
    s.set_listener(this);
    s.set_tag(std::get<std::unique_ptr<unary_handler>>(*found).get());
    s.await_request();
}

void dispatcher::on_readable(net::server_stream& s) {
    if (status const complaint = s.call().read_only(s.request()); !complaint.ok()) {
        s.finish(complaint);
        return;
    }
    run_unary(s, *const_cast<unary_handler*>(static_cast<unary_handler const*>(s.tag())));
}

void dispatcher::run_unary(net::server_stream& s, unary_handler& handler) {
    call_context context(s);
    buffer& response = s.response();
    response.clear();
    std::size_t const at = wire::begin_message(response);
    std::optional<status> outcome;
    try {
        outcome = handler.invoke(context, s.request().view(), response);
        if (!outcome) {
            start_unary_coroutine(s, handler);
            return;
        }
    } catch (...) {
        outcome = context.failure(std::current_exception());
    }
    if (outcome->ok()) {
        wire::end_message(response, at);
        *outcome = s.call().send_message(response);
    }
    s.finish(*outcome, context.trailing_metadata());
}

} // namespace joust::rpc
