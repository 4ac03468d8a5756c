//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/introspection.hpp"

#include "game/chain.hpp"
#include "game/statistics.hpp"
#include "joust/game/bound_method.hpp"
#include "joust/game/json/error_trace.hpp"
#include "joust/game/json/schema.hpp"

#include <utility>
#include <variant>
#include <vector>

namespace joust::game {

namespace {

using listed = services::registry::listed;

std::string_view method_of(registered_method const& m) {
    std::string_view const name = m.name;
    return name.substr(name.rfind('.') + 1);
}

/// What the query asks for.
result<std::vector<listed>> select(services::registry const& in, introspection_query const& which,
                                   hidden_methods hidden) {
    if (which.method && !which.service)
        return status(status_code::invalid_argument, "a method is asked for without its service");
    std::vector<listed> all = in.list();
    if (hidden == hidden_methods::left_out)
        std::erase_if(all, [](listed& s) {
            return std::erase_if(s.methods, [](auto const& m) { return m->options.hidden; }) != 0 && s.methods.empty();
        });
    if (!which.service)
        return all;
    std::erase_if(all, [&](listed const& s) { return s.name != *which.service; });
    if (all.empty())
        return status(status_code::not_found, "unknown service " + json::quoted(*which.service));
    if (!which.method)
        return all;
    std::erase_if(all.front().methods, [&](auto const& m) { return method_of(*m) != *which.method; });
    if (all.front().methods.empty())
        return status(status_code::not_found,
                      "service " + json::quoted(*which.service) + " has no method " + json::quoted(*which.method));
    return all;
}

method_description describe(registered_method const& m, services_options const& how) {
    auto const schema = [](json::schema_builder::function of, auto const& options) {
        return json::detail::make_schema(of != nullptr ? of : &json::detail::schema_of<std::monostate>, options);
    };
    method_types const types = m.code->types();
    method_description d;
    d.name = method_of(m);
    d.description = m.options.description;
    d.arguments = schema(types.arguments, how.arguments);
    d.result = schema(types.result, how.answers);
    if (types.pushed != nullptr)
        d.pushes = schema(types.pushed, how.answers);
    d.serves_stream = m.code->serves_stream();
    if (auto const longest = time_limit(m); longest != std::chrono::steady_clock::duration::max())
        d.timeout = std::chrono::duration<double>(longest).count();
    d.idempotent = m.options.idempotent;
    d.max_attempts = m.options.max_attempts;
    d.max_arguments_size = m.options.max_arguments_size;
    d.max_answer_size = m.options.max_answer_size;
    m.around->describe(d);
    if (!m.code->is_coroutine())
        d.timeout.reset(); // it cannot be stopped
    return d;
}

result<std::vector<service_summary>> summarize(services::registry const& in, introspection_query const& which) {
    auto const chosen = select(in, which, hidden_methods::left_out);
    if (chosen.has_error())
        return chosen.error();
    std::vector<service_summary> all;
    for (listed const& each : *chosen) {
        service_summary& s = all.emplace_back(service_summary{each.name, each.address, {}});
        for (auto const& m : each.methods)
            s.methods.emplace_back(method_of(*m));
    }
    return all;
}

} // namespace

result<services_description> describe(services::registry const& all, introspection_query const& which) {
    auto const chosen = select(all, which, hidden_methods::left_out);
    if (chosen.has_error())
        return chosen.error();
    services_description d;
    for (listed const& each : *chosen) {
        service_description& s = d.services.emplace_back(service_description{each.name, each.address, {}});
        for (auto const& m : each.methods)
            s.methods.push_back(describe(*m, all.options));
    }
    return d;
}

result<services_statistics> statistics(services::registry const& all, introspection_query const& which,
                                       hidden_methods hidden) {
    auto const chosen = select(all, which, hidden);
    if (chosen.has_error())
        return chosen.error();
    auto const now = std::chrono::steady_clock::now();
    services_statistics found;
    for (listed const& each : *chosen) {
        service_statistics& s = found.services[each.name];
        core::call_totals sum;
        for (auto const& m : each.methods) {
            core::call_totals const totals = m->counters->read(now);
            s.methods.emplace(method_of(*m), to_statistics(totals));
            sum += totals;
        }
        s.total = to_statistics(sum);
    }
    found.unknown = all.unknown.load(std::memory_order_relaxed);
    return found;
}

void add_introspection(std::shared_ptr<services::registry> const& to) {
    using query = introspection_query;
    std::weak_ptr<services::registry const> const of = to; // it owns the methods, and whoever calls one has it
    service& s = to->get(introspection_service);
    s.add("list", [of](query const& which) { return summarize(*of.lock(), which); },
          {.description = "The names of services and their methods."});
    s.add("describe", [of](query const& which) { return game::describe(*of.lock(), which); },
          {.description = "What methods take and give, as JSON Schemas, and how they are served."});
    s.add("stats", [of](query const& which) { return statistics(*of.lock(), which, hidden_methods::left_out); },
          {.description = "What became of the calls so far."});
}

} // namespace joust::game
