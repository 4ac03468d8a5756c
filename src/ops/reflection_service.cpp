//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/ops/reflection_service.hpp"

#include "joust/rpc/protobuf.hpp"
#include "joust/rpc/router.hpp"
#include "ops/reflection_session.hpp"

#include <grpc/reflection/v1/reflection.joust.hpp>
#include <grpc/reflection/v1alpha/reflection.joust.hpp>

#include <boost/asio/awaitable.hpp>

#include <mutex>
#include <stdexcept>
#include <utility>

namespace joust {

namespace asio = boost::asio;
namespace reflection_v1 = grpc::reflection::v1;
namespace reflection_v1alpha = grpc::reflection::v1alpha;

namespace {

using session = ops::reflection_session;
using bidi = bidi_streaming_method<session::request, session::response>;

/// What both services of a server share. The services are looked at when they are asked for first, as some may be added
/// after this one.
class server_catalogue {
public:
    server_catalogue(std::shared_ptr<reflection_options const> options, router const& routes)
        : options_(std::move(options)), routes_(routes) {}

    session new_session() {
        std::call_once(once_, [this] {
            services_ = routes_.services();
            known_ = std::make_unique<ops::descriptors>(options_->pools, services_);
        });
        return session(*known_, services_);
    }

private:
    std::shared_ptr<reflection_options const> options_;
    router const& routes_; // owns the handlers, and these own this
    std::once_flag once_;
    std::vector<service_info> services_;
    std::unique_ptr<ops::descriptors> known_;
};

/// Serves either version: the messages have the same bytes.
struct reflection_handler {
    std::shared_ptr<server_catalogue> catalogue;

    asio::awaitable<status> operator()(server_stream<session::request, session::response>& both) const {
        session s = catalogue->new_session();
        for (;;) {
            auto reading = both.async_read();
            auto const q = co_await std::move(reading);
            if (q.has_error())
                co_return q.error();
            if (!q->has_value())
                co_return status();
            // NOLINTNEXTLINE(bugprone-unchecked-optional-access): looked at above
            auto const response = s.answer(**q);
            auto writing = both.async_write(response);
            auto const written = co_await std::move(writing);
            if (written.has_error())
                co_return written.error();
        }
    }
};

} // namespace

reflection_service::reflection_service(reflection_options options) {
    for (auto const* const pool : options.pools)
        if (pool == nullptr)
            throw std::invalid_argument("reflection_options.pools holds a null pointer");
    options_ = std::make_shared<reflection_options const>(std::move(options));
}

void reflection_service::bind(router& routes) const {
    reflection_handler const handler{std::make_shared<server_catalogue>(options_, routes)};
    routes.add(reflection_v1::server_reflection::server_reflection_info, handler);
    routes.describe(reflection_v1::server_reflection::service);
    routes.add(bidi{reflection_v1alpha::server_reflection::server_reflection_info.path}, handler);
    routes.describe(reflection_v1alpha::server_reflection::service);
    (void)reflection_v1alpha::ServerReflectionRequest::descriptor(); // or the linker leaves out that file's descriptor
}

} // namespace joust
