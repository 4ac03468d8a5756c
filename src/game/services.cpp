//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/services.hpp"

#include "core/call_counters.hpp"
#include "game/call_handler.hpp"
#include "game/chain.hpp"
#include "game/introspection.hpp"
#include "game/registry.hpp"
#include "game/service_descriptor.hpp"
#include "joust/game/json/error_trace.hpp"
#include "joust/game/name.hpp"

#include <algorithm>
#include <mutex>
#include <stdexcept>

namespace joust::game {

namespace {

void append(std::vector<any_interceptor>& to, std::vector<any_interceptor> const& more) {
    to.insert(to.end(), more.begin(), more.end());
}

void refuse_null(std::vector<any_interceptor> const& all) {
    auto const is_null = [](auto const& hooks) { return hooks == nullptr; };
    if (std::ranges::any_of(all, [&](any_interceptor const& each) { return std::visit(is_null, each); }))
        throw std::invalid_argument("an interceptor is null");
}

} // namespace

std::optional<std::string> validate(method_options const& options) {
    if (options.timeout && *options.timeout <= std::chrono::steady_clock::duration::zero())
        return "timeout must be positive";
    return std::nullopt;
}

std::chrono::steady_clock::duration time_limit(registered_method const& m) noexcept {
    using duration = std::chrono::steady_clock::duration;
    return m.options.timeout.value_or(m.code->serves_stream() ? duration::max() : std::chrono::seconds(3));
}

// --- service ---

service::service(services::registry& in, std::string name) : in_(in), name_(std::move(name)) {}

service::~service() = default;

service& service::method(std::string_view name, method_options options) {
    std::unique_lock const guard(in_.lock);
    slot& s = find_slot(name);
    if (auto complaint = validate(options))
        throw std::invalid_argument("the options of " + s.current->name + ": " + *complaint);
    registered_method changed = *s.current;
    changed.options = std::move(options);
    s.current = std::make_shared<registered_method const>(std::move(changed));
    return *this;
}

service& service::address(std::string where) {
    std::unique_lock const guard(in_.lock);
    address_ = std::move(where);
    return *this;
}

std::string service::address() const {
    std::shared_lock const guard(in_.lock);
    return address_;
}

std::shared_ptr<registered_method const> service::find(std::string_view name) const noexcept {
    std::shared_lock const guard(in_.lock);
    auto const it = methods_.find(name);
    return it == methods_.end() ? nullptr : it->second.current;
}

bool service::remove(std::string_view name) {
    slot gone; // ends outside of the lock: the last of an object may run code of the user's
    std::unique_lock const guard(in_.lock);
    auto const it = methods_.find(name);
    if (it == methods_.end())
        return false;
    gone = std::move(it->second);
    methods_.erase(it);
    return true;
}

service& service::use_all(std::vector<any_interceptor> all) {
    refuse_null(all);
    std::unique_lock const guard(in_.lock);
    append(around_, all);
    renew();
    return *this;
}

service& service::use_for(std::string_view name, std::vector<any_interceptor> all) {
    refuse_null(all);
    std::unique_lock const guard(in_.lock);
    slot& s = find_slot(name);
    append(s.around, all);
    renew(s);
    return *this;
}

void service::insert(std::vector<new_method> all) {
    detail::by_name<slot> fresh;
    std::unique_lock const guard(in_.lock);
    for (new_method& m : all) {
        std::string const name(m.name);
        if (name.empty() || name.find('.') != std::string::npos)
            throw std::invalid_argument("a method's name must not be empty or hold a dot: '" + name + "'");
        if (auto complaint = validate(m.options))
            throw std::invalid_argument("the options of " + name_ + "." + name + ": " + *complaint);
        auto const [at, added] = fresh.try_emplace(name);
        if (!added || methods_.contains(name))
            throw std::invalid_argument("the service '" + name_ + "' has a method '" + name + "' already");
        at->second.current = std::make_shared<registered_method const>(
            registered_method{name_ + "." + name, std::move(m.options), std::move(m.code), nullptr,
                              std::make_shared<core::call_counters>()});
        renew(at->second);
    }
    methods_.merge(fresh);
}

service::slot& service::find_slot(std::string_view name) {
    auto const it = methods_.find(name);
    if (it == methods_.end())
        throw std::invalid_argument("the service '" + name_ + "' has no method '" + std::string(name) + "'");
    return it->second;
}

void service::renew(slot& s) {
    std::vector<any_interceptor> all = in_.around_all;
    append(all, around_);
    append(all, s.around);
    registered_method changed = *s.current;
    changed.around = std::make_shared<chain const>(std::move(all));
    s.current = std::make_shared<registered_method const>(std::move(changed));
}

void service::renew() {
    for (auto& [name, s] : methods_)
        renew(s);
}

// --- services ---

services::registry::registry(services_options with)
    : options(std::move(with)), calls{options.arguments, options.answers} {}

status services::registry::find(target& t) const {
    status found = find_method(t);
    return found.ok() ? find_codec(t) : found;
}

status services::registry::find_codec(target& t) const {
    auto const name = t.request.find_metadata(codec_key);
    if (!name || *name == json_codec_name)
        return {};
    t.codec = game::find_codec(options.codecs, *name);
    if (t.codec != nullptr)
        return {};
    std::string known = "is not known here, only json";
    for (any_codec const& each : options.codecs)
        known.append(", ").append(each->name());
    status refused = codec_refused(*name, known);
    refused.set_message(t.method->name + ": " + refused.message());
    return refused;
}

status services::registry::find_method(target& t) const {
    method_name const name = received_name(t.request.service_name, t.request.method_name);
    auto const not_found = [&](std::string const& what) {
        std::string const full = std::string(name.service) + "." + std::string(name.method);
        unknown.fetch_add(1, std::memory_order_relaxed);
        return status(status_code::not_found, json::quoted(full) + ": " + what);
    };
    std::shared_lock const guard(lock);
    auto const s = by_name.find(name.service);
    if (s == by_name.end())
        return not_found("unknown service " + json::quoted(name.service));
    auto const m = s->second->methods_.find(name.method);
    if (m == s->second->methods_.end())
        return not_found("service " + json::quoted(name.service) + " has no method " + json::quoted(name.method));
    t.method = m->second.current;
    return {};
}

service& services::registry::get(std::string_view name) {
    std::unique_lock const guard(lock);
    std::unique_ptr<service>& s = by_name[std::string(name)];
    if (s == nullptr)
        s.reset(new service(*this, std::string(name)));
    return *s;
}

std::vector<services::registry::listed> services::registry::list() const {
    std::vector<listed> all;
    {
        std::shared_lock const guard(lock);
        for (auto const& [name, s] : by_name) {
            listed& l = all.emplace_back(listed{name, s->address_, {}});
            for (auto const& [method, slot] : s->methods_)
                l.methods.push_back(slot.current);
        }
    }
    std::ranges::sort(all, {}, &listed::name);
    for (listed& each : all)
        std::ranges::sort(each.methods, {}, &registered_method::name);
    return all;
}

std::optional<std::string> validate(services_options const& options) {
    if (auto complaint = validate(options.arguments))
        return "arguments." + *complaint;
    if (auto complaint = validate(options.codecs))
        return "codecs: " + *complaint;
    if (options.min_heartbeat <= std::chrono::steady_clock::duration::zero())
        return "min_heartbeat must be positive";
    return std::nullopt;
}

services::services(services_options options) {
    if (auto complaint = validate(options))
        throw std::invalid_argument("services_options." + *complaint);
    registry_ = std::make_shared<registry>(std::move(options));
    if (registry_->options.introspection)
        add_introspection(registry_);
}

void services::refuse_null(std::string_view name) {
    throw std::invalid_argument("the service '" + std::string(name) + "' is added without an object");
}

service& services::add(std::string_view name) {
    if (name.empty() || name.find('.') != std::string_view::npos)
        throw std::invalid_argument("a service's name must not be empty or hold a dot: '" + std::string(name) + "'");
    if (registry_->options.introspection && name == introspection_service)
        throw std::invalid_argument(
            "the service 'joust' is the library's, unless services_options.introspection is off");
    return registry_->get(name);
}

bool services::remove(std::string_view name) {
    std::unique_ptr<service> gone; // ends outside of the lock
    std::unique_lock const guard(registry_->lock);
    auto const it = registry_->by_name.find(name);
    if (it == registry_->by_name.end())
        return false;
    gone = std::move(it->second);
    registry_->by_name.erase(it);
    return true;
}

service* services::find(std::string_view name) const noexcept {
    std::shared_lock const guard(registry_->lock);
    auto const it = registry_->by_name.find(name);
    return it == registry_->by_name.end() ? nullptr : it->second.get();
}

services& services::use_all(std::vector<any_interceptor> all) {
    game::refuse_null(all);
    std::unique_lock const guard(registry_->lock);
    append(registry_->around_all, all);
    for (auto& [name, s] : registry_->by_name)
        s->renew();
    return *this;
}

services_description services::describe() const {
    return game::describe(*registry_, {}).value();
}

services_statistics services::statistics() const {
    return game::statistics(*registry_, {}, hidden_methods::shown).value();
}

void services::bind(router& routes) const {
    routes.add(call_path, make_call_handler(registry_));
    routes.add(stream_call_path, make_stream_call_handler(registry_));
    routes.describe(game_service_info);
}

} // namespace joust::game
