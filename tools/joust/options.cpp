//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "options.hpp"

#include "joust/core/version.hpp"
#include "joust/game/name.hpp"
#include "report.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <charconv>
#include <iostream>

namespace joust::cli {

namespace {

constexpr char const* footer = R"(
The exit code is the gRPC status code of the call (a code of the method itself maps to one: 404 is 5, NOT_FOUND), 0 for
success; 64 when the command line makes no sense, 74 when the answer cannot be written. Answers go to stdout, everything
else to stderr, an error as one line, `joust: WHERE: WHY`, with WHERE one of usage, resolve, connect, call, method,
payload, output.)";

std::pair<std::string, std::string> split_pair(std::string const& option, std::string const& text) {
    std::size_t const colon = text.find(':');
    if (colon == 0 || colon == std::string::npos)
        throw CLI::ValidationError(option, "wanted KEY:VALUE, found '" + text + "'");
    return {text.substr(0, colon), text.substr(colon + 1)};
}

/// The options of TLS; each of them asks for it.
struct tls_arguments {
    bool tls = false;
    tls_client_options options;

    bool wanted() const {
        return tls || !options.ca.empty() || !options.identity.empty() || !options.ssl_target_name_override.empty();
    }
};

void add_tls(CLI::App& to, tls_arguments& t) {
    to.add_flag("--tls", t.tls, "Use TLS, and the certificate authorities of the system");
    to.add_option("--ca", t.options.ca.file, "Use TLS, and the certificate authorities in this file")
        ->type_name("FILE");
    to.add_option("--cert", t.options.identity.certificate.file, "The client's certificate, for mutual TLS")
        ->type_name("FILE");
    to.add_option("--key", t.options.identity.key.file, "Its private key")->type_name("FILE");
    to.add_option("--server-name", t.options.ssl_target_name_override,
                  "The name that the server's certificate has to be for, if not the host of ADDRESS")
        ->type_name("NAME");
}

void add_address(CLI::App& to, options& o) {
    to.add_option("ADDRESS", o.address, "host:port, unix:path, unix-abstract:name")->required();
}

void add_method(CLI::App& to, options& o) {
    to.add_option("METHOD", o.method, "service.method")->required();
    to.add_option("--service", o.service, "Call the method of this service, whatever METHOD says")->type_name("NAME");
}

void add_common(CLI::App& to, options& o) {
    to.add_option_function<std::string>(
          "--timeout",
          [&o](std::string const& text) {
              o.timeout = parse_duration(text);
              if (!o.timeout)
                  throw CLI::ValidationError("--timeout",
                                             "wanted a time such as 500ms, 1.5s or 2m, found '" + text + "'");
          },
          "How long the call may take: 500ms, 1.5s, 2m")
        ->type_name("TIME");
    to.add_option_function<std::vector<std::string>>(
          "--metadata",
          [&o](std::vector<std::string> const& pairs) {
              for (std::string const& pair : pairs)
                  o.metadata.push_back(split_pair("--metadata", pair));
          },
          "Metadata of the request, in the envelope; may be repeated")
        ->type_name("KEY:VALUE")
        ->allow_extra_args(false);
    to.add_option_function<std::vector<std::string>>(
          "--header",
          [&o](std::vector<std::string> const& pairs) {
              for (std::string const& pair : pairs) {
                  auto const [key, value] = split_pair("--header", pair);
                  o.headers.add(key, value);
              }
              if (auto const complaint = validate(o.headers))
                  throw CLI::ValidationError("--header", *complaint);
          },
          "gRPC metadata of the call, in its headers; may be repeated")
        ->type_name("KEY:VALUE")
        ->allow_extra_args(false);
    to.add_flag("-v,--verbose", o.verbose, "Tell on stderr what happens and how long it takes");
}

} // namespace

std::optional<std::chrono::steady_clock::duration> parse_duration(std::string_view text) {
    constexpr double longest = 10.0 * 365 * 24 * 3600;
    double number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    std::string_view const unit = text.substr(static_cast<std::size_t>(end - text.data()));
    double const scale = unit == "ms" ? 1e-3 : unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
    std::chrono::duration<double> const seconds(number * scale);
    if (error != std::errc() || !(seconds.count() <= longest))
        return std::nullopt;
    auto const exact = std::chrono::duration_cast<std::chrono::steady_clock::duration>(seconds);
    return exact > exact.zero() ? std::optional(exact) : std::nullopt;
}

std::variant<options, int> parse_command_line(int argc, char const* const* argv) {
    options o;
    tls_arguments tls;
    CLI::App app("Calls methods of JSON services (game.grpc.GameService), and asks servers about them.", "joust");
    app.set_version_flag("--version", "joust " JOUST_VERSION_STRING);
    app.require_subcommand(1);
    app.footer(footer);

    CLI::App& call = *app.add_subcommand("call", "Call a method once and print its answer as it came");
    call.footer(footer);
    add_address(call, o);
    add_method(call, o);
    add_common(call, o);
    add_tls(call, tls);
    call.add_option("PAYLOAD", o.payload, "The arguments, a JSON object; - reads them from stdin; without it, none");

    CLI::App& stream = *app.add_subcommand(
        "stream", "Call a method with every line of stdin, over one stream, and print each answer as it comes");
    stream.footer(footer);
    add_address(stream, o);
    add_method(stream, o);
    add_common(stream, o);
    add_tls(stream, tls);
    stream.add_flag("--many", o.many, "Ask for each answer that the method pushes, not for an array of them");

    std::pair<CLI::App*, command> const introspecting[] = {
        {app.add_subcommand("list", "Tell what services and methods a server has"), command::list},
        {app.add_subcommand("describe", "Tell what its methods take and give"), command::describe},
        {app.add_subcommand("stats", "Tell what became of its calls"), command::stats}};
    for (auto const& [command, what] : introspecting) {
        command->footer(footer);
        add_address(*command, o);
        command->add_option("NAME", o.name, "Only this service, or service.method");
        command->add_flag("--json", o.json, "Print the answer as it came");
        add_common(*command, o);
        add_tls(*command, tls);
    }

    try {
        app.parse(argc, argv);
        o.what = stream.parsed() ? command::stream : command::call;
        for (auto const& [command, what] : introspecting)
            if (command->parsed())
                o.what = what;
        if (o.what == command::call || o.what == command::stream) {
            auto const name = game::resolve_name(o.method, o.address, o.service);
            if (name.has_error())
                throw CLI::ValidationError("METHOD", name.error().message());
        }
        if (tls.wanted()) {
            auto const credentials = channel_credentials::tls(tls.options);
            if (credentials.has_error())
                throw CLI::ValidationError("--tls", credentials.error().message());
            o.credentials = *credentials;
        }
    } catch (CLI::Success const& help) {
        return app.exit(help, std::cout, std::cerr);
    } catch (CLI::Error const& e) {
        complain(place::usage, fmt::format("{} (see joust --help)", e.what()));
        return exit_usage;
    }
    return o;
}

} // namespace joust::cli
