//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What the compiler says of each mistake. refuse.py compares the errors with the comments.

#include "joust/game/client.hpp"
#include "joust/game/middleware/check.hpp"
#include "joust/game/middleware/criteria.hpp"
#include "joust/game/raw_json.hpp"
#include "joust/game/server_stream.hpp"
#include "joust/game/services.hpp"
#include "joust/rpc/server.hpp"
#include "support/loopback.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/describe/class.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace joust::test {

namespace game = joust::game;
namespace asio = boost::asio;

struct question {
    int id = 0;
};
BOOST_DESCRIBE_STRUCT(question, (), (id))

struct undescribed {
    int id = 0;
};

struct without_methods {
    int id = 0;
};
BOOST_DESCRIBE_STRUCT(without_methods, (), (id))

struct number_of_unknown_presence {
    std::map<int, int> all;
    int id;
};
BOOST_DESCRIBE_STRUCT(number_of_unknown_presence, (), (all, id))

struct with_raw_part {
    game::raw_json part;
};
BOOST_DESCRIBE_STRUCT(with_raw_part, (), (part))

void misuse(game::services& services, game::service& service, joust::server& server) {
    // error: describe the service class: BOOST_DESCRIBE_STRUCT(my_service, (), (method, ...))
    services.add("a", std::make_shared<undescribed>());
    // error: the service class describes no public methods
    services.add("a", std::make_shared<without_methods>());

    // error: a method takes its arguments as one described struct, or none, besides call_context& and
    service.add("b", [](question, question) {});
    // error: a method takes one responses<T>& or one server_stream<In, Out>&
    service.add("c", [](game::responses<int>&, game::responses<int>&) -> asio::awaitable<void> { co_return; });
    // error: a method that takes responses<T>& must be a coroutine (return an awaitable)
    service.add("d", [](game::responses<int>&) {});
    // error: a method that takes server_stream<In, Out>& must be a coroutine (return an awaitable)
    service.add("e", [](game::server_stream<question, int>&) {});
    // error: a method that takes server_stream<In, Out>& takes no arguments: it reads them from the stream
    service.add("f", [](question, game::server_stream<question, int>&) -> asio::awaitable<void> { co_return; });
    // error: a method takes server_stream<In, Out> by reference
    service.add("g", [](game::server_stream<question, int> const&) -> asio::awaitable<void> { co_return; });

    // error: a unary handler takes (Request) or (Request, call_context&)
    server.add(bytes_service::unary, [] { return octets(); });
    // error: no match for call to

    // error: a client streaming handler takes (server_reader<Request>&) or that and a call_context&
    server.add(bytes_service::client_stream, [](octets q) { return q; });
    // error: a server streaming handler takes (Request, server_writer<Response>&) or that and a call_context&
    server.add(bytes_service::server_stream, [](octets q) { return q; });
    // error: a bidirectional handler takes (server_stream<Request, Response>&) or that and a call_context&
    server.add(bytes_service::bidi, [](octets q) { return q; });

    // error: the completion handler has no executor of its own: pass one first
    game::async_call("localhost:1", "logic.f", question(), {}, [](result<boost::json::value>) {});

    // error: joust::json cannot read this type: describe it with BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_ENUM
    (void)json::decode<undescribed>("{}");
    // error: joust::json cannot write this type: describe it with BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_ENUM
    (void)json::encode_to_string(undescribed());
    // error: joust::json cannot read a std::string_view: the text would not outlive the parser. Use std::string
    (void)json::decode<std::string_view>("{}");
    // error: joust::json cannot read a value_view: it would not outlive the parser
    (void)json::decode<json::value_view>("{}");
    // error: joust::json cannot read this variant: two of its alternatives are the same kind of JSON value
    (void)json::decode<std::variant<int, double>>("{}");
    // error: joust::json cannot tell which fields of this struct may be missing: it has a number without an
    (void)json::decode<number_of_unknown_presence>("{}");
    // error: raw_json is a whole answer, not a part of one: the text of parts is not kept
    (void)json::decode<with_raw_part>("{}");

    // error: check needs a criterion
    (void)game::check(&question::id);
    // error: describe the struct whose fields are checked: BOOST_DESCRIBE_STRUCT(my_arguments, (), (name, ...))
    (void)game::check(&undescribed::id, game::between(1, 2));
}

} // namespace joust::test
