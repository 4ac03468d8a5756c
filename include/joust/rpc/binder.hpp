//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/method.hpp"
#include "joust/rpc/router.hpp"
#include "joust/rpc/service_info.hpp"
#include "joust/rpc/typed_handler.hpp"

#include <concepts>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// @file
/// What the code of protoc-gen-joust is made of.

namespace joust {

namespace detail {

/// What a unary or client streaming handler may answer.
template <class Answer, class Response>
concept answers = requires(Answer const& a, buffer& out) { encode_answer<Response>(a, out); };

template <class T>
concept awaitable = is_awaitable<T>;

template <class Awaitable, class Response>
concept answers_later = awaitable<Awaitable> && answers<typename Awaitable::value_type, Response>;

/// What the coroutine of a streaming handler may end with.
template <class Awaitable>
concept ends_later = awaitable<Awaitable> && (std::is_void_v<typename Awaitable::value_type> ||
                                              requires(typename Awaitable::value_type v) { to_status(std::move(v)); });

template <class F, class Request, class Response>
concept serves_unary = handles<F, Request> && (answers<handler_result<F, Request>, Response> ||
                                               answers_later<handler_result<F, Request>, Response>);

template <class F, class Request, class Response>
concept serves_client_streaming =
    handles<F, server_reader<Request>&> && answers_later<handler_result<F, server_reader<Request>&>, Response>;

template <class F, class Request, class Response>
concept serves_server_streaming =
    handles<F, Request, server_writer<Response>&> && ends_later<handler_result<F, Request, server_writer<Response>&>>;

template <class F, class Request, class Response>
concept serves_bidi_streaming =
    handles<F, server_stream<Request, Response>&> && ends_later<handler_result<F, server_stream<Request, Response>&>>;

/// `F` is a handler of `Method`, as `router::add` has them.
template <class F, class Method, class Request = typename Method::request_type,
          class Response = typename Method::response_type>
concept serves_method =
    (Method::kind == call_kind::unary && serves_unary<F, Request, Response>) ||
    (Method::kind == call_kind::client_streaming && serves_client_streaming<F, Request, Response>) ||
    (Method::kind == call_kind::server_streaming && serves_server_streaming<F, Request, Response>) ||
    (Method::kind == call_kind::bidi_streaming && serves_bidi_streaming<F, Request, Response>);

// How a binder holds what it binds: an object of the caller's by pointer, anything else by a pointer that shares it.

template <class T>
T* hold(T& object) noexcept {
    return &object;
}

template <class T>
    requires(!std::is_lvalue_reference_v<T>)
std::shared_ptr<T> hold(T&& object) {
    return std::make_shared<T>(std::forward<T>(object));
}

template <class T>
std::shared_ptr<T> hold(std::shared_ptr<T>& object) {
    return object;
}

template <class T>
std::shared_ptr<T> hold(std::shared_ptr<T> const& object) {
    return object;
}

template <class T>
std::shared_ptr<T> hold(std::shared_ptr<T>&& object) {
    return std::move(object);
}

template <class T, class Deleter>
std::shared_ptr<T> hold(std::unique_ptr<T, Deleter>&& object) {
    return std::move(object);
}

template <class Handlers>
using held = decltype(hold(std::declval<Handlers>()));

/// One member function of the held object: `Call` is a function object that calls it.
template <class Held, class Call>
struct member_handler {
    Held self;
    Call call;

    template <class... Args>
    auto operator()(Args&&... args) -> decltype(call(*self, std::forward<Args>(args)...)) {
        return call(*self, std::forward<Args>(args)...);
    }
};

} // namespace detail

/// True when `Call`, which calls the member function `object.name(args...)`, makes a handler of `Method` of what was
/// given to `bind`. The generated code asserts it with words for what is wrong; no concept, because a compiler would
/// add its own to those.
template <class Handlers, class Method, class Call>
inline constexpr bool serves =
    detail::serves_method<detail::member_handler<detail::held<Handlers>, std::remove_const_t<Call>>,
                          std::remove_const_t<Method>>;

/// The handlers of a service, ready to be added to a server: what a generated `bind` returns.
///
///     server.add(helloworld::greeter::bind(my_greeter));
///
/// *Lifetime*: an object that was bound by reference must outlive the handlers. These end after the server: its
/// destructor and `stop` cancel them, and they hear of it on the executor; `async_drain` waits for them. One that was
/// bound as a temporary, a `std::shared_ptr` or a `std::unique_ptr` is kept alive by the binder, by each server that it
/// was added to, and by their handlers.
/// *Thread safety*: distinct objects safe, shared objects unsafe. The handlers are called concurrently for calls on
/// different connections.
template <class Handlers>
class binder {
public:
    /// Throws `std::invalid_argument` when `handlers` is a null pointer.
    binder(service_info service, Handlers&& handlers)
        : service_(service), held_(detail::hold(std::forward<Handlers>(handlers))) {
        if (held_ == nullptr)
            throw std::invalid_argument("no object was bound to " + std::string(service.name));
    }

    /// Binds a method to a member function. Nothing when that does not serve it: the generated code has complained.
    template <class Method, class Call>
    void add(Method method, Call call) {
        if constexpr (serves<Handlers, Method, Call>)
            routes_.push_back([method, handler = detail::member_handler<detail::held<Handlers>, Call>{held_, call}](
                                  router& r) { r.add(method, handler); });
    }

    service_info const& service() const noexcept { return service_; }

    /// Adds the service to a server's routes: `server.add(binder)` calls it.
    void bind(router& routes) const {
        for (auto const& add_to : routes_)
            add_to(routes);
        routes.describe(service_);
    }

private:
    service_info service_;
    detail::held<Handlers> held_;
    std::vector<std::function<void(router&)>> routes_;
};

} // namespace joust
