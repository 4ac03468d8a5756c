//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/bound_method.hpp"
#include "joust/game/method.hpp"
#include "joust/rpc/router.hpp"

#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>
#include <boost/mp11/algorithm.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace joust::game {

/// How the services of a server are served.
struct services_options {
    /// How arguments are read.
    json::decode_options arguments;
};

namespace detail {

struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>()(s); }
};

template <class T>
using by_name = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;

} // namespace detail

/// A named set of methods.
class service {
public:
    explicit service(std::string name) : name_(std::move(name)) {}

    /// Sets the options of a method. Throws `std::invalid_argument` when there is no such method or an option is out of
    /// range.
    service& method(std::string_view name, method_options options);

    /// The method of this name, or null.
    game::method* find(std::string_view name) const noexcept;

private:
    friend class services;

    void add(std::string_view name, std::unique_ptr<game::method> m);

    std::string name_;
    detail::by_name<std::unique_ptr<game::method>> methods_;
};

/// The JSON services of a server: described classes whose methods are called by name through `game.grpc.GameService`.
///
///     joust::game::services services;
///     services.add("logic", std::make_shared<logic_service>()).method("slow", {.timeout = 10s});
///     server.add(services);
///
/// A method takes one described struct or nothing, and may take a `call_context&` and a `responses<T>&`; it returns
/// what `joust::json` can write or nothing, plain, as `result<T>`, or as an `awaitable` of either. Plain methods run
/// inline and must not block. Methods of one object run concurrently when several threads run the server's executor.
///
/// *Lifetime*: the server shares what it needs. *Thread safety*: fill it before the server listens.
class services {
public:
    explicit services(services_options options = {});

    /// Every described public member function of `object`, inherited ones too, becomes a method of the service `name`.
    /// A service may be made of several objects. Throws `std::invalid_argument` for a method that the service has
    /// already, for a name that is empty or has a dot, and when there is no object.
    template <class T>
    service& add(std::string_view name, std::shared_ptr<T> object) {
        namespace describe = boost::describe;
        static_assert(describe::has_describe_members<T>::value,
                      "describe the service class: BOOST_DESCRIBE_STRUCT(my_service, (), (method, ...))");
        using methods =
            describe::describe_members<T, describe::mod_public | describe::mod_function | describe::mod_inherited>;
        static_assert(!boost::mp11::mp_empty<methods>::value, "the service class describes no public methods");
        if (object == nullptr)
            refuse_null(name);
        service& s = get(name);
        boost::mp11::mp_for_each<methods>([&](auto described) {
            s.add(described.name, std::make_unique<detail::bound_method<T, decltype(described)::pointer>>(object));
        });
        return s;
    }

    /// The service of this name, or null.
    service const* find(std::string_view name) const noexcept;

    /// Adds `game.grpc.GameService` to a server's routes: `server.add(services)` calls it.
    void bind(router& routes) const;

    struct registry; // private to the library

private:
    [[noreturn]] static void refuse_null(std::string_view name);
    service& get(std::string_view name);

    std::shared_ptr<registry> registry_;
};

} // namespace joust::game
