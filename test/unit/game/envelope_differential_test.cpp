//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/envelope.hpp"

#include "game_service.pb.h"

#include <boost/test/unit_test.hpp>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>

#include <map>
#include <random>
#include <string>
#include <vector>

// The envelope against libprotobuf: the same bytes out, and of any bytes in the same opinion.

BOOST_AUTO_TEST_SUITE(envelope_differential)

namespace {

using joust::buffer;
using joust::game::request_view;
using joust::game::response_view;

class generator {
public:
    explicit generator(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t n) { return random_() % n; }

    std::string text() {
        static char const* const pieces[] = {"a", "logic", "\u00e9", "\u20ac", "\U0001F600", ".", "", "0", "\n"};
        std::string out;
        for (std::size_t n = below(5); n != 0; --n)
            out += pieces[below(std::size(pieces))];
        if (below(20) == 0)
            out.append(below(300), 'x');
        return out;
    }
    std::string bytes() {
        std::string out(below(20) == 0 ? below(20'000) : below(12), '\0');
        for (char& c : out)
            c = static_cast<char>(random_());
        return out;
    }
    std::int32_t code() {
        static constexpr std::int32_t some[] = {0, 1, 200, 404, 504, -1, INT32_MIN, INT32_MAX};
        return below(2) == 0 ? some[below(std::size(some))] : static_cast<std::int32_t>(random_());
    }
    /// Small changes, which the format may or may not survive.
    std::string mutated(std::string message) {
        static constexpr char tags[] =
            "\x08\x0a\x0b\x0c\x0d\x10\x12\x1a\x22\x23\x24\x29\x2b\x2c\x2d\x80\xff\x00\x01\x7f";
        for (std::size_t n = 1 + below(3); n != 0; --n) {
            std::size_t const at = below(message.size() + 1);
            char const c = below(2) == 0 ? tags[below(sizeof tags)] : static_cast<char>(random_());
            switch (below(4)) {
            case 0: message.insert(at, 1 + below(3), c); break;
            case 1: message.erase(at, 1 + below(3)); break;
            case 2: message.resize(at); break;
            default:
                if (at < message.size())
                    message[at] = c;
            }
        }
        return message;
    }

private:
    std::mt19937 random_;
};

template <class Message>
std::string deterministic(Message const& message) {
    std::string out;
    {
        google::protobuf::io::StringOutputStream stream(&out);
        google::protobuf::io::CodedOutputStream coded(&stream);
        coded.SetSerializationDeterministic(true);
        message.SerializeWithCachedSizes(&coded);
    }
    return out;
}

game::grpc::RpcRequest random_request(generator& random) {
    game::grpc::RpcRequest message;
    message.set_service_name(random.text());
    message.set_method_name(random.text());
    message.set_payload(random.bytes());
    for (std::size_t n = random.below(4) == 0 ? random.below(40) : random.below(3); n != 0; --n)
        (*message.mutable_metadata())[random.text()] = random.text();
    return message;
}

game::grpc::RpcResponse random_response(generator& random) {
    game::grpc::RpcResponse message;
    message.set_code(random.code());
    message.set_message(random.text());
    message.set_payload(random.bytes());
    return message;
}

void check_same(request_view const& ours, game::grpc::RpcRequest const& theirs) {
    BOOST_REQUIRE(ours.service_name == theirs.service_name());
    BOOST_REQUIRE(ours.method_name == theirs.method_name());
    BOOST_REQUIRE(ours.payload == theirs.payload());
    BOOST_REQUIRE(ours.metadata.size() == theirs.metadata().size());
    for (auto const& [key, value] : ours.metadata) {
        auto const at = theirs.metadata().find(std::string(key));
        BOOST_REQUIRE((at != theirs.metadata().end() && at->second == value));
    }
}

void check_same(response_view const& ours, game::grpc::RpcResponse const& theirs) {
    BOOST_REQUIRE(ours.code == theirs.code());
    BOOST_REQUIRE(ours.message == theirs.message());
    BOOST_REQUIRE(ours.payload == theirs.payload());
}

std::string hex(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (char const c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

/// Both read the bytes, or both refuse them.
template <class View, class Message>
bool compare(std::string_view bytes, joust::status (*decode)(std::string_view, View&), Message& theirs, View& ours) {
    bool const taken = theirs.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    joust::status const s = decode(bytes, ours);
    BOOST_REQUIRE_MESSAGE(s.ok() == taken, "libprotobuf says " << taken << ", we say " << s << " of " << hex(bytes));
    if (taken)
        check_same(ours, theirs);
    return taken;
}

} // namespace

BOOST_AUTO_TEST_CASE(requests_have_the_same_bytes_and_read_the_same) {
    generator random(1);
    request_view ours;
    buffer out;
    for (int i = 0; i != 5'000; ++i) {
        game::grpc::RpcRequest const message = random_request(random);
        std::map<std::string_view, std::string_view> const sorted(message.metadata().begin(), message.metadata().end());
        request_view const view{
            message.service_name(), message.method_name(), message.payload(), {sorted.begin(), sorted.end()}};
        out.clear();
        BOOST_REQUIRE(joust::game::encode_request(out, view).ok());
        BOOST_REQUIRE(out.view() == deterministic(message));
        game::grpc::RpcRequest theirs;
        BOOST_REQUIRE(compare(out.view(), &joust::game::decode_request, theirs, ours));
    }
}

BOOST_AUTO_TEST_CASE(responses_have_the_same_bytes_and_read_the_same) {
    generator random(2);
    response_view ours;
    buffer out;
    for (int i = 0; i != 5'000; ++i) {
        game::grpc::RpcResponse const message = random_response(random);
        out.clear();
        BOOST_REQUIRE(joust::game::encode_response(out, {message.code(), message.message(), message.payload()}).ok());
        BOOST_REQUIRE(out.view() == deterministic(message));
        game::grpc::RpcResponse theirs;
        BOOST_REQUIRE(compare(out.view(), &joust::game::decode_response, theirs, ours));
    }
}

BOOST_AUTO_TEST_CASE(damaged_messages_are_taken_or_refused_alike) {
    generator random(3);
    // libprotobuf logs each text that is not UTF-8.
    google::protobuf::LogSilencer const quiet;
    request_view request;
    response_view response;
    int taken = 0;
    int refused = 0;
    for (int i = 0; i != 40'000; ++i) {
        game::grpc::RpcRequest request_theirs;
        game::grpc::RpcResponse response_theirs;
        std::string const a = random.mutated(random_request(random).SerializeAsString());
        std::string const b = random.mutated(random_response(random).SerializeAsString());
        for (bool const ok : {compare(a, &joust::game::decode_request, request_theirs, request),
                              compare(b, &joust::game::decode_response, response_theirs, response),
                              compare(b, &joust::game::decode_request, request_theirs, request)})
            ++(ok ? taken : refused);
    }
    BOOST_TEST(taken > 10'000);
    BOOST_TEST(refused > 10'000);
}

BOOST_AUTO_TEST_CASE(short_bytes_are_taken_or_refused_alike) {
    google::protobuf::LogSilencer const quiet;
    request_view ours;
    game::grpc::RpcRequest theirs;
    static constexpr char alphabet[] = "\x00\x01\x02\x03\x0a\x0b\x0c\x12\x22\x2b\x2c\x80\xc3\xa9\xff";
    std::string bytes;
    generator random(4);
    for (int i = 0; i != 200'000; ++i) {
        bytes.resize(random.below(9));
        for (char& c : bytes)
            c = alphabet[random.below(sizeof alphabet - 1)];
        compare(bytes, &joust::game::decode_request, theirs, ours);
    }
}

BOOST_AUTO_TEST_SUITE_END()
