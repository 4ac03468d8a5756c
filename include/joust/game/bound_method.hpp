//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/game/json.hpp"
#include "joust/game/method.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/fwd.hpp>

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
    explicit no_responses(answer_sink&) noexcept {}
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

/// What a method answers with, without `awaitable` and `result` around it.
template <class T>
struct answer_of {
    using type = T;
    static constexpr bool awaits = false;
};
template <class T>
struct answer_of<result<T>> : answer_of<T> {};
template <class T, class Executor>
struct answer_of<boost::asio::awaitable<T, Executor>> : answer_of<T> {
    static constexpr bool awaits = true;
};

template <class Pointer>
struct member_traits;
template <class R, class C, class... Parameters>
struct member_traits<R (C::*)(Parameters...)> {
    using returns = R;
    using arguments = typename arguments_of<Parameters...>::type;
    static constexpr bool awaits = answer_of<R>::awaits;
    static constexpr bool pushes = (is_responses<std::remove_cvref_t<Parameters>> || ...);
    static_assert((0 + ... + (is_argument<Parameters> ? 1 : 0)) <= 1,
                  "a method takes its arguments as one described struct, or none, besides call_context& and "
                  "responses<T>&");
    static_assert(awaits || !pushes, "a method that takes responses<T>& must be a coroutine (return an awaitable)");

    using responses_type = typename responses_of<Parameters...>::type;

    /// Calls the method with each parameter that it has, in its order.
    template <class Object, class Arguments>
    static R call(Object& object, auto pointer, Arguments& arguments, call_context& context, responses_type& pushed) {
        return (object.*pointer)(give<Parameters>(arguments, context, pushed)...);
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
template <class R, class C, class... Parameters>
struct member_traits<R (C::*)(Parameters...) const> : member_traits<R (C::*)(Parameters...)> {};
template <class R, class C, class... Parameters>
struct member_traits<R (C::*)(Parameters...) noexcept> : member_traits<R (C::*)(Parameters...)> {};
template <class R, class C, class... Parameters>
struct member_traits<R (C::*)(Parameters...) const noexcept> : member_traits<R (C::*)(Parameters...)> {};

/// Reads the arguments of a call: a JSON object, or nothing, which is an empty one.
template <class Arguments>
status decode_arguments(Arguments& to, std::string_view payload, json::decode_options const& how) {
    if (payload.empty())
        payload = "{}";
    if constexpr (std::is_same_v<Arguments, boost::json::value>) {
        return json::decode_into(to.emplace_object(), payload, how);
    } else {
        static_assert(json::codec<Arguments>::kinds == json::takes_object,
                      "a method takes its arguments as one described struct: BOOST_DESCRIBE_STRUCT(my_arguments, (), "
                      "(name, ...)); a map, boost::json::object and boost::json::value will do, too");
        return json::decode_into(to, payload, how);
    }
}

/// A described member function of one object.
template <class Object, auto Pointer>
class bound_method final : public method {
    using traits = member_traits<std::remove_const_t<decltype(Pointer)>>;
    using arguments_type = typename traits::arguments;

public:
    explicit bound_method(std::shared_ptr<Object> object) noexcept : object_(std::move(object)) {}

    bool is_coroutine() const noexcept override { return traits::awaits; }
    bool pushes() const noexcept override { return traits::pushes; }

    status invoke(call_context& context, std::string_view payload, json::decode_options const& how,
                  buffer& answer) override {
        if constexpr (traits::awaits) {
            return status(status_code::internal, "a coroutine method cannot answer at once");
        } else {
            arguments_type arguments{};
            if (status s = decode_arguments(arguments, payload, how); !s.ok())
                return named(std::move(s));
            no_responses none;
            if constexpr (std::is_void_v<typename traits::returns>) {
                traits::call(*object_, Pointer, arguments, context, none);
                return status();
            } else {
                return encode(traits::call(*object_, Pointer, arguments, context, none), answer);
            }
        }
    }

    boost::asio::awaitable<status> start(call_context& context, std::string_view payload,
                                         json::decode_options const& how, answer_sink& pushed,
                                         buffer& answer) override {
        if constexpr (!traits::awaits) {
            co_return invoke(context, payload, how, answer);
        } else {
            arguments_type arguments{};
            if (status s = decode_arguments(arguments, payload, how); !s.ok())
                co_return named(std::move(s));
            typename traits::responses_type responses(pushed);
            auto running = traits::call(*object_, Pointer, arguments, context, responses);
            if constexpr (std::is_void_v<typename decltype(running)::value_type>) {
                co_await std::move(running);
                co_return status();
            } else {
                auto const returned = co_await std::move(running);
                co_return encode(returned, answer);
            }
        }
    }

private:
    template <class T>
    status encode(T const& returned, buffer& answer) const {
        status s = json::encode(answer, returned);
        if (!s.ok())
            s = named(std::move(s));
        return s;
    }
    template <class T>
    status encode(result<T> const& returned, buffer& answer) const {
        if constexpr (std::is_void_v<T>) {
            return returned.has_error() ? returned.error() : status();
        } else {
            if (returned.has_value())
                return encode(*returned, answer);
            return returned.error().ok() ? named(status(status_code::internal, "an error with the status OK"))
                                         : returned.error();
        }
    }

    std::shared_ptr<Object> object_;
};

} // namespace joust::game::detail
