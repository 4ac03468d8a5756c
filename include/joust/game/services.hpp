//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/bound_method.hpp"
#include "joust/game/interceptor.hpp"
#include "joust/game/method.hpp"
#include "joust/rpc/router.hpp"

#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>
#include <boost/mp11/algorithm.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace joust::game {

/// How the services of a server are served.
struct services_options {
    /// How arguments are read and answers written.
    json::decode_options arguments = {};
    json::encode_options answers = {};
    /// The shortest interval of the heartbeats that a client of a stream may ask for; the longest is an hour.
    std::chrono::steady_clock::duration min_heartbeat = std::chrono::seconds(1);
    /// What calls may be made in, besides JSON. A call names one by the metadata `joust-codec`; others get code 415.
    std::vector<any_codec> codecs = default_codecs();
    /// Have the service `joust`, which tells clients what services there are, what their methods take and give, and how
    /// they do: `joust.list`, `joust.describe`, `joust.stats`.
    bool introspection = true;
};

struct services_description;
struct services_statistics;

class service;

namespace detail {

struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>()(s); }
};

template <class T>
using by_name = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;

/// A shared interceptor of either kind.
template <class T>
concept interceptor_like = std::constructible_from<any_interceptor, T>;

} // namespace detail

/// The JSON services of a server: described classes whose methods are called by name through `game.grpc.GameService`.
///
///     joust::game::services services;
///     services.add("logic", std::make_shared<logic_service>()).method("slow", {.timeout = 10s});
///     server.add(services);
///
/// A method takes one described struct or nothing, and may take a `call_context&` and a `responses<T>&`; it returns
/// what `joust::json` can write, a `status` or nothing, plain, as `result<T>`, or as an `awaitable` of these. A
/// coroutine that takes a `server_stream<In, Out>&` in place of arguments serves a whole stream. Plain methods run
/// inline and must not block. Methods of one object run concurrently when several threads run the server's executor.
///
/// Services, methods and interceptors may be added and removed while the server serves; calls under way end as they
/// have begun, and keep the object that serves them.
///
/// *Lifetime*: a cheap handle; the server shares what it needs. *Thread safety*: safe.
class services {
public:
    explicit services(services_options options = {});

    /// The service of this name, new and without methods unless it is there already. Throws `std::invalid_argument` for
    /// a name that is empty or has a dot, and for `joust`, which is the library's (`services_options::introspection`).
    service& add(std::string_view name);

    /// Every described public member function of `object`, inherited ones too, becomes a method of the service `name`.
    /// A service may be made of several objects. Throws `std::invalid_argument`, and adds no method, for a method that
    /// the service has already, for a name that is empty or has a dot, and when there is no object.
    template <class T>
    service& add(std::string_view name, std::shared_ptr<T> object);

    /// Takes a service away: calls of it are answered with code 404 from now on. False if there is none.
    /// References to it are no longer valid.
    bool remove(std::string_view name);

    /// The service of this name, or null. *Lifetime*: until it is removed.
    service* find(std::string_view name) const noexcept;

    /// Puts interceptors around the methods of all services, those to come too; inside of those that are there already.
    template <detail::interceptor_like... Interceptors>
    services& use(Interceptors... interceptors) {
        return use_all({any_interceptor(std::move(interceptors))...});
    }
    services& use_all(std::vector<any_interceptor> interceptors);

    /// Names, schemas and options of all methods but the hidden ones; sorted by name. See description.hpp.
    services_description describe() const;
    /// What became of the calls so far. See statistics.hpp.
    services_statistics statistics() const;

    /// Adds `game.grpc.GameService` to a server's routes: `server.add(services)` calls it.
    void bind(router& routes) const;

    struct registry; // private to the library

private:
    [[noreturn]] static void refuse_null(std::string_view name);

    std::shared_ptr<registry> registry_;
};

/// A named set of methods.
///
/// *Lifetime*: until it is removed, or its `services` and the servers that it was added to are gone.
/// *Thread safety*: safe.
class service {
public:
    service(service const&) = delete;
    service& operator=(service const&) = delete;
    ~service();

    std::string const& name() const noexcept { return name_; }

    /// A function as a method: it takes and returns what member functions may, see `services`.
    ///
    ///     services.add("math").add("double", [](number n) { return 2 * n.value; }, {.description = "twice `value`"});
    ///
    /// Throws `std::invalid_argument` as `services::add` does, and for an option out of range.
    template <detail::plain_function F>
    service& add(std::string_view name, F f, method_options options = {}) {
        insert({{name, std::make_shared<detail::bound_function<F>>(std::move(f)), std::move(options)}});
        return *this;
    }

    /// Sets the options of a method. Throws `std::invalid_argument` when there is no such method or an option is out of
    /// range.
    service& method(std::string_view name, method_options options);

    /// Puts interceptors around all methods, those to come too: inside of those of `services`, and of those that are
    /// there already.
    template <detail::interceptor_like... Interceptors>
    service& use(Interceptors... interceptors) {
        return use_all({any_interceptor(std::move(interceptors))...});
    }
    /// Puts interceptors around one method, inside of all others.
    template <detail::interceptor_like... Interceptors>
    service& use(std::string_view method, Interceptors... interceptors) {
        return use_for(method, {any_interceptor(std::move(interceptors))...});
    }
    service& use_all(std::vector<any_interceptor> interceptors);
    service& use_for(std::string_view method, std::vector<any_interceptor> interceptors);

    /// Where clients find it, for those who ask what there is.
    service& address(std::string where);
    std::string address() const;

    /// Takes a method away; false if there is none.
    bool remove(std::string_view method);

    /// The method of this name as it is now, or null.
    std::shared_ptr<registered_method const> find(std::string_view name) const noexcept;

private:
    friend class services;
    friend struct services::registry;

    struct new_method {
        std::string_view name;
        std::shared_ptr<game::method> code;
        method_options options;
    };
    struct slot {
        std::shared_ptr<registered_method const> current;
        std::vector<any_interceptor> around;
    };

    service(services::registry& in, std::string name);
    /// All of them or, when one is refused, none.
    void insert(std::vector<new_method> all);
    // With the lock held:
    slot& find_slot(std::string_view name);
    void renew(slot& s);
    void renew();

    services::registry& in_;
    std::string name_;
    std::string address_;
    detail::by_name<slot> methods_;
    std::vector<any_interceptor> around_;
};

template <class T>
service& services::add(std::string_view name, std::shared_ptr<T> object) {
    namespace describe = boost::describe;
    static_assert(describe::has_describe_members<T>::value,
                  "describe the service class: BOOST_DESCRIBE_STRUCT(my_service, (), (method, ...))");
    using methods =
        describe::describe_members<T, describe::mod_public | describe::mod_function | describe::mod_inherited>;
    static_assert(!boost::mp11::mp_empty<methods>::value, "the service class describes no public methods");
    if (object == nullptr)
        refuse_null(name);
    std::vector<service::new_method> all;
    boost::mp11::mp_for_each<methods>([&](auto described) {
        using bound = detail::bound_member<T, decltype(described)::pointer>;
        all.push_back({described.name,
                       std::make_shared<bound>(detail::member_function<T, decltype(described)::pointer>{object}),
                       {}});
    });
    service& s = add(name);
    s.insert(std::move(all));
    return s;
}

} // namespace joust::game
