//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/game/call.hpp"
#include "joust/game/call_payload.hpp"
#include "joust/game/method.hpp"
#include "joust/game/server_stream.hpp"

#include <boost/describe/class.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace joust::game::detail {

/// The arguments of a method that takes none.
struct no_arguments {};
BOOST_DESCRIBE_STRUCT(no_arguments, (), ())

template <class T>
inline constexpr bool is_responses = false;
template <class T>
inline constexpr bool is_responses<responses<T>> = true;
template <class In, class Out>
inline constexpr bool is_responses<server_stream<In, Out>> = true;

template <class T>
inline constexpr bool is_server_stream = false;
template <class In, class Out>
inline constexpr bool is_server_stream<server_stream<In, Out>> = true;

/// A parameter that is neither the context nor a sink of answers: the method's arguments.
template <class P>
inline constexpr bool is_argument =
    !std::is_same_v<std::remove_cvref_t<P>, call_context> && !is_responses<std::remove_cvref_t<P>>;

template <class... Parameters>
struct arguments_of {
    using type = no_arguments;
};
template <class First, class... Rest>
struct arguments_of<First, Rest...> {
    using type =
        std::conditional_t<is_argument<First>, std::remove_cvref_t<First>, typename arguments_of<Rest...>::type>;
};

/// Stands in where a method pushes no answers.
struct no_responses {
    no_responses() = default;
    no_responses(answer_sink&, payload_codec const*, json::encode_options const&) noexcept {}
};

template <class... Parameters>
struct responses_of {
    using type = no_responses;
};
template <class First, class... Rest>
struct responses_of<First, Rest...> {
    using type = std::conditional_t<is_responses<std::remove_cvref_t<First>>, std::remove_cvref_t<First>,
                                    typename responses_of<Rest...>::type>;
};

/// The schema of what a method pushes, or writes to its stream.
template <class Responses>
inline constexpr json::schema_builder::function pushed_schema = nullptr;
template <class T>
inline constexpr json::schema_builder::function pushed_schema<responses<T>> = &json::detail::schema_of<T>;
template <class In, class Out>
inline constexpr json::schema_builder::function pushed_schema<server_stream<In, Out>> = &json::detail::schema_of<Out>;

/// What each request carries: what a method takes, or reads from its stream.
template <class Arguments, class Responses>
struct request_of {
    using type = Arguments;
};
template <class Arguments, class In, class Out>
struct request_of<Arguments, server_stream<In, Out>> {
    using type = In;
};
template <class Arguments, class In, class Out>
struct request_of<Arguments, server_stream<result<In>, Out>> {
    using type = In;
};

/// What a method answers with, without `awaitable` and `result` around it.
template <class T>
struct answer_of {
    using type = T;
    static constexpr bool awaits = false;
};
template <class T>
struct answer_of<result<T>> : answer_of<T> {};
template <>
struct answer_of<status> : answer_of<void> {};
template <class T, class Executor>
struct answer_of<boost::asio::awaitable<T, Executor>> : answer_of<T> {
    static constexpr bool awaits = true;
};

/// What the parameters of a method say. `F` is called with each of them, in their order.
template <class R, class... Parameters>
struct signature {
    using returns = R;
    using arguments = typename arguments_of<Parameters...>::type;
    static constexpr bool awaits = answer_of<R>::awaits;
    static constexpr bool pushes = (is_responses<std::remove_cvref_t<Parameters>> || ...);
    static constexpr bool serves_stream = (is_server_stream<std::remove_cvref_t<Parameters>> || ...);
    static_assert((0 + ... + (is_argument<Parameters> ? 1 : 0)) <= 1,
                  "a method takes its arguments as one described struct, or none, besides call_context& and "
                  "responses<T>& or server_stream<In, Out>&");
    static_assert((0 + ... + (is_responses<std::remove_cvref_t<Parameters>> ? 1 : 0)) <= 1,
                  "a method takes one responses<T>& or one server_stream<In, Out>&");
    static_assert(awaits || !pushes || serves_stream,
                  "a method that takes responses<T>& must be a coroutine (return an awaitable)");
    static_assert(awaits || !serves_stream,
                  "a method that takes server_stream<In, Out>& must be a coroutine (return an awaitable)");
    static_assert(!serves_stream || !(is_argument<Parameters> || ...),
                  "a method that takes server_stream<In, Out>& takes no arguments: it reads them from the stream");
    static_assert(((!is_server_stream<std::remove_cvref_t<Parameters>> ||
                    std::is_same_v<Parameters, std::remove_cvref_t<Parameters>&>)&&...),
                  "a method takes server_stream<In, Out> by reference");

    using responses_type = typename responses_of<Parameters...>::type;

    template <class F, class Arguments>
    static R call(F& f, Arguments& arguments, call_context& context, responses_type& pushed) {
        return f(give<Parameters>(arguments, context, pushed)...);
    }

private:
    template <class Parameter, class Arguments>
    static decltype(auto) give(Arguments& arguments, call_context& context, responses_type& pushed) {
        using plain = std::remove_cvref_t<Parameter>;
        if constexpr (std::is_same_v<plain, call_context>)
            return (context);
        else if constexpr (is_responses<plain>)
            return (pushed);
        else
            return static_cast<Parameter&&>(arguments);
    }
};

template <class Pointer>
struct member_signature;
template <class R, class C, class... Parameters>
struct member_signature<R (C::*)(Parameters...)> : signature<R, Parameters...> {};
template <class R, class C, class... Parameters>
struct member_signature<R (C::*)(Parameters...) const> : signature<R, Parameters...> {};
template <class R, class C, class... Parameters>
struct member_signature<R (C::*)(Parameters...) noexcept> : signature<R, Parameters...> {};
template <class R, class C, class... Parameters>
struct member_signature<R (C::*)(Parameters...) const noexcept> : signature<R, Parameters...> {};

/// A member function of one object, as something to call.
template <class Object, auto Pointer>
struct member_function {
    std::shared_ptr<Object> object;

    template <class... Arguments>
    decltype(auto) operator()(Arguments&&... arguments) const {
        return ((*object).*Pointer)(std::forward<Arguments>(arguments)...);
    }
};

/// A function object whose parameters are known: neither overloaded nor a template.
template <class F>
concept plain_function = requires { &F::operator(); };

/// A function as a method. `Signature` says what it takes.
template <class F, class Signature>
class bound_method final : public method {
    using arguments_type = typename Signature::arguments;

public:
    explicit bound_method(F f) : f_(std::move(f)) {}

    bool is_coroutine() const noexcept override { return Signature::awaits; }
    bool pushes() const noexcept override { return Signature::pushes; }
    method_types types() const noexcept override {
        // Arguments that may be anything are an object all the same.
        using request = typename request_of<arguments_type, typename Signature::responses_type>::type;
        using object_like =
            std::conditional_t<std::is_same_v<request, boost::json::value>, boost::json::object, request>;
        using answer = std::remove_cvref_t<typename answer_of<typename Signature::returns>::type>;
        method_types t;
        t.arguments = &json::detail::schema_of<object_like>;
        if constexpr (!std::is_void_v<answer>)
            t.result = &json::detail::schema_of<answer>;
        t.pushed = pushed_schema<typename Signature::responses_type>;
        return t;
    }
    bool serves_stream() const noexcept override { return Signature::serves_stream; }

    status invoke(call& c) override {
        if constexpr (Signature::awaits) {
            return status(status_code::internal, "a coroutine method cannot answer at once");
        } else {
            arguments_type arguments{};
            if (status s = decode_arguments(arguments, c, c.arguments()); !s.ok())
                return c.named(std::move(s));
            no_responses none;
            if constexpr (std::is_void_v<typename Signature::returns>) {
                Signature::call(f_, arguments, c.context(), none);
                return status();
            } else {
                return encode(c, Signature::call(f_, arguments, c.context(), none));
            }
        }
    }

    boost::asio::awaitable<status> start(call& c, answer_sink& pushed) override {
        if constexpr (!Signature::awaits) {
            co_return invoke(c);
        } else {
            arguments_type arguments{};
            if (status s = begin(arguments, c); !s.ok())
                co_return c.named(std::move(s));
            typename Signature::responses_type responses = answers_of(c, pushed);
            auto running = Signature::call(f_, arguments, c.context(), responses);
            if constexpr (std::is_void_v<typename decltype(running)::value_type>) {
                co_await std::move(running);
                co_return status();
            } else {
                auto const returned = co_await std::move(running);
                co_return encode(c, returned);
            }
        }
    }

private:
    static status begin(arguments_type& arguments, call const& c) {
        if constexpr (!Signature::serves_stream)
            return decode_arguments(arguments, c, c.arguments());
        else if (c.stream() == nullptr)
            return status(status_code::unimplemented, "it serves a stream, not a call: use StreamCall");
        else
            return status();
    }
    static typename Signature::responses_type answers_of(call const& c, answer_sink& pushed) {
        if constexpr (Signature::serves_stream)
            return typename Signature::responses_type(*c.stream(), c.codec(), c.encoding());
        else
            return typename Signature::responses_type(pushed, c.codec(), c.encoding());
    }

    static status encode(call&, status const& returned) { return returned; }
    template <class T>
    static status encode(call& c, T const& returned) {
        status s = encode_answer(c.out(), returned, c.codec(), c.encoding());
        if (!s.ok())
            s = c.named(std::move(s));
        return s;
    }
    template <class T>
    static status encode(call& c, result<T> const& returned) {
        if constexpr (std::is_void_v<T>) {
            return returned.has_error() ? returned.error() : status();
        } else {
            if (returned.has_value())
                return encode(c, *returned);
            return returned.error().ok() ? c.named(status(status_code::internal, "an error with the status OK"))
                                         : returned.error();
        }
    }

    F f_;
};

template <class Object, auto Pointer>
using bound_member =
    bound_method<member_function<Object, Pointer>, member_signature<std::remove_const_t<decltype(Pointer)>>>;

template <plain_function F>
using bound_function = bound_method<F, member_signature<decltype(&F::operator())>>;

} // namespace joust::game::detail
