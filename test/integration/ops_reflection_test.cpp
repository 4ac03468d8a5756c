//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// grpc.reflection over sockets: both versions, and services that are added after it.

#include "joust/game/services.hpp"
#include "joust/ops/health_service.hpp"
#include "joust/ops/reflection_service.hpp"
#include "support/echo_service.hpp"
#include "support/loopback.hpp"

#include <google/protobuf/descriptor.pb.h>
#include <grpc/reflection/v1/reflection.joust.hpp>
#include <grpc/reflection/v1alpha/reflection.joust.hpp>

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

using namespace joust::test;

namespace ops_reflection_tests {

struct fixture : loopback {
    joust::game::services games;
    echo_service echo;
    joust::health_service health;

    fixture() {
        server.add(joust::reflection_service());
        server.add(games);
        server.add(echo);
        server.add(health);
        listen();
    }

    /// One question, and the response.
    template <class Method>
    asio::awaitable<typename Method::response_type> ask(Method method, typename Method::request_type q) {
        auto const via = channel();
        auto opening = via.async_open(method);
        auto opened = co_await std::move(opening);
        auto call = std::move(opened).value();
        auto writing = call.async_write(q);
        auto const written = co_await std::move(writing);
        written.value();
        auto reading = call.async_read();
        auto const response = co_await std::move(reading);
        auto ending = call.async_writes_done();
        auto const ended = co_await std::move(ending);
        ended.value();
        auto finishing = call.async_finish();
        auto const finished = co_await std::move(finishing);
        finished.value();
        co_return response.value().value();
    }

    template <class Method>
    asio::awaitable<void> ask_everything(Method method) {
        typename Method::request_type list;
        list.set_list_services("");
        auto const listed = co_await ask(method, list);
        std::string names;
        for (auto const& s : listed.list_services_response().service())
            names += s.name() + " ";
        BOOST_TEST(names == "game.grpc.GameService grpc.health.v1.Health grpc.reflection.v1.ServerReflection "
                            "grpc.reflection.v1alpha.ServerReflection joust.test.Echo ");
        for (auto const& s : listed.list_services_response().service()) {
            typename Method::request_type describe;
            describe.set_file_containing_symbol(s.name());
            auto const described = co_await ask(method, describe);
            BOOST_TEST_CONTEXT(s.name() << ": " << described.error_response().error_message()) {
                BOOST_REQUIRE(described.file_descriptor_response().file_descriptor_proto_size() == 1);
                google::protobuf::FileDescriptorProto file;
                BOOST_TEST(file.ParseFromString(described.file_descriptor_response().file_descriptor_proto(0)));
                BOOST_TEST(file.package() + "." + file.service(0).name() == s.name());
            }
        }
    }
};

BOOST_FIXTURE_TEST_SUITE(reflection, fixture)

BOOST_AUTO_TEST_CASE(both_versions_tell_of_every_service) {
    run([&]() -> asio::awaitable<void> {
        co_await ask_everything(grpc::reflection::v1::server_reflection::server_reflection_info);
        co_await ask_everything(grpc::reflection::v1alpha::server_reflection::server_reflection_info);
    });
}

BOOST_AUTO_TEST_CASE(null_pool_is_refused) {
    BOOST_CHECK_THROW(joust::reflection_service({.pools = {nullptr}}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ops_reflection_tests
