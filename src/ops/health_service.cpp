//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/ops/health_service.hpp"

#include "joust/rpc/protobuf.hpp"
#include "joust/rpc/router.hpp"
#include "ops/health_table.hpp"

#include <grpc/health/v1/health.joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <string>
#include <utility>

namespace joust {

namespace asio = boost::asio;
namespace v1 = grpc::health::v1;

namespace {

constexpr std::size_t most_listed = 100; // gRFC A90

v1::HealthCheckResponse to_response(serving_status s) {
    v1::HealthCheckResponse r;
    r.set_status(static_cast<v1::HealthCheckResponse::ServingStatus>(s));
    return r;
}

/// The handlers on one server.
class health_handlers {
public:
    explicit health_handlers(std::shared_ptr<ops::health_table> table) : table_(std::move(table)) {}

    result<v1::HealthCheckResponse> check(v1::HealthCheckRequest const& q) const {
        serving_status const s = table_->get(q.service());
        if (s == serving_status::service_unknown)
            return status(status_code::not_found, "unknown service " + q.service());
        return to_response(s);
    }

    result<v1::HealthListResponse> list(v1::HealthListRequest const&) const {
        auto const all = table_->list(most_listed);
        if (!all)
            return status(status_code::resource_exhausted,
                          "there are more than " + std::to_string(most_listed) + " services");
        v1::HealthListResponse r;
        for (auto const& [name, s] : *all)
            (*r.mutable_statuses())[name] = to_response(s);
        return r;
    }

    asio::awaitable<status> watch(v1::HealthCheckRequest q, server_writer<v1::HealthCheckResponse>& out,
                                  call_context& context) {
        // A timer, because its queue destroys who waits, should the execution context be destroyed before the call
        // ends.
        auto const never =
            std::make_shared<asio::steady_timer>(context.get_executor(), asio::steady_timer::time_point::max());
        auto wake = [executor = context.get_executor(), weak = std::weak_ptr(never)] {
            asio::post(executor, [weak] {
                if (auto const timer = weak.lock())
                    timer->cancel();
            });
        };
        ops::health_watch watching(table_, q.service(), std::move(wake));
        for (;;) {
            bool const last = draining_; // looked at first, as `drain` sets it last
            while (auto const s = watching.take()) {
                // NOLINTNEXTLINE(bugprone-unchecked-optional-access): looked at above
                auto const response = to_response(*s);
                auto writing = out.async_write(response);
                result<void> const written = co_await std::move(writing);
                if (written.has_error())
                    co_return written.error();
            }
            if (last)
                co_return status(status_code::unavailable, "the server is shutting down");
            // No wake-up is lost: it runs on the call's executor, hence not between `take` and here.
            error_code ignored;
            auto waiting = never->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            co_await std::move(waiting); // throws next time when the call was cancelled
        }
    }

    void drain() {
        table_->shut_down();
        draining_ = true;
        table_->wake_all();
    }

private:
    std::shared_ptr<ops::health_table> table_;
    std::atomic<bool> draining_ = false;
};

} // namespace

health_service::health_service() : table_(std::make_shared<ops::health_table>()) {
    set("", serving_status::serving);
}

void health_service::set(std::string_view service, serving_status status) {
    table_->set(service, status);
}

serving_status health_service::get(std::string_view service) const {
    return table_->get(service);
}

void health_service::shut_down() {
    table_->shut_down();
}

void health_service::resume() {
    table_->resume();
}

void health_service::bind(router& routes) const {
    auto const handlers = std::make_shared<health_handlers>(table_);
    v1::health::bind(handlers).bind(routes);
    routes.on_drain([handlers] { handlers->drain(); });
}

} // namespace joust
