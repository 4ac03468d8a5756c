//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/config/tables.hpp"

#include "joust/game/payload_codec.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::game::config {

table_of<keepalive_options> const& keepalive_table() {
    static auto const all = [] {
        using o = keepalive_options;
        table_of<o> t;
        t.add("time", &o::time, "After so long without a byte a PING is sent.")
            .add("timeout", &o::timeout, "How long its answer may take.")
            .add("permit_without_calls", &o::permit_without_calls, "A client pings also while no call is under way.");
        return t;
    }();
    return all;
}

table_of<tls_identity> const& identity_table() {
    static auto const all = [] {
        using o = tls_identity;
        table_of<o> t;
        t.add("certificate", &o::certificate, "The certificate, followed by those that vouch for it, in PEM.")
            .add("key", &o::key, "Its private key, in PEM.");
        return t;
    }();
    return all;
}

namespace {

std::vector<std::pair<std::string_view, tls_version>> versions() {
    return {{"1.2", tls_version::tls1_2}, {"1.3", tls_version::tls1_3}};
}

/// How what we send is written.
table_of<json::encode_options> const& writing_table() {
    static auto const all = [] {
        table_of<json::encode_options> t;
        t.add("omit_empty", &json::encode_options::omit_empty, "Leave out fields that are empty optionals.");
        return t;
    }();
    return all;
}

/// How what comes is read.
table_of<json::decode_options> const& reading_table() {
    static auto const all = [] {
        using o = json::decode_options;
        table_of<o> t;
        t.add("ignore_unknown_fields", &o::ignore_unknown_fields, "Skip members that the struct does not have.")
            .add("max_depth", &o::max_depth, "How deep arrays and objects may lie in each other, 1 to 1000.");
        return t;
    }();
    return all;
}

table_of<ping_limits> const& pings_table() {
    static auto const all = [] {
        using o = ping_limits;
        table_of<o> t;
        t.add("min_interval", &o::min_interval, "A ping sooner after another is a strike.")
            .add("permit_without_calls", &o::permit_without_calls, "The same interval for clients without a call.")
            .add("max_strikes", &o::max_strikes, "More are too many; 0: nobody counts.");
        return t;
    }();
    return all;
}

table_of<server_options> const& server_options_table() {
    static auto const all = [] {
        using o = server_options;
        table_of<o> t;
        t.add_size("max_receive_message_size", &o::max_receive_message_size, "Largest message accepted.")
            .add_size("max_send_message_size", &o::max_send_message_size, "Largest message sent.")
            .add("max_concurrent_streams", &o::max_concurrent_streams, "Calls under way on one connection.")
            .add_size("max_header_list_size", &o::max_header_list_size, "Largest header block accepted.")
            .add_size("stream_window", &o::stream_window, "What a client may send ahead of the reading, per call.")
            .add_size("send_queue", &o::send_queue, "A write waits while so much is queued for its call.")
            .add("use_strands", &o::use_strands, "For executors that several threads run.")
            .add("max_connections", &o::max_connections, "Connections open at a time.")
            .add("preface_timeout", &o::preface_timeout, "How long a client may take to begin with HTTP/2.")
            .add("max_connection_idle", &o::max_connection_idle, "A connection without calls for so long is closed.")
            .add("max_connection_age", &o::max_connection_age, "A connection this old takes no new calls.")
            .add("max_connection_age_grace", &o::max_connection_age_grace,
                 "How long those under way may take then; null: as long as they like.")
            .add_object("keepalive", &o::keepalive, keepalive_table(), "Pings to clients that have gone quiet.")
            .add_object("pings", &o::pings, pings_table(), "Pings that clients may send.")
            .add("max_running_handlers", &o::max_running_handlers,
                 "Handlers at work for one connection; 0: twice `max_concurrent_streams`.")
            .add("max_resets_per_second", &o::max_resets_per_second,
                 "Streams that a client may reset on a connection; 0: any number.")
            .add_size("max_http_body_size", &o::max_http_body_size, "Largest body of a request that is not gRPC's.");
        return t;
    }();
    return all;
}

/// Null for JSON, and for what is not known.
any_codec library_codec(std::string_view name) {
    for (any_codec const& each : default_codecs())
        if (each->name() == name)
            return each;
    return nullptr;
}

void read_codec(node const& n, client_options& to) {
    auto const name = n.text();
    if (!name)
        return;
    any_codec codec = library_codec(*name);
    if (codec == nullptr && *name != json_codec_name)
        return n.complain("must be one of json, msgpack");
    to.codec = std::move(codec);
}

void read_codecs(node const& n, services_options& to) {
    std::vector<std::string> names;
    std::size_t const before = n.context().complaints.size();
    kind<std::vector<std::string>>::read(n, names);
    if (n.context().complaints.size() != before)
        return;
    to.codecs.clear();
    for (std::size_t i = 0; i != names.size(); ++i)
        if (any_codec codec = library_codec(names[i]))
            to.codecs.push_back(std::move(codec));
        else
            n.element(i, n.value()).complain("must be msgpack");
}

table_of<services_options> const& services_options_table() {
    static auto const all = [] {
        using o = services_options;
        table_of<o> t;
        t.add_object("arguments", &o::arguments, reading_table(), "JSON services: how arguments are read.")
            .add_object("answers", &o::answers, writing_table(), "JSON services: how answers are written.")
            .add("min_heartbeat", &o::min_heartbeat, "The shortest interval of heartbeats that a client may ask for.")
            .add_special("codecs", "list of msgpack", read_codecs, "msgpack",
                         "What calls may be made in, besides JSON. Others are added in the program.")
            .add("introspection", &o::introspection, "Have the service `joust`: `joust.list` and so on.");
        return t;
    }();
    return all;
}

} // namespace

table_of<tls_client_options> const& tls_client_table() {
    static auto const all = [] {
        using o = tls_client_options;
        table_of<o> t;
        t.add("ca", &o::ca, "The certificates that vouch for the server's. Unset: the system's.")
            .add_object("identity", &o::identity, identity_table(), "The client's own, for mutual TLS.")
            .add("ssl_target_name_override", &o::ssl_target_name_override,
                 "The name in the server's certificate. Empty: the host of the address.")
            .add_choice("min_version", &o::min_version, versions(), "The oldest version of TLS.")
            .add_choice("max_version", &o::max_version, versions(), "The newest one.")
            .add("reload_interval", &o::reload_interval, "How often the files are looked at for a change; 0s: never.");
        return t;
    }();
    return all;
}

table_of<tls_server_options> const& tls_server_table() {
    static auto const all = [] {
        using o = tls_server_options;
        table_of<o> t;
        t.add_list("identities", &o::identities, identity_table(),
                   "Certificates and keys. A client gets the first one for the name that it asks for, else the first.")
            .add_choice("clients", &o::clients,
                        {{"ignored", client_certificates::ignored},
                         {"requested", client_certificates::requested},
                         {"required", client_certificates::required}},
                        "Whether clients must show a certificate.")
            .add("client_ca", &o::client_ca, "The certificates that vouch for the clients' ones.")
            .add_choice("min_version", &o::min_version, versions(), "The oldest version of TLS.")
            .add_choice("max_version", &o::max_version, versions(), "The newest one.")
            .add("handshake_timeout", &o::handshake_timeout, "How long a handshake may take.")
            .add("reload_interval", &o::reload_interval, "How often the files are looked at for a change; 0s: never.");
        return t;
    }();
    return all;
}

table_of<method_options> const& method_table() {
    static auto const all = [] {
        using o = method_options;
        table_of<o> t;
        t.add("timeout", &o::timeout, "How long the method may take.")
            .add("description", &o::description, "For people.")
            .add("idempotent", &o::idempotent, "The method may run twice for one call; told to clients.")
            .add("max_attempts", &o::max_attempts, "How often clients should try; told to them. 0 says nothing.")
            .add("hidden", &o::hidden, "Can be called, but is not shown.")
            .add_size("max_arguments_size", &o::max_arguments_size,
                      "Larger arguments are refused; 0: the server's limit.")
            .add_size("max_answer_size", &o::max_answer_size, "Larger answers are refused; 0: the server's limit.");
        return t;
    }();
    return all;
}

table_of<client_configuration> const& client_table() {
    static auto const all = [] {
        using o = client_configuration;
        table_of<client_options> own;
        own.add("service", &client_options::service,
                "The service of all calls, whatever they name. Empty: the one that the call names, else "
                "`default_service`.")
            .add("default_service", &client_options::default_service,
                 "The service of calls that name only a method. Empty: the name of this client.")
            .add("timeout", &client_options::timeout, "How long a call may take that does not say so itself.")
            .add_object("arguments", &client_options::arguments, writing_table(), "How arguments are written.")
            .add_object("answers", &client_options::answers, reading_table(), "How answers are read.")
            .add_special("codec", "json, msgpack", read_codec, "json",
                         "What arguments and answers are written in. Others are set in the program.")
            .add("codec_fallback", &client_options::codec_fallback,
                 "How long calls are made in JSON once a server does not know the codec; 0s: they fail with 415.");
        table_of<o> t;
        t.add("address", &o::address,
              "Where its servers are, as `joust::channel` takes it. Empty: the environment's `{NAME}_SERVICES`.")
            .add_object("tls", &o::tls, tls_client_table(), "TLS; null: none.")
            .include<client_options>(own, [](o& c) -> client_options& { return c.options; })
            .include<channel_options>(channel_table(), [](o& c) -> channel_options& { return c.options.channel; });
        return t;
    }();
    return all;
}

table_of<server_configuration> const& server_table() {
    static auto const all = [] {
        using o = server_configuration;
        table_of<o> t;
        t.add("listen", &o::listen, "Where to listen: `0.0.0.0:50051`, `[::]:50051`, `unix:/run/game.sock`.")
            .add_object("tls", &o::tls, tls_server_table(), "TLS; null: none.")
            .add_special(
                "services", "object", read_services, "",
                "By service and method, what is set of the method: `{\"logic\": {\"get\": {\"timeout\": \"1s\"}}}`.")
            .include<services_options>(services_options_table(),
                                       [](o& c) -> services_options& { return c.service_options; })
            .include<server_options>(server_options_table(), [](o& c) -> server_options& { return c.options; });
        return t;
    }();
    return all;
}

} // namespace joust::game::config
