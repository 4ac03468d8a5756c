//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/ops/serving_status.hpp"

#include <memory>
#include <string_view>

namespace joust {

class router;

namespace ops {
class health_table;
}

/// `grpc.health.v1.Health`: tells load balancers and probes which services may be called.
///
///     joust::health_service health;
///     server.add(health);
///     health.set("example.Echo", joust::serving_status::serving);
///
/// Check of an unknown service is NOT_FOUND; Watch of one sends SERVICE_UNKNOWN and goes on. A watcher gets the status
/// at once and then each change; one that reads slowly gets the newest. List is RESOURCE_EXHAUSTED beyond 100 services.
/// A server that begins to drain shuts this down by itself, and its watches end with UNAVAILABLE once they have sent
/// NOT_SERVING: they would hold up the drain.
///
/// *Lifetime*: copies, and servers that it was added to, share one state. Statuses may be set before and after
/// `listen`. *Thread safety*: all functions but assignment are safe.
class health_service {
public:
    /// Knows one service, `""`, which stands for the whole server: `serving`.
    health_service();

    /// Sets the status of a service; `service_unknown` forgets it.
    void set(std::string_view service, serving_status status);
    /// What Check answers; `service_unknown` for NOT_FOUND.
    serving_status get(std::string_view service) const;

    /// Every service is NOT_SERVING from now on. What is set takes effect with `resume`. To be called some time before
    /// a drain, so that clients which balance by health go elsewhere first.
    void shut_down();
    /// Ends `shut_down`: the services are what was set last.
    void resume();

    /// Adds the service to a server's routes: `server.add(health)` calls it.
    void bind(router& routes) const;

private:
    std::shared_ptr<ops::health_table> table_;
};

} // namespace joust
