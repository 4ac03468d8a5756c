//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/client_codec.hpp"
#include "joust/rpc/channel_base.hpp"

#include <boost/asio/any_completion_handler.hpp>

#include <memory>
#include <vector>

namespace joust::game {

/// The codec that a call is made in, and what is learned about it.
struct codec_choice {
    std::shared_ptr<detail::call_codec> codec;
    std::shared_ptr<detail::codec_memory> memory;
};

/// Makes a Call; once more in JSON when the server does not know the codec.
void call_with_codec(std::shared_ptr<channel_base> const& via, buffer framed, joust::call_options options,
                     codec_choice choice, boost::asio::any_completion_handler<void(result<buffer>)> handler);

/// The same with a StreamCall of these requests, when all of them were refused.
void exchange_with_codec(std::shared_ptr<channel_base> const& via, std::vector<buffer> framed,
                         joust::call_options options, codec_choice choice,
                         boost::asio::any_completion_handler<void(result<std::vector<buffer>>)> handler);

} // namespace joust::game
