//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

// Asio's functions are in the library, and with BOOST_ASIO_NO_DEPRECATED some of them are other functions: a program
// has to agree with it. The targets and .pc files of a library that was built so define both.
#if defined(BOOST_ASIO_NO_DEPRECATED) && !defined(JOUST_ASIO_NO_DEPRECATED)
#error "this joust was built without BOOST_ASIO_NO_DEPRECATED: leave it away, or set JOUST_ASIO_NO_DEPRECATED=ON"
#endif
