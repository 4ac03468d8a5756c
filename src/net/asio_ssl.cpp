//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Asio's non-template functions for TLS, compiled once, as those of asio.cpp.
#include <boost/asio/ssl/impl/src.hpp>
