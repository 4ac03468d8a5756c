//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/services.hpp"

#include "game/call_handler.hpp"
#include "game/service_descriptor.hpp"

#include <stdexcept>

namespace joust::game {

std::optional<std::string> validate(method_options const& options) {
    if (options.timeout <= std::chrono::steady_clock::duration::zero())
        return "timeout must be positive";
    return std::nullopt;
}

status method::named(status s) const {
    s.set_message(name + ": " + s.message());
    return s;
}

service& service::method(std::string_view name, method_options options) {
    game::method* const m = find(name);
    if (m == nullptr)
        throw std::invalid_argument("the service '" + name_ + "' has no method '" + std::string(name) + "'");
    if (auto complaint = validate(options))
        throw std::invalid_argument("the options of " + m->name + ": " + *complaint);
    m->options = std::move(options);
    return *this;
}

game::method* service::find(std::string_view name) const noexcept {
    auto const it = methods_.find(name);
    return it == methods_.end() ? nullptr : it->second.get();
}

void service::add(std::string_view name, std::unique_ptr<game::method> m) {
    m->name = name_ + "." + std::string(name);
    if (!methods_.try_emplace(std::string(name), std::move(m)).second)
        throw std::invalid_argument("the service '" + name_ + "' has a method '" + std::string(name) + "' already");
}

services::services(services_options options) : registry_(std::make_shared<registry>()) {
    if (auto complaint = validate(options.arguments))
        throw std::invalid_argument("services_options.arguments: " + *complaint);
    registry_->options = options;
}

void services::refuse_null(std::string_view name) {
    throw std::invalid_argument("the service '" + std::string(name) + "' is added without an object");
}

service& services::get(std::string_view name) {
    if (name.empty() || name.find('.') != std::string_view::npos)
        throw std::invalid_argument("a service's name must not be empty or hold a dot: '" + std::string(name) + "'");
    return registry_->by_name.try_emplace(std::string(name), std::string(name)).first->second;
}

service const* services::find(std::string_view name) const noexcept {
    auto const it = registry_->by_name.find(name);
    return it == registry_->by_name.end() ? nullptr : &it->second;
}

void services::bind(router& routes) const {
    routes.add(call_path, make_call_handler(registry_));
    routes.add(stream_call_path, make_stream_call_handler(registry_));
    routes.describe(game_service_info);
}

} // namespace joust::game
