//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "common.hpp"

#include "json_text.hpp"

#include <utility>

namespace joust::cli {

game::client make_client(boost::asio::any_io_executor const& executor, options const& o,
                         std::shared_ptr<progress> told) {
    game::client_options c = game::options_for_one_call();
    c.service = o.service;
    c.channel.credentials = o.credentials;
    c.channel.use_strand = false;
    c.channel.user_agent = "joust-cli";
    c.channel.max_receive_message_size = 0xffffffff; // whoever calls by hand wants to see the answer
    c.channel.observer = std::move(told);
    return game::client(executor, o.address, std::move(c));
}

game::call_options call_options_of(options const& o) {
    game::call_options c;
    c.timeout = o.timeout;
    c.metadata = o.metadata;
    c.headers = o.headers;
    c.many_answers = o.many;
    return c;
}

int print_json(std::string_view text) {
    if (auto const complaint = complaint_about_json(text)) {
        status const bad(status_code::internal, "the answer is " + *complaint);
        complain(place::payload, describe(bad));
        return exit_code_of(bad);
    }
    return print_answer(text) ? 0 : exit_output;
}

} // namespace joust::cli
