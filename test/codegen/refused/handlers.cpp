//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Handlers that do not fit. refuse.py compiles this and compares the errors with the comments, one for each case.

#include "kinds.joust.hpp"

namespace asio = boost::asio;
using kinds::Answer;
using kinds::Question;

/// Every handler as it should be; each case hides one of them.
struct good {
    Answer ask_one(Question const&);
    asio::awaitable<Answer> ask_many(joust::server_reader<Question>&);
    asio::awaitable<void> tell_many(Question, joust::server_writer<Answer>&);
    asio::awaitable<void> talk(joust::server_stream<Question, Answer>&);
};

// error: kinds.Oracle/AskOne: the handler ask_one is missing or does not fit; expected: R ask_one(kinds::Question); R
// is kinds::Answer, joust::result of it, or boost::asio::awaitable of either; a joust::call_context& may come last
struct without_handler : private good {
    using good::ask_many;
    using good::talk;
    using good::tell_many;
};
auto bind_it(without_handler& handlers) {
    return kinds::oracle::bind(handlers);
}

// error: kinds.Oracle/AskOne: the handler ask_one is missing or does not fit
struct wrong_request : good {
    Answer ask_one(Answer const&);
};
auto bind_it(wrong_request& handlers) {
    return kinds::oracle::bind(handlers);
}

// error: kinds.Oracle/AskOne: the handler ask_one is missing or does not fit
struct request_by_reference : good {
    Answer ask_one(Question&);
};
auto bind_it(request_by_reference& handlers) {
    return kinds::oracle::bind(handlers);
}

// error: kinds.Oracle/AskOne: the handler ask_one is missing or does not fit
struct wrong_response : good {
    asio::awaitable<joust::result<Question>> ask_one(Question const&);
};
auto bind_it(wrong_response& handlers) {
    return kinds::oracle::bind(handlers);
}

// error: kinds.Oracle/AskOne: the handler ask_one is missing or does not fit
struct no_response : good {
    asio::awaitable<void> ask_one(Question const&);
};
auto bind_it(no_response& handlers) {
    return kinds::oracle::bind(handlers);
}

// error: kinds.Oracle/AskOne: the handler ask_one is missing or does not fit
struct const_object : good {
    asio::awaitable<Answer> ask_many(joust::server_reader<Question>&) const;
    asio::awaitable<void> tell_many(Question, joust::server_writer<Answer>&) const;
    asio::awaitable<void> talk(joust::server_stream<Question, Answer>&) const;
};
auto bind_it(const_object const& handlers) {
    return kinds::oracle::bind(handlers);
}

// error: kinds.Oracle/AskMany: the handler ask_many is missing or does not fit; expected: boost::asio::awaitable<R>
// ask_many(joust::server_reader<kinds::Question>&); R is kinds::Answer or joust::result of it; a joust::call_context&
// may come last
struct plain_client_streaming : good {
    Answer ask_many(joust::server_reader<Question>&);
};
auto bind_it(plain_client_streaming& handlers) {
    return kinds::oracle::bind(handlers);
}

// error: kinds.Oracle/TellMany: the handler tell_many is missing or does not fit; expected: boost::asio::awaitable<S>
// tell_many(kinds::Question, joust::server_writer<kinds::Answer>&); S is void, joust::status or joust::result<void>;
// a joust::call_context& may come last
struct private_handler : good {
private:
    using good::tell_many;
};
auto bind_it(private_handler& handlers) {
    return kinds::oracle::bind(handlers);
}

// error: kinds.Oracle/TellMany: the handler tell_many is missing or does not fit
struct server_streaming_with_answer : good {
    asio::awaitable<Answer> tell_many(Question, joust::server_writer<Answer>&);
};
auto bind_it(server_streaming_with_answer& handlers) {
    return kinds::oracle::bind(handlers);
}

// error: kinds.Oracle/Talk: the handler talk is missing or does not fit; expected: boost::asio::awaitable<S>
// talk(joust::server_stream<kinds::Question, kinds::Answer>&); S is void, joust::status or joust::result<void>; a
// joust::call_context& may come last
struct bidi_streaming_reversed : good {
    asio::awaitable<void> talk(joust::server_stream<Answer, Question>&);
};
auto bind_it(bidi_streaming_reversed& handlers) {
    return kinds::oracle::bind(handlers);
}
