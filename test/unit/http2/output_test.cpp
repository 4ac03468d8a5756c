//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/output.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace joust;
using namespace joust::http2;

namespace {

using pieces = std::vector<std::span<std::uint8_t const>>;

pieces pieces_of(output const& out) {
    pieces p;
    out.pieces(p);
    return p;
}

std::string text_of(output const& out) {
    std::string text;
    for (auto const& p : pieces_of(out))
        text.append(reinterpret_cast<char const*>(p.data()), p.size());
    return text;
}

void copy(output& out, std::string_view text) {
    out.copy(text.data(), text.size());
}

outgoing* node_with(outgoing_pool& pool, std::string_view text) {
    outgoing* const node = pool.acquire();
    node->data.append(text);
    return node;
}

} // namespace

BOOST_AUTO_TEST_SUITE(output_)

BOOST_AUTO_TEST_CASE(new_one_is_empty) {
    outgoing_pool pool;
    output const out(pool);
    BOOST_TEST(out.empty());
    BOOST_TEST(out.size() == 0u);
    BOOST_TEST(pieces_of(out).empty());
}

BOOST_AUTO_TEST_CASE(copies_are_one_piece) {
    outgoing_pool pool;
    output out(pool);
    copy(out, "ab");
    copy(out, "cd");
    BOOST_TEST(out.size() == 4u);
    BOOST_TEST(pieces_of(out).size() == 1u);
    BOOST_TEST(text_of(out) == "abcd");
}

BOOST_AUTO_TEST_CASE(references_come_in_order_between_copies) {
    outgoing_pool pool;
    output out(pool);
    outgoing* const node = node_with(pool, "0123456789");
    out.refer(*node, 0, 3);
    copy(out, "a");
    out.refer(*node, 3, 4);
    out.refer(*node, 7, 3);
    copy(out, "b");
    BOOST_TEST(out.size() == 12u);
    BOOST_TEST(pieces_of(out).size() == 5u);
    BOOST_TEST(text_of(out) == "012a3456789b");
    pool.release(node);
}

BOOST_AUTO_TEST_CASE(pieces_are_appended_to_what_is_there) {
    outgoing_pool pool;
    output out(pool);
    copy(out, "a");
    pieces p = pieces_of(out);
    out.pieces(p);
    BOOST_TEST(p.size() == 2u);
}

BOOST_AUTO_TEST_CASE(reference_is_not_a_copy) {
    outgoing_pool pool;
    output out(pool);
    outgoing* const node = node_with(pool, "message");
    out.refer(*node, 1, 4);
    BOOST_TEST(static_cast<void const*>(pieces_of(out)[0].data()) == node->data.data() + 1);
    pool.release(node);
}

BOOST_AUTO_TEST_CASE(referred_node_outlives_its_stream) {
    outgoing_pool pool;
    output out(pool);
    outgoing* const node = node_with(pool, "message");
    out.refer(*node, 0, 3);
    out.refer(*node, 3, 4);
    pool.release(node); // the stream is done with it
    outgoing* const other = node_with(pool, "xxxxxxx");
    BOOST_TEST(other != node);
    BOOST_TEST(text_of(out) == "message");
    out.clear();
    BOOST_TEST(pool.acquire() == node); // and now it is free; a leak otherwise
    pool.release(node);
    pool.release(other);
}

BOOST_AUTO_TEST_CASE(cleared_one_can_be_used_again) {
    outgoing_pool pool;
    output out(pool);
    outgoing* const node = node_with(pool, "message");
    copy(out, "a");
    out.refer(*node, 0, 7);
    out.clear();
    BOOST_TEST(out.empty());
    BOOST_TEST(pieces_of(out).empty());
    copy(out, "b");
    BOOST_TEST(text_of(out) == "b");
    pool.release(node);
}

BOOST_AUTO_TEST_CASE(clearing_a_small_one_keeps_its_storage) {
    outgoing_pool pool;
    output out(pool);
    copy(out, std::string(1000, 'a'));
    auto const* const before = pieces_of(out)[0].data();
    out.clear();
    copy(out, "b");
    BOOST_TEST(static_cast<void const*>(pieces_of(out)[0].data()) == before);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(outgoing_pool_)

BOOST_AUTO_TEST_CASE(released_node_is_reused_with_its_storage) {
    outgoing_pool pool;
    outgoing* const node = node_with(pool, "message");
    node->offset = 3;
    auto const capacity = node->data.capacity();
    pool.release(node);
    outgoing* const again = pool.acquire();
    BOOST_TEST(again == node);
    BOOST_TEST(again->data.empty());
    BOOST_TEST(again->data.capacity() == capacity);
    BOOST_TEST(again->offset == 0u);
    BOOST_TEST(again->references == 1u);
    BOOST_TEST(again->next == nullptr);
    pool.release(again);
}

BOOST_AUTO_TEST_CASE(storage_of_a_large_message_is_not_kept) {
    outgoing_pool pool;
    outgoing* const node = node_with(pool, std::string(1'000'000, 'x'));
    pool.release(node);
    outgoing* const again = pool.acquire();
    BOOST_TEST(again->data.capacity() < 10'000u);
    pool.release(again);
}

BOOST_AUTO_TEST_CASE(crowd_of_nodes_is_handed_back) {
    outgoing_pool pool;
    std::vector<outgoing*> nodes;
    for (int i = 0; i < 1000; ++i)
        nodes.push_back(pool.acquire());
    for (outgoing* const n : nodes)
        pool.release(n); // some are kept, some deleted: the leak checker looks at the rest
    for (int i = 0; i < 1000; ++i) {
        nodes[static_cast<std::size_t>(i)] = pool.acquire();
        BOOST_TEST(nodes[static_cast<std::size_t>(i)]->references == 1u);
    }
    for (outgoing* const n : nodes)
        pool.release(n);
}

BOOST_AUTO_TEST_SUITE_END()
