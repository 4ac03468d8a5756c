//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/describe/class.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// @file
/// What services say of themselves. All of it is described: `json::encode` writes it.

namespace joust::game {

/// What there is to know of a method before it is called.
struct method_description {
    std::string name;
    std::string description;
    /// JSON Schemas (2020-12) of the payloads; of a method that returns nothing, `{"type":"null"}`.
    boost::json::value arguments;
    boost::json::value result;
    /// That of each pushed answer; nothing for a method that pushes none.
    std::optional<boost::json::value> pushes;
    /// It serves a whole stream: `arguments` are those of each request, `pushes` each answer to them.
    bool serves_stream = false;
    /// How long it may take, in seconds; nothing for a method that is not stopped. This and the sizes are those of the
    /// options and of the interceptors around it (`timeout`, `limits`).
    std::optional<double> timeout;
    bool idempotent = false;
    unsigned max_attempts = 0;
    std::size_t max_arguments_size = 0;
    std::size_t max_answer_size = 0;
};
BOOST_DESCRIBE_STRUCT(method_description, (),
                      (name, description, arguments, result, pushes, serves_stream, timeout, idempotent, max_attempts,
                       max_arguments_size, max_answer_size))

/// A service and its methods, those left out that are hidden.
struct service_description {
    std::string name;
    std::string address; ///< where clients find it; may be empty
    std::vector<method_description> methods;
};
BOOST_DESCRIBE_STRUCT(service_description, (), (name, address, methods))

/// What `services::describe` gives, and `joust.describe` answers.
struct services_description {
    std::vector<service_description> services;
};
BOOST_DESCRIBE_STRUCT(services_description, (), (services))

/// What `joust.list` answers of a service.
struct service_summary {
    std::string name;
    std::string address;
    std::vector<std::string> methods;
};
BOOST_DESCRIBE_STRUCT(service_summary, (), (name, address, methods))

/// The arguments of the methods of `joust`: all services, one, or one method of it.
struct introspection_query {
    std::optional<std::string> service;
    std::optional<std::string> method;
};
BOOST_DESCRIBE_STRUCT(introspection_query, (), (service, method))

} // namespace joust::game
