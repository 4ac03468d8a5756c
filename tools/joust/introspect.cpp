//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "commands.hpp"
#include "common.hpp"
#include "schema_text.hpp"
#include "table.hpp"

#include "joust/game/description.hpp"
#include "joust/game/json.hpp"
#include "joust/game/statistics.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

namespace joust::cli {

namespace asio = boost::asio;

namespace {

using lines = std::vector<std::string>;

game::introspection_query query_of(std::string const& name) {
    game::introspection_query q;
    if (name.empty())
        return q;
    std::size_t const dot = name.find('.');
    q.service = name.substr(0, dot);
    if (dot != std::string::npos)
        q.method = name.substr(dot + 1);
    return q;
}

lines text_of(std::vector<game::service_summary> const& services) {
    table t(3);
    t.add({"SERVICE", "METHOD", "ADDRESS"});
    for (auto const& s : services) {
        if (s.methods.empty())
            t.add({s.name, "", s.address});
        for (std::string const& m : s.methods)
            t.add({s.name, m, s.address});
    }
    return t.lines();
}

/// "at most 3 s, idempotent, 3 attempts"
std::string options_text(game::method_description const& m) {
    std::string text;
    auto const add = [&](std::string const& more) {
        text += text.empty() ? "" : ", ";
        text += more;
    };
    if (m.serves_stream)
        add("a whole stream");
    if (m.timeout)
        add(fmt::format("at most {} s", *m.timeout));
    if (m.idempotent)
        add("idempotent");
    if (m.max_attempts != 0)
        add(fmt::format("up to {} attempts", m.max_attempts));
    if (m.max_arguments_size != 0)
        add(fmt::format("arguments up to {} bytes", m.max_arguments_size));
    if (m.max_answer_size != 0)
        add(fmt::format("answers up to {} bytes", m.max_answer_size));
    return text;
}

lines text_of(game::services_description const& d) {
    lines all;
    auto const append = [&](lines const& more) { all.insert(all.end(), more.begin(), more.end()); };
    auto const section = [&](std::string_view title, boost::json::value const& schema) {
        lines const of = schema_lines(schema, 4);
        all.push_back("  " + std::string(title) + (of.empty() ? " nothing" : ""));
        append(of);
    };
    for (auto const& s : d.services)
        for (auto const& m : s.methods) {
            if (!all.empty())
                all.emplace_back();
            all.push_back(printable(s.name + "." + m.name));
            for (std::string const& about : {m.description, options_text(m)})
                if (!about.empty())
                    all.push_back("  " + printable(about));
            section("takes", m.arguments);
            if (m.pushes)
                section("pushes", *m.pushes);
            section("gives", m.result);
        }
    return all;
}

void add_row(table& to, std::string name, game::call_statistics const& s) {
    if (s.calls == 0)
        return to.add({std::move(name), "0"});
    std::vector<std::string> cells{std::move(name), fmt::format("{}", s.calls), fmt::format("{}", s.successes),
                                   fmt::format("{}", s.failures), fmt::format("{}", s.in_flight)};
    for (double const rate : {s.calls_per_second.last_1s, s.calls_per_second.last_10s, s.calls_per_second.last_60s})
        cells.push_back(fmt::format("{:.1f}", rate));
    auto const& l = s.latency_ms;
    for (double const ms : {l.average, l.p50, l.p90, l.p99, l.p999, l.max})
        cells.push_back(fmt::format("{:.3f}", ms));
    cells.push_back(fmt::format("{}", s.bytes_in));
    cells.push_back(fmt::format("{}", s.bytes_out));
    std::string errors;
    for (auto const& [code, times] : s.errors)
        errors += fmt::format("{}{}:{}", errors.empty() ? "" : " ", code, times);
    cells.push_back(std::move(errors));
    to.add(std::move(cells));
}

lines text_of(game::services_statistics const& s) {
    table t(1);
    t.add({"METHOD", "CALLS", "OK", "FAILED", "NOW", "1/s", "10 s", "60 s", "AVG ms", "p50", "p90", "p99", "p99.9",
           "MAX", "IN B", "OUT B", "ERRORS"});
    for (auto const& [service, of] : s.services) {
        add_row(t, service, of.total);
        for (auto const& [method, calls] : of.methods)
            add_row(t, service + "." + method, calls);
    }
    lines all = t.lines();
    if (s.unknown != 0)
        all.push_back(fmt::format("{} calls of services and methods that there are not", s.unknown));
    return all;
}

template <class T>
int print_as(std::string const& text) {
    json::decode_options lenient;
    lenient.ignore_unknown_fields = true; // of a newer server
    lenient.max_depth = json::decode_options::deepest;
    auto const answer = json::decode<T>(text, lenient);
    if (answer.has_error()) {
        status const bad(status_code::internal, "the answer cannot be read: " + answer.error().message());
        complain(place::payload, describe(bad));
        return exit_code_of(bad);
    }
    for (std::string const& line : text_of(*answer))
        if (!print_answer(line))
            return exit_output;
    return 0;
}

} // namespace

asio::awaitable<int> run_introspection(options const& o, std::shared_ptr<progress> told) {
    auto const executor = co_await asio::this_coro::executor;
    auto const client = make_client(executor, o, told);
    std::string_view const method = o.what == command::list       ? "joust.list"
                                    : o.what == command::describe ? "joust.describe"
                                                                  : "joust.stats";
    response_info info;
    game::call_options how = call_options_of(o);
    how.info = &info;
    game::introspection_query const query = query_of(o.name);
    auto calling = client.async_call<game::raw_json>(method, query, how, asio::use_awaitable);
    result<game::raw_json> const answer = co_await std::move(calling);

    told->note(answer.has_error() ? answer.error() : status(), info.trailing_metadata);
    if (answer.has_error()) {
        complain(told->where(answer.error()), describe(answer.error()));
        co_return exit_code_of(answer.error());
    }
    if (o.json)
        co_return print_json(answer->text);
    switch (o.what) {
    case command::list: co_return print_as<std::vector<game::service_summary>>(answer->text);
    case command::describe: co_return print_as<game::services_description>(answer->text);
    default: co_return print_as<game::services_statistics>(answer->text);
    }
}

} // namespace joust::cli
