//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/configuration.hpp"

#include "client/target.hpp"
#include "game/config/given_twice.hpp"
#include "game/config/tables.hpp"
#include "game/registry.hpp"

#include <boost/json/parse_options.hpp>
#include <boost/json/parser.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace joust::game {

struct server_configuration::method_changes {
    /// The JSON of what the file says, by service and method.
    std::map<std::string, std::map<std::string, boost::json::value, std::less<>>, std::less<>> by_service;
    config::reading context;

    /// Sets what `value` says of a method.
    void apply(std::string const& path, boost::json::value const& value, service& to,
               std::string const& method_name) const;
};

namespace config {

namespace {

void read_method(node const& n, method_options& to) {
    method_table().read(n, to);
    n.complain_as_validated(validate(to));
}

void read_address(node const& n, std::string_view address) {
    if (auto const parsed = joust::client::parse_target(address); parsed.has_error())
        n.complain(parsed.error().message());
}

/// One address, where a client may have many and other sources of them.
void read_listen_address(node const& n, std::string_view address) {
    using source = joust::client::target::source;
    auto const parsed = joust::client::parse_target(address);
    if (parsed.has_error())
        n.complain(parsed.error().message());
    else if (parsed->from != source::dns && (parsed->from != source::addresses || parsed->addresses.size() != 1))
        n.complain("must be one address, host:port or unix:path");
}

void read_clients(node const& n, configuration& to) {
    if (!n.value().is_object())
        return n.complain("must be an object of clients by name");
    for (auto const& member : n.value().get_object()) {
        std::string const name(member.key().data(), member.key().size());
        if (name.empty()) {
            n.complain("a client needs a name");
            continue;
        }
        client_configuration& c = to.clients[name];
        node const its = n.member(name, member.value());
        std::size_t const before = n.context().complaints.size();
        client_table().read(its, c);
        if (n.context().complaints.size() != before)
            continue; // what follows from a mistake is of no use
        if (!c.address.empty())
            read_address(its.member("address", its.value()), c.address);
        its.complain_as_validated(validate(c.options.channel));
        if (c.tls)
            if (auto complaint = validate(*c.tls))
                its.complain_as_validated("tls." + *complaint);
        client_options rest = c.options;
        rest.channel = default_channel_options();
        its.complain_as_validated(validate(rest));
    }
}

void read_server(node const& n, configuration& to) {
    std::size_t const before = n.context().complaints.size();
    server_table().read(n, to.server);
    if (n.context().complaints.size() != before)
        return;
    for (std::size_t i = 0; i != to.server.listen.size(); ++i)
        read_listen_address(n.member("listen", n.value()).element(i, n.value()), to.server.listen[i]);
    n.complain_as_validated(validate(to.server.options));
    n.complain_as_validated(validate(to.server.service_options));
    if (to.server.tls)
        if (auto complaint = validate(*to.server.tls))
            n.complain_as_validated("tls." + *complaint);
}

result<configuration> parse(std::string_view text, std::string const& name, std::string folder) {
    auto const refuse = [&](std::string const& why) {
        return status(status_code::invalid_argument, name.empty() ? why : name + ": " + why);
    };
    boost::json::parse_options how;
    how.allow_comments = true;
    how.allow_trailing_commas = true;
    boost::json::parser parser({}, how);
    boost::system::error_code error;
    std::size_t const read = parser.write(text.data(), text.size(), error);
    if (error) {
        auto const line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n');
        return refuse("not JSON, in line " + std::to_string(line) + ": " + error.message());
    }
    boost::json::value const value = parser.release();

    configuration c;
    reading context{std::move(folder), names_given_twice(text, how)};
    static auto const all = [] {
        table_of<configuration> t;
        t.add_special("server", "object", read_server, "", "The server.")
            .add_special("clients", "object", read_clients, "", "Clients by name.");
        return t;
    }();
    all.read(node(value, {}, context), c);
    if (context.complaints.empty())
        return c;
    std::string lines;
    for (std::string const& each : context.complaints)
        lines.append(lines.empty() ? "" : "\n").append(name.empty() ? "" : name + ": ").append(each);
    return status(status_code::invalid_argument, std::move(lines));
}

} // namespace

void read_services(node const& n, server_configuration& to) {
    if (!n.value().is_object())
        return n.complain("must be an object of services by name");
    auto changes = std::make_shared<server_configuration::method_changes>();
    changes->context.folder = n.context().folder;
    for (auto const& service : n.value().get_object()) {
        std::string const name(service.key().data(), service.key().size());
        node const its = n.member(name, service.value());
        if (!service.value().is_object()) {
            its.complain("must be an object of methods by name");
            continue;
        }
        auto& methods = changes->by_service[name];
        for (auto const& method : service.value().get_object()) {
            std::string const method_name(method.key().data(), method.key().size());
            method_options unused;
            read_method(its.member(method_name, method.value()), unused);
            methods.emplace(method_name, method.value());
        }
    }
    to.methods = std::move(changes);
}

} // namespace config

void server_configuration::apply(services& to) const {
    if (!methods)
        return;
    for (auto const& [name, of] : methods->by_service) {
        std::string const path = "server.services." + name;
        service* const s = to.find(name);
        if (s == nullptr)
            throw std::invalid_argument(path + ": there is no such service");
        for (auto const& [method_name, value] : of)
            methods->apply(std::string(path).append(".").append(method_name), value, *s, method_name);
    }
}

void server_configuration::method_changes::apply(std::string const& path, boost::json::value const& value, service& to,
                                                 std::string const& method_name) const {
    auto const method = to.find(method_name);
    if (method == nullptr)
        throw std::invalid_argument(path + ": the service has no such method");
    method_options changed = method->options;
    config::reading read = context;
    config::read_method(config::node(value, path, read), changed);
    if (!read.complaints.empty()) // together with what the program has set
        throw std::invalid_argument(read.complaints.front());
    to.method(method_name, std::move(changed));
}

result<server_credentials> server_configuration::credentials() const {
    return tls ? server_credentials::tls(*tls) : result<server_credentials>(server_credentials());
}

result<std::vector<endpoint>> server_configuration::listen_at(joust::server& server) const {
    if (listen.empty())
        return status(status_code::failed_precondition, "server.listen: names no address");
    auto const secured = credentials();
    if (secured.has_error())
        return secured.error();
    std::vector<endpoint> all;
    for (std::string const& address : listen) {
        auto at = server.listen(address, *secured);
        if (at.has_error())
            return at.error();
        all.push_back(std::move(*at));
    }
    return all;
}

result<client> client_configuration::connect(boost::asio::any_io_executor executor, std::string_view name) const {
    client_options o = options;
    if (tls) {
        auto secured = channel_credentials::tls(*tls);
        if (secured.has_error())
            return secured.error();
        o.channel.credentials = std::move(*secured);
    }
    std::string target = address;
    if (target.empty()) {
        auto found = services_of_environment(name);
        if (found.has_error())
            return found.error();
        target = std::move(*found);
    }
    if (o.default_service.empty())
        o.default_service = name;
    return client(std::move(executor), target, std::move(o));
}

result<configuration> configuration::parse(std::string_view text) {
    return config::parse(text, {}, {});
}

result<configuration> configuration::load(std::string const& file) {
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    std::string text;
    std::array<char, 4096> some;
    while (in.read(some.data(), some.size()), in.gcount() > 0)
        text.append(some.data(), static_cast<std::size_t>(in.gcount()));
    if (!in.is_open() || in.bad()) // a folder can be opened
        return status(status_code::not_found, file + ": " + std::generic_category().message(errno != 0 ? errno : EIO),
                      status_origin::local, error_code(errno, boost::system::generic_category()));
    std::size_t const slash = file.rfind('/');
    return config::parse(text, file,
                         slash == std::string::npos ? std::string() : file.substr(0, std::max<std::size_t>(slash, 1)));
}

result<client> configuration::connect(boost::asio::any_io_executor executor, std::string_view name) const {
    auto const at = clients.find(name);
    return at != clients.end() ? at->second.connect(std::move(executor), name)
                               : client_configuration().connect(std::move(executor), name);
}

result<std::string> services_of_environment(std::string_view service) {
    std::string variable;
    for (char const c : service)
        variable += std::isalnum(static_cast<unsigned char>(c)) != 0
                        ? static_cast<char>(std::toupper(static_cast<unsigned char>(c)))
                        : '_';
    variable += "_SERVICES";
    char const* const text = std::getenv(variable.c_str());
    if (text == nullptr || *text == '\0')
        return status(status_code::failed_precondition,
                      "the servers of \"" + std::string(service) + "\" are not known: the environment variable " +
                          variable + (text == nullptr ? " is not set" : " is empty") + " (host:port,host:port)");
    return "env:" + variable;
}

} // namespace joust::game
