//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "suite/cases.hpp"
#include "suite/client_calls.hpp"

namespace joust::test::interop {

namespace {

constexpr std::string_view echo_initial = "x-grpc-test-echo-initial";
constexpr std::string_view echo_trailing = "x-grpc-test-echo-trailing-bin";
constexpr std::string_view initial_value = "test_initial_metadata_value";
constexpr std::string_view trailing_value = "\xab\xab\xab";

// --- metadata
// ---------------------------------------------------------------------------------------------------------

void require_one(metadata const& m, std::string_view key, std::string_view value) {
    std::vector<std::string_view> const values = m.get_all(key);
    require(values.size() == 1, std::to_string(values.size()) + " values of " + std::string(key));
    require(values[0] == value, "another value of " + std::string(key));
}

awaitable<void> custom_metadata(channel via, client_flags const&) {
    response_info info;
    call_options options;
    options.info = &info;
    options.metadata.add(echo_initial, initial_value);
    options.metadata.add(echo_trailing, trailing_value);
    auto calling = unary(via, simple_request(), options);
    result<SimpleResponse> const r = co_await std::move(calling);
    require_body(r.value().payload(), large_response_size);
    require_one(info.initial_metadata, echo_initial, initial_value);
    require_one(info.trailing_metadata, echo_trailing, trailing_value);

    options.info = nullptr;
    auto opening = open_duplex(via, options);
    duplex_call call = co_await std::move(opening);
    std::vector<int> const wanted(1, large_response_size);
    auto writing = write(call, output_request(wanted, large_request_size));
    co_await std::move(writing);
    co_await writes_done(call);
    auto waiting = call.async_read_initial_metadata();
    result<metadata> const initial = co_await std::move(waiting);
    co_await read_body(call, large_response_size);
    co_await require_end(call);
    require_one(initial.value(), echo_initial, initial_value);
    require_one(call.trailing_metadata(), echo_trailing, trailing_value);
}

// --- statuses
// ---------------------------------------------------------------------------------------------------------

template <class Request>
Request failing(std::string const& message) {
    Request q;
    q.mutable_response_status()->set_code(static_cast<int>(status_code::unknown));
    q.mutable_response_status()->set_message(message);
    return q;
}

awaitable<void> require_status_of_unary(channel via, std::string message) {
    auto calling = unary(via, failing<SimpleRequest>(message));
    result<SimpleResponse> const r = co_await std::move(calling);
    status const s = require_failure(r, status_code::unknown);
    require(s.message() == message, "another message: " + std::string(s.message()));
}

awaitable<void> status_code_and_message(channel via, client_flags const&) {
    std::string const message = "test status message";
    co_await require_status_of_unary(via, message);

    auto opening = open_duplex(via, call_options());
    duplex_call call = co_await std::move(opening);
    auto writing = write(call, failing<StreamingOutputCallRequest>(message));
    co_await std::move(writing);
    auto ending = call.async_writes_done();
    (void)co_await std::move(ending); // the status may be there already
    status const s = co_await require_failed_end(call, status_code::unknown);
    require_equal(s.message(), message);
}

awaitable<void> special_status_message(channel via, client_flags const&) {
    return require_status_of_unary(std::move(via),
                                   "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n");
}

template <class Method>
awaitable<void> require_unimplemented(channel via, Method method) {
    grpc::testing::Empty const q;
    auto calling = via.async_call(method, q);
    result<grpc::testing::Empty> const r = co_await std::move(calling);
    require_failure(r, status_code::unimplemented);
}

awaitable<void> unimplemented_method(channel via, client_flags const&) {
    return require_unimplemented(std::move(via), service::unimplemented_call);
}

awaitable<void> unimplemented_service(channel via, client_flags const&) {
    return require_unimplemented(std::move(via), grpc::testing::unimplemented_service::unimplemented_call);
}

// --- the end of patience
// ----------------------------------------------------------------------------------------------

awaitable<void> cancel_after_begin(channel via, client_flags const&) {
    auto opening = open_input(via, call_options());
    input_call call = co_await std::move(opening);
    call.cancel();
    result<StreamingInputCallResponse> const r = co_await finish(call);
    require_failure(r, status_code::cancelled);
}

awaitable<void> cancel_after_first_response(channel via, client_flags const&) {
    auto opening = open_duplex(via, call_options());
    duplex_call call = co_await std::move(opening);
    std::vector<int> const wanted(1, 31415);
    auto writing = write(call, output_request(wanted, 27182));
    co_await std::move(writing);
    co_await read_body(call, wanted[0]);
    call.cancel();
    co_await require_failed_end(call, status_code::cancelled);
}

/// The deadline may pass before the call has a connection, or in the middle of its request.
awaitable<void> timeout_on_sleeping_server(channel via, client_flags const&) {
    call_options options;
    options.timeout = 1ms;
    auto opening = via.async_open(service::full_duplex_call, options);
    result<duplex_call> call = co_await std::move(opening);
    if (call.has_error()) {
        require_failure(call, status_code::deadline_exceeded);
        co_return;
    }
    std::vector<int> const none;
    StreamingOutputCallRequest const q = output_request(none, 27182);
    auto writing = call->async_write(q);
    if (result<void> const sent = co_await std::move(writing); sent.has_error())
        require_failure(sent, status_code::deadline_exceeded);
    co_await require_failed_end(*call, status_code::deadline_exceeded);
}

constexpr test_case cases[] = {
    {"custom_metadata", custom_metadata},
    {"status_code_and_message", status_code_and_message},
    {"special_status_message", special_status_message},
    {"unimplemented_method", unimplemented_method},
    {"unimplemented_service", unimplemented_service},
    {"cancel_after_begin", cancel_after_begin},
    {"cancel_after_first_response", cancel_after_first_response},
    {"timeout_on_sleeping_server", timeout_on_sleeping_server},
};

} // namespace

std::span<test_case const> status_cases() {
    return cases;
}

} // namespace joust::test::interop
