//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/health_probe.hpp"

#include "client/health_message.hpp"
#include "client/subchannel.hpp"
#include "joust/rpc/framing.hpp"

#include <boost/asio/bind_executor.hpp>

#include <utility>

namespace joust::client {

namespace asio = boost::asio;

health_probe::health_probe(subchannel& whom, asio::any_io_executor const& io, health_check_options const& options,
                           std::shared_ptr<rpc::call_defaults const> defaults)
    : whom_(&whom), options_(options), defaults_(std::move(defaults)), verdict_(options), io_(io), timer_(io) {}

void health_probe::stop() {
    whom_ = nullptr;
    timer_.cancel();
}

void health_probe::ask() {
    if (!whom_->has_free_stream())
        return wait(); // busy with calls, which will tell
    call_options o;
    o.timeout = options_.timeout;
    auto framed = make_framed([this](buffer& out) {
        encode_health_request(out, options_.service_name);
        return status();
    });
    auto const call =
        rpc::make_unary_call(io_, io_, defaults_, "/grpc.health.v1.Health/Check", std::move(framed), std::move(o),
                             asio::bind_executor(io_, [weak = weak_from_this()](result<buffer> answer) {
                                 if (auto const self = weak.lock())
                                     self->on_answer(answer);
                             }));
    if (!whom_->start_probe(*call))
        call->fail(status(status_code::unavailable, "no stream was left for a health check"));
}

void health_probe::on_answer(result<buffer> const& answer) {
    if (whom_ == nullptr)
        return;
    bool const serving = answer.has_value() && says_serving(answer->view());
    status const why = answer.has_error() ? answer.error() : status(status_code::unavailable, "it does not serve");
    (void)verdict_.on_probe(answer.has_error() ? answer.error().code() : status_code::ok, serving);
    if (verdict_.unimplemented()) {
        whom_->rely_on_pings();
    } else {
        if (!serving)
            whom_->on_probe_failed();
        wait();
    }
    whom_->set_serving(verdict_.fit() ? status() : why);
}

void health_probe::wait() {
    timer_.expires_after(options_.interval);
    timer_.async_wait([weak = weak_from_this()](error_code ec) {
        if (auto const self = weak.lock(); self && !ec && self->whom_ != nullptr)
            self->ask();
    });
}

} // namespace joust::client
