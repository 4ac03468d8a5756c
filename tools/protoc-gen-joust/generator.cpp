//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "generator.hpp"
#include "names.hpp"

#include <google/protobuf/compiler/cpp/names.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/stubs/strutil.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::codegen {

namespace pb = google::protobuf;
namespace cpp = google::protobuf::compiler::cpp;

namespace {

constexpr std::string_view kinds[] = {"unary_method", "client_streaming_method", "server_streaming_method",
                                      "bidi_streaming_method"};

/// Replaces each `{name}` of `text`; what it is replaced by is left alone.
std::string fill(std::string_view text, std::vector<std::pair<std::string_view, std::string_view>> const& values) {
    std::string filled;
    for (std::size_t brace = text.find('{'); brace != std::string_view::npos; brace = text.find('{')) {
        filled += text.substr(0, brace++);
        std::string_view const name = text.substr(brace, text.find('}', brace) - brace);
        auto const value = std::ranges::find(values, name, [](auto const& v) { return v.first; });
        filled += value == values.end() ? "{" : value->second;
        text.remove_prefix(value == values.end() ? brace : brace + name.size() + 1);
    }
    return filled += text;
}

std::string literal(std::string const& text) {
    return '"' + pb::CEscape(text) + '"';
}

/// The comment of a descriptor as `///` lines.
template <class Descriptor>
std::string comment(Descriptor const& of) {
    pb::SourceLocation where;
    if (!of.GetSourceLocation(&where))
        return {};
    std::string_view rest = where.leading_comments.empty() ? where.trailing_comments : where.leading_comments;
    rest = rest.substr(0, rest.find_last_not_of(" \t\r\n") + 1);
    std::string lines;
    while (!rest.empty()) {
        std::size_t const end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        // A backslash at the end would make a comment of the next line.
        line = line.substr(0, line.find_last_not_of(" \t\r\\") + 1);
        lines.append("///").append(line.empty() || line.front() == ' ' ? "" : " ").append(line).append("\n");
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return lines;
}

struct method {
    method(pb::MethodDescriptor const& d, std::string_view chosen_name)
        : descriptor(d), name(chosen_name), request(cpp::QualifiedClassName(d.input_type())),
          response(cpp::QualifiedClassName(d.output_type())) {}

    std::size_t kind() const {
        return (descriptor.client_streaming() ? 1U : 0U) + (descriptor.server_streaming() ? 2U : 0U);
    }
    std::string path() const { return descriptor.service()->full_name() + "/" + descriptor.name(); }

    pb::MethodDescriptor const& descriptor;
    std::string_view name;
    std::string request;
    std::string response;
};

std::string declaration(method const& m) {
    std::string const value = fill("{deprecated}inline constexpr ::joust::{kind}<{request}, {response}> {name}{",
                                   {{"deprecated", m.descriptor.options().deprecated() ? "[[deprecated]] " : ""},
                                    {"kind", kinds[m.kind()]},
                                    {"request", m.request},
                                    {"response", m.response},
                                    {"name", m.name}});
    std::string const path = "\"/" + m.path() + "\"};\n\n";
    bool const wide = value.size() + path.size() > 122; // without the line ends
    return comment(m.descriptor) + value + (wide ? "\n    " : "") + path;
}

/// What a handler of this method looks like, in the words of the error.
std::string expected(method const& m) {
    static constexpr std::string_view signatures[] = {
        "R {name}({request})",
        "boost::asio::awaitable<R> {name}(joust::server_reader<{request}>&)",
        "boost::asio::awaitable<S> {name}({request}, joust::server_writer<{response}>&)",
        "boost::asio::awaitable<S> {name}(joust::server_stream<{request}, {response}>&)",
    };
    static constexpr std::string_view answers[] = {
        "R is {response}, joust::result of it, or boost::asio::awaitable of either",
        "R is {response} or joust::result of it",
        "S is void, joust::status or joust::result<void>",
        "S is void, joust::status or joust::result<void>",
    };
    return fill(std::string(signatures[m.kind()]) + ";\"\n                  \" " + std::string(answers[m.kind()]),
                {{"name", m.name},
                 {"request", std::string_view(m.request).substr(2)},
                 {"response", std::string_view(m.response).substr(2)}});
}

std::string binding(method const& m) {
    return fill(R"(    constexpr auto call_{method} =
        [](auto& impl, auto&&... args) -> decltype(impl.{name}(::std::forward<decltype(args)>(args)...)) {
        return impl.{name}(::std::forward<decltype(args)>(args)...);
    };
    static_assert(::joust::serves<Handlers, decltype({name}), decltype(call_{method})>,
                  "{path}: the handler {name} is missing or does not fit; expected:"
                  " {expected};"
                  " a joust::call_context& may come last");
    binder.add({name}, call_{method});

)",
                {{"expected", expected(m)}, {"method", m.descriptor.name()}, {"path", m.path()}, {"name", m.name}});
}

bool is_deprecated(pb::ServiceDescriptor const& service) {
    return service.options().deprecated() || service.file()->options().deprecated();
}

std::string generate(pb::ServiceDescriptor const& service, std::string_view name) {
    std::vector<std::string> const names = method_names(service);
    std::string declarations;
    std::string bindings;
    for (int i = 0; i != service.method_count(); ++i) {
        method const m(*service.method(i), names[static_cast<std::size_t>(i)]);
        declarations += declaration(m);
        bindings += binding(m);
    }
    return fill(R"({comment}namespace {deprecated}{name} {

inline constexpr ::joust::service_info service{"{full_name}", {file}};

{declarations}/// Serves each method by the member function of `handlers` that has its name. See `joust::binder`.
template <class Handlers>
::joust::binder<Handlers> bind(Handlers&& handlers) {
    ::joust::binder<Handlers> binder(service, ::std::forward<Handlers>(handlers));

{bindings}    return binder;
}

} // namespace {name}

)",
                {{"deprecated", is_deprecated(service) ? "[[deprecated]] " : ""},
                 {"name", name},
                 {"full_name", service.full_name()},
                 {"file", literal(service.file()->name())},
                 {"bindings", bindings},
                 {"comment", comment(service)},
                 {"declarations", declarations}});
}

/// True when this file's code uses something that is deprecated itself.
bool uses_deprecated(pb::FileDescriptor const& file) {
    for (int i = 0; i != file.service_count(); ++i) {
        pb::ServiceDescriptor const& service = *file.service(i);
        for (int j = 0; j != service.method_count(); ++j) {
            pb::MethodDescriptor const& m = *service.method(j);
            if (m.options().deprecated() || m.input_type()->options().deprecated() ||
                m.output_type()->options().deprecated())
                return true;
        }
    }
    return false;
}

} // namespace

std::string generate(pb::FileDescriptor const& file) {
    std::string services;
    std::vector<std::string> const names = service_names(file);
    for (int i = 0; i != file.service_count(); ++i)
        services += generate(*file.service(i), names[static_cast<std::size_t>(i)]);
    if (std::string const package = namespace_of(file.package()); !package.empty() && !services.empty())
        services = "namespace " + package + " {\n\n" + services + "} // namespace " + package + "\n";
    if (uses_deprecated(file)) // only its users are to be warned
        services = "#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored \"-Wdeprecated-declarations\"\n\n" +
                   services + "\n#pragma GCC diagnostic pop\n";
    services = services.substr(0, services.find_last_not_of('\n') + 1);
    std::string header = "// Generated by protoc-gen-joust from " + file.name() + ". Do not edit.\n\n#pragma once\n\n" +
                         "#include \"" + cpp::StripProto(file.name()) + ".pb.h\"\n";
    if (!services.empty())
        header += "\n#include <joust/rpc/binder.hpp>\n#include <joust/rpc/protobuf.hpp>\n\n#include <utility>\n\n" +
                  services + "\n";
    return header;
}

} // namespace joust::codegen
