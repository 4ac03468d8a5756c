//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "grpc/testing/test.joust.hpp"
#include "joust/rpc/router.hpp"
#include "joust/rpc/server_stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <utility>

namespace joust::test::interop {

/// Metadata of a request that the server answers with metadata: before the first message, and with the status.
inline constexpr std::string_view echo_initial = "x-grpc-test-echo-initial";
inline constexpr std::string_view echo_trailing = "x-grpc-test-echo-trailing-bin";

/// grpc.testing.TestService, as the descriptions of gRPC's interop tests want it.
class interop_service {
public:
    template <class T>
    using awaitable = boost::asio::awaitable<T>;
    using empty = grpc::testing::Empty;
    using input = grpc::testing::StreamingInputCallRequest;
    using output = grpc::testing::StreamingOutputCallResponse;
    using wish = grpc::testing::StreamingOutputCallRequest;

    /// `id` is what UnaryCall gives as the server's id.
    explicit interop_service(std::string id) : id_(std::move(id)) {}

    /// Each method by itself: UnimplementedCall must not be there.
    void bind(router& to);

private:
    result<grpc::testing::SimpleResponse> unary_call(grpc::testing::SimpleRequest const& q, call_context& c) const;
    static awaitable<result<grpc::testing::StreamingInputCallResponse>> streaming_input_call(server_reader<input>& in,
                                                                                             call_context& c);
    static awaitable<result<void>> streaming_output_call(wish q, server_writer<output>& out, call_context& c);
    static awaitable<result<void>> full_duplex_call(server_stream<wish, output>& both, call_context& c);
    static awaitable<result<void>> half_duplex_call(server_stream<wish, output>& both, call_context& c);

    std::string id_;
};

} // namespace joust::test::interop
