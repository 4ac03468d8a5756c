//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/codec.hpp"

#include <cstdint>
#include <string_view>

namespace joust {

enum class call_kind : std::uint8_t { unary, client_streaming, server_streaming, bidi_streaming };

/// A method is a value: its path and the types that it exchanges. The path must outlive the value.
///
///     inline constexpr joust::unary_method<HelloRequest, HelloReply> say_hello{"/helloworld.Greeter/SayHello"};
template <message Request, message Response, call_kind Kind>
struct basic_method {
    using request_type = Request;
    using response_type = Response;
    static constexpr call_kind kind = Kind;

    std::string_view path; ///< `/package.Service/Method`
};

template <message Request, message Response>
using unary_method = basic_method<Request, Response, call_kind::unary>;
template <message Request, message Response>
using client_streaming_method = basic_method<Request, Response, call_kind::client_streaming>;
template <message Request, message Response>
using server_streaming_method = basic_method<Request, Response, call_kind::server_streaming>;
template <message Request, message Response>
using bidi_streaming_method = basic_method<Request, Response, call_kind::bidi_streaming>;

} // namespace joust
