//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/rpc/router.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace joust {

namespace {

/// `/package.Service/Method`
bool well_formed(std::string_view path) noexcept {
    if (path.size() < 4 || path.front() != '/')
        return false;
    auto const slash = path.find('/', 1);
    return slash != std::string_view::npos && slash > 1 && slash + 1 < path.size();
}

} // namespace

void router::add(std::string_view path, handler h) {
    if (!well_formed(path))
        throw std::invalid_argument("the path '" + std::string(path) + "' is not of the form /package.Service/Method");
    if (!handlers_.try_emplace(std::string(path), std::move(h)).second)
        throw std::invalid_argument("the method '" + std::string(path) + "' has a handler already");
}

void router::replace_handlers(std::function<handler(handler)> const& f) {
    for (auto& [path, h] : handlers_)
        h = f(std::move(h));
}

router::handler const* router::find(std::string_view path) const noexcept {
    auto const it = handlers_.find(path);
    return it == handlers_.end() ? nullptr : &it->second;
}

bool router::has_service(std::string_view service) const noexcept {
    for (auto const& [path, h] : handlers_) {
        std::string_view const rest = std::string_view(path).substr(1);
        if (rest.starts_with(service) && rest.substr(service.size()).starts_with('/'))
            return true;
    }
    return false;
}

void router::describe(service_info service) {
    described_.insert_or_assign(service.name, service);
}

std::vector<service_info> router::services() const {
    std::vector<service_info> found;
    for (auto const& [path, h] : handlers_) {
        auto const name = std::string_view(path).substr(1, path.find('/', 1) - 1);
        auto const known = described_.find(name);
        found.push_back(known == described_.end() ? service_info{name} : known->second);
    }
    std::ranges::sort(found, {}, &service_info::name);
    auto const repeated = std::ranges::unique(found, {}, &service_info::name);
    found.erase(repeated.begin(), repeated.end());
    return found;
}

void router::on_drain(std::function<void()> f) {
    on_drain_.push_back(std::move(f));
}

void router::begin_drain() const {
    for (auto const& f : on_drain_)
        f();
}

} // namespace joust
