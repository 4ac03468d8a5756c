//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/service_descriptor.hpp"

#include "game_service.pb.h"

#include <google/protobuf/descriptor.pb.h>

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(game_service_descriptor)

BOOST_AUTO_TEST_CASE(is_that_of_the_proto) {
    google::protobuf::FileDescriptor const& file = *::game::grpc::RpcRequest::descriptor()->file();
    google::protobuf::FileDescriptorProto expected;
    file.CopyTo(&expected);
    file.CopyJsonNameTo(&expected);
    BOOST_TEST(joust::game::game_service_info.descriptor == expected.SerializeAsString());
    BOOST_TEST(joust::game::game_service_info.file == file.name());
    BOOST_TEST(joust::game::game_service_info.name == file.service(0)->full_name());
}

BOOST_AUTO_TEST_SUITE_END()
