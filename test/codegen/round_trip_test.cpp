//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Generated code over loopback: every kind, every form of a handler, and who keeps the object alive.

#include "kinds.joust.hpp"
#include "shop/service.joust.hpp"
#include "support/loopback.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(generated_service)

namespace {

using asio::awaitable;
using kinds::Answer;
using kinds::Question;
namespace oracle = kinds::oracle;

template <class Message>
Message make(std::string text) {
    Message m;
    m.set_text(std::move(text));
    return m;
}

template <class Reader, class Message>
awaitable<result<std::optional<Message>>> next(Reader& from) {
    auto reading = from.async_read();
    co_return co_await std::move(reading);
}

template <class Writer, class Message>
awaitable<void> send(Writer& to, Message m) {
    auto writing = to.async_write(m);
    result<void> written = co_await std::move(writing);
    written.value();
}

/// Plain where that may be, without contexts.
struct plain_oracle {
    Answer ask_one(Question const& q) { return make<Answer>(greeting + q.text()); }

    awaitable<Answer> ask_many(server_reader<Question>& questions) {
        std::string all;
        for (;;) {
            auto const q = (co_await next<server_reader<Question>, Question>(questions)).value();
            if (!q)
                co_return make<Answer>(all);
            all += q->text();
        }
    }
    awaitable<void> tell_many(Question q, server_writer<Answer>& answers) {
        for (char const c : q.text())
            co_await send(answers, make<Answer>(std::string(1, c)));
    }
    awaitable<void> talk(server_stream<Question, Answer>& both) {
        while (auto const q = (co_await next<server_reader<Question>, Question>(both)).value())
            co_await send(both, make<Answer>("<" + q->text() + ">"));
    }

    std::string greeting = "plain ";
};

/// Results, contexts, and other ways to be callable: const, static, a function object.
struct result_oracle {
    result<Answer> ask_one(Question q, call_context& c) const {
        if (q.text().empty())
            return status(status_code::invalid_argument, std::string(c.path()));
        return make<Answer>("result " + q.text());
    }
    static awaitable<result<Answer>> ask_many(server_reader<Question>&, call_context& c) {
        co_return status(status_code::aborted, std::string(c.path()));
    }
    awaitable<status> tell_many(Question, server_writer<Answer>&, call_context& c) const {
        co_return status(status_code::aborted, std::string(c.path()));
    }
    struct {
        awaitable<result<void>> operator()(server_stream<Question, Answer>&, call_context& c) const {
            co_return status(status_code::aborted, std::string(c.path()));
        }
    } talk;
};

/// The unary method as a coroutine; the others are somebody else's.
struct coroutine_oracle : plain_oracle {
    awaitable<Answer> ask_one(Question q) { co_return make<Answer>("coroutine " + q.text()); }
};
struct coroutine_result_oracle : plain_oracle {
    awaitable<result<Answer>> ask_one(Question, call_context& c) {
        co_return status(status_code::aborted, std::string(c.path()));
    }
};

awaitable<result<Answer>> ask(channel via, std::string text) {
    auto const q = make<Question>(std::move(text));
    auto calling = via.async_call(oracle::ask_one, q);
    co_return co_await std::move(calling);
}

/// The first answer to `text`, or how the call failed.
std::string answer_to(loopback& with, std::string text) {
    std::string seen;
    with.run([&, via = with.channel()]() -> awaitable<void> {
        auto const a = co_await ask(via, text);
        seen = a ? a->text() : std::string(to_string(a.error().code())) + " " + a.error().message();
    });
    return seen;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_form_of_a_unary_handler_answers) {
    auto const answer_of = [](auto handlers, std::string text) {
        loopback l;
        l.server.add(oracle::bind(handlers));
        l.listen();
        return answer_to(l, std::move(text));
    };
    BOOST_TEST(answer_of(plain_oracle(), "q") == "plain q");
    BOOST_TEST(answer_of(result_oracle(), "q") == "result q");
    BOOST_TEST(answer_of(result_oracle(), "") == "INVALID_ARGUMENT /kinds.Oracle/AskOne");
    BOOST_TEST(answer_of(coroutine_oracle(), "q") == "coroutine q");
    BOOST_TEST(answer_of(coroutine_result_oracle(), "q") == "ABORTED /kinds.Oracle/AskOne");
}

BOOST_AUTO_TEST_CASE(streams_pass_messages) {
    loopback l;
    plain_oracle handlers;
    l.server.add(oracle::bind(handlers));
    l.listen();
    l.run([via = l.channel()]() -> awaitable<void> {
        auto opening_up = via.async_open(oracle::ask_many);
        auto up = (co_await std::move(opening_up)).value();
        co_await send(up, make<Question>("to"));
        co_await send(up, make<Question>("gether"));
        auto done = up.async_writes_done();
        (co_await std::move(done)).value();
        auto finishing = up.async_finish();
        Answer const whole = (co_await std::move(finishing)).value();
        BOOST_TEST(whole.text() == "together");

        auto const letters = make<Question>("abc");
        auto opening_down = via.async_open(oracle::tell_many, letters);
        auto down = (co_await std::move(opening_down)).value();
        std::string seen;
        while (auto const a = (co_await next<decltype(down), Answer>(down)).value())
            seen += a->text();
        BOOST_TEST(seen == "abc");

        auto opening_both = via.async_open(oracle::talk);
        auto both = (co_await std::move(opening_both)).value();
        co_await send(both, make<Question>("hm"));
        auto const echoed = (co_await next<decltype(both), Answer>(both)).value();
        BOOST_TEST_REQUIRE(echoed.has_value());
        BOOST_TEST(echoed->text() == "<hm>");
    });
}

BOOST_AUTO_TEST_CASE(streams_end_with_the_status_of_their_handlers) {
    loopback l;
    l.server.add(oracle::bind(result_oracle()));
    l.listen();
    l.run([via = l.channel()]() -> awaitable<void> {
        auto opening_up = via.async_open(oracle::ask_many);
        auto up = (co_await std::move(opening_up)).value();
        auto finishing_up = up.async_finish();
        result<Answer> const many = co_await std::move(finishing_up);
        BOOST_TEST(many.error().message() == "/kinds.Oracle/AskMany");

        auto const q = make<Question>("q");
        auto opening_down = via.async_open(oracle::tell_many, q);
        auto down = (co_await std::move(opening_down)).value();
        auto finishing_down = down.async_finish();
        result<void> const told = co_await std::move(finishing_down);
        BOOST_TEST(told.error().message() == "/kinds.Oracle/TellMany");

        auto opening_both = via.async_open(oracle::talk);
        auto both = (co_await std::move(opening_both)).value();
        auto finishing_both = both.async_finish();
        result<void> const talked = co_await std::move(finishing_both);
        BOOST_TEST(talked.error().message() == "/kinds.Oracle/Talk");
    });
}

BOOST_AUTO_TEST_CASE(object_bound_by_reference_is_not_copied) {
    loopback l;
    plain_oracle handlers;
    l.server.add(oracle::bind(handlers));
    l.listen();
    handlers.greeting = "changed ";
    BOOST_TEST(answer_to(l, "q") == "changed q");
}

BOOST_AUTO_TEST_CASE(shared_object_lives_as_long_as_the_server) {
    auto handlers = std::make_shared<plain_oracle>();
    std::weak_ptr<plain_oracle> const watch = handlers;
    {
        loopback l;
        l.server.add(oracle::bind(std::move(handlers)));
        l.listen();
        BOOST_TEST(answer_to(l, "q") == "plain q");
    }
    BOOST_TEST(watch.expired());
}

BOOST_AUTO_TEST_CASE(unique_object_is_taken_over) {
    loopback l;
    l.server.add(oracle::bind(std::make_unique<plain_oracle>()));
    l.listen();
    BOOST_TEST(answer_to(l, "q") == "plain q");
}

BOOST_AUTO_TEST_CASE(null_pointer_is_refused) {
    BOOST_CHECK_EXCEPTION(oracle::bind(std::shared_ptr<plain_oracle>()), std::invalid_argument,
                          [](auto const& e) { return std::string(e.what()) == "no object was bound to kinds.Oracle"; });
}

BOOST_AUTO_TEST_CASE(one_binder_serves_two_servers) {
    auto const binder = oracle::bind(plain_oracle());
    loopback one;
    loopback two;
    for (loopback* const l : {&one, &two}) {
        l->server.add(binder);
        l->listen();
        BOOST_TEST(answer_to(*l, "q") == "plain q");
    }
}

BOOST_AUTO_TEST_CASE(service_bound_twice_is_refused) {
    loopback l;
    plain_oracle handlers;
    l.server.add(oracle::bind(handlers));
    BOOST_CHECK_THROW(l.server.add(oracle::bind(handlers)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(server_names_its_services_and_their_files) {
    struct {
        google::protobuf::Empty clear(google::protobuf::Empty const&) { return {}; }
        shop::types::Item_Price price_of(shop::types::Item const&) { return {}; }
        awaitable<google::protobuf::Int64Value> sum(server_reader<shop::types::Item_Price>&) {
            co_return google::protobuf::Int64Value();
        }
    } checkout;
    loopback l;
    BOOST_TEST(l.server.services().empty());
    l.server.add(shop::checkout::bind(checkout));
    l.server.add(oracle::bind(plain_oracle()));
    l.server.add(bytes_service::unary, echo_bytes::unary); // by hand: nobody knows its file
    std::vector<std::string> seen;
    for (service_info const& s : l.server.services())
        seen.push_back(std::string(s.name) + " " + std::string(s.file));
    std::vector<std::string> const expected{"kinds.Oracle kinds.proto", "shop.Checkout shop/service.proto",
                                            "test.Bytes "};
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
