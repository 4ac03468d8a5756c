//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/protobuf.hpp"

#include "game_service.pb.h"
#include "joust/game/message_pack.hpp"

#include <google/protobuf/descriptor.pb.h>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>

namespace joust::game {

BOOST_AUTO_TEST_SUITE(protobuf_payload)

namespace {

using ::game::grpc::RpcRequest;
using numbers = google::protobuf::UninterpretedOption; // has integers of 64 bits, a double and bytes

/// A JSON text as a message, as protobuf prints it; or the error.
template <class Message>
std::string read(std::string_view text, json::decode_options const& how = {}) {
    Message m;
    status const failed = payload<Message>::decode(m, text, nullptr, how);
    return failed.ok() ? m.ShortDebugString() : failed.to_string();
}

template <class Message>
std::string written(Message const& m, payload_codec const* codec = nullptr) {
    buffer out("before");
    status const failed = payload<Message>::encode(out, m, codec, {});
    BOOST_TEST(out.view().starts_with("before"));
    return failed.ok() ? std::string(out.view().substr(6)) : failed.to_string();
}

numbers edges() {
    numbers n;
    n.set_positive_int_value(std::numeric_limits<std::uint64_t>::max());
    n.set_negative_int_value(std::numeric_limits<std::int64_t>::min());
    n.set_double_value(10);
    return n;
}

constexpr std::string_view edges_text =
    R"("positive_int_value":"18446744073709551615","negative_int_value":"-9223372036854775808","double_value":10)";

} // namespace

BOOST_AUTO_TEST_CASE(integers_of_64_bits_keep_their_digits) {
    BOOST_TEST(written(edges()).find(edges_text) != std::string::npos);
    std::string const debug = edges().ShortDebugString();
    BOOST_TEST(read<numbers>("{" + std::string(edges_text) + "}") == debug);
    BOOST_TEST(
        read<numbers>(
            R"({"positiveIntValue":18446744073709551615,"negativeIntValue":-9223372036854775808,"doubleValue":10.0})") ==
        debug);
    any_codec const pack = message_pack();
    std::string const packed = written(edges(), pack.get());
    numbers back;
    BOOST_TEST(payload<numbers>::decode(back, packed, pack.get(), {}).ok());
    BOOST_TEST(back.positive_int_value() == edges().positive_int_value());
    BOOST_TEST(back.negative_int_value() == edges().negative_int_value());
    BOOST_TEST(back.double_value() == 10);
}

BOOST_AUTO_TEST_CASE(only_json_is_read_as_json) {
    for (std::string_view const text : {"{'method_name':'m'}", "{method_name:\"m\"}", "{\"method_name\":\"m\",}",
                                        "{} {}", "{\"method_name\":\"\xff\"}"})
        BOOST_TEST(read<RpcRequest>(text).starts_with("INVALID_ARGUMENT: invalid JSON at offset "));
    BOOST_TEST(read<RpcRequest>("[]").starts_with("INVALID_ARGUMENT: "));
    BOOST_TEST(read<RpcRequest>(R"({"method_name":7.5})").starts_with("INVALID_ARGUMENT: game.grpc.RpcRequest: "));
    BOOST_TEST(read<RpcRequest>("") == "INVALID_ARGUMENT: game.grpc.RpcRequest: wanted an object, found null");
    BOOST_TEST(read<RpcRequest>("{}") == "");
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_as_the_options_say) {
    BOOST_TEST(read<RpcRequest>(R"({"horse":1})").starts_with("INVALID_ARGUMENT: game.grpc.RpcRequest: "));
    BOOST_TEST(read<RpcRequest>(R"({"horse":1,"method_name":"m"})", {.ignore_unknown_fields = true}) ==
               "method_name: \"m\"");
    BOOST_TEST(read<RpcRequest>(R"({"metadata":{"a":{"b":"c"}}})", {.max_depth = 1})
                   .starts_with("INVALID_ARGUMENT: invalid JSON at offset "));
}

BOOST_AUTO_TEST_CASE(own_format_is_the_bytes_of_the_message) {
    any_codec const codec = protobuf_codec();
    RpcRequest m;
    m.set_method_name("m");
    m.set_payload("\xff");
    std::string const bytes = written(m, codec.get());
    BOOST_TEST(bytes == m.SerializeAsString());
    RpcRequest back;
    BOOST_TEST(payload<RpcRequest>::decode(back, bytes, codec.get(), {}).ok());
    BOOST_TEST(back.SerializeAsString() == bytes);
    for (std::size_t size = 1; size != bytes.size(); ++size) {
        RpcRequest cut; // between two fields it is a message, too
        bool const whole = cut.ParseFromString(bytes.substr(0, size));
        BOOST_TEST(payload<RpcRequest>::decode(back, bytes.substr(0, size), codec.get(), {}).ok() == whole);
    }
    buffer text;
    BOOST_TEST(payload<RpcRequest>::to_json(text, bytes, *codec).ok());
    BOOST_TEST(text.view() == R"({"service_name":"","method_name":"m","payload":"/w==","metadata":{}})");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::game
