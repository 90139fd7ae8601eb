/* Samples of records, and ways to spoil them, for the tests of this room. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "protocol/library.h"
#include "protocol/receipt.h"

#define ok(call) assert_int_equal(call, OK)

static inline void fill(uint8_t *out, size_t size, uint8_t first)
{
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(first + i);
}

static inline char *text_of(const char *text)
{
    char *copy = mem_copy(bytes_str(text));
    assert_non_null(copy);
    return copy;
}

/* A candidate with every field filled. */
static inline struct candidate sample_candidate(void)
{
    struct candidate out = {.kind = CANDIDATE_RECOVERY, .outcome = OUTCOME_SUCCESS, .runs_for = 3, .runs_against = 1};
    ok(phrases_add(&out.when, "a booking is refused because payments do not add up"));
    ok(phrases_add(&out.when, "the customer pays with two cards"));
    ok(phrases_add(&out.act, "recompute bags and insurance"));
    ok(phrases_add(&out.act, "book again with the new sum"));
    ok(phrases_add(&out.avoid, "charging more than was agreed"));
    ok(phrases_add(&out.why, "the price changes with each bag"));
    out.tool = text_of("book_reservation");
    out.error = text_of("payment amount does not add up");
    out.precondition = text_of("calculate");
    out.argument = text_of("payment_methods");
    out.order[out.order_count++] = text_of("calculate");
    out.order[out.order_count++] = text_of("book_reservation");
    fill(out.task, sizeof out.task, 0x30);
    return out;
}

static inline struct contribution sample_text(void)
{
    struct contribution out = {.class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = 2};
    fill(out.redaction, sizeof out.redaction, 0x80);
    out.candidates = mem_new(2, sizeof *out.candidates);
    assert_non_null(out.candidates);
    out.candidates[0] = sample_candidate();
    out.candidates[1].kind = CANDIDATE_PITFALL;
    out.candidates[1].outcome = OUTCOME_FAILURE;
    ok(phrases_add(&out.candidates[1].avoid, "guessing an order number"));
    return out;
}

static inline struct contribution sample_noised(void)
{
    struct contribution out = {.class = CLASS_NOISED,
                               .noised = {.codebook = 1, .epsilon_micro = 500000, .scale = 64, .vote_count = 2}};
    out.noised.votes = mem_new(2, sizeof *out.noised.votes);
    out.noised.features = mem_new(3, sizeof *out.noised.features);
    assert_non_null(out.noised.votes);
    assert_non_null(out.noised.features);
    out.noised.votes[0] = (struct noised_vote){.code = 7, .bit = 1};
    out.noised.votes[1] = (struct noised_vote){.code = 4294967295, .bit = 0};
    out.noised.feature_count = 3;
    out.noised.features[0] = -2147483647 - 1;
    out.noised.features[2] = 2147483647;
    return out;
}

static inline struct federation sample_federation(void)
{
    struct federation out = {.name = "Example federation", .ca_pem = text_of("-----BEGIN CERTIFICATE-----\nMA==\n")};
    fill(out.id, sizeof out.id, 1);
    fill(out.sealing_key_id, sizeof out.sealing_key_id, 2);
    fill(out.sealing_key, sizeof out.sealing_key, 3);
    fill(out.receipt_key, sizeof out.receipt_key, 4);
    fill(out.library_key, sizeof out.library_key, 5);
    fill(out.evidence_key, sizeof out.evidence_key, 6);
    fill(out.checkpoint_key, sizeof out.checkpoint_key, 7);
    policy_default(&out.policy);
    return out;
}

static inline struct library sample_library(void)
{
    struct library out = {
        .version = 2, .round = 3, .epoch = "2026-11", .k = 3, .insight_count = 2, .retraction_count = 1};
    fill(out.federation, sizeof out.federation, 1);
    fill(out.policy, sizeof out.policy, 9);
    out.insights = mem_new(2, sizeof *out.insights);
    out.retractions = mem_new(1, sizeof *out.retractions);
    assert_non_null(out.insights);
    assert_non_null(out.retractions);
    for (size_t i = 0; i < 2; i++) {
        struct insight *insight = &out.insights[i];
        insight->text = sample_candidate();
        insight->text.runs_for = insight->text.runs_against = 0;
        memset(insight->text.task, 0, sizeof insight->text.task);
        fill(insight->id, sizeof insight->id, (uint8_t)(0x10 + i));
        insight->rate = i ? INSIGHT_RATE_UNKNOWN : 8;
        insight->support = i ? SUPPORT_20 : SUPPORT_K;
        insight->link_count = i;
    }
    memcpy(out.insights[1].links[0], out.insights[0].id, INSIGHT_ID_BYTES);
    fill(out.retractions[0], INSIGHT_ID_BYTES, 0x60);
    return out;
}

/* The text with one spot replaced; the spot must be there. Caller frees the buf. */
static inline struct buf spoiled(const struct buf *text, const char *spot, const char *by)
{
    struct buf out;
    buf_init(&out);
    size_t at = bytes_find(buf_bytes(text), bytes_str(spot));
    if (at == SIZE_MAX)
        fail_msg("the record has no %s", spot);
    buf_add(&out, bytes_part(buf_bytes(text), 0, at));
    buf_add_str(&out, by);
    buf_add(&out, bytes_part(buf_bytes(text), at + strlen(spot), text->size));
    ok(buf_status(&out));
    return out;
}

/* A record, a spot in it, what stands there instead, and what the decoder must say. */
struct spoil {
    const char *spot, *by;
    enum status expected;
};

/* Decode, expecting a status; frees what it decoded. */
typedef enum status (*try_decode)(struct bytes text, struct why *why);

static inline void check_spoils(const struct buf *text, try_decode decode, const struct spoil *spoils, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct why why = {0};
        SCOPED_BUF struct buf bad = spoiled(text, spoils[i].spot, spoils[i].by);
        enum status got = decode(buf_bytes(&bad), &why);
        if (got != spoils[i].expected)
            fail_msg("%s -> %s gave %s", spoils[i].spot, spoils[i].by, status_text(got));
    }
}

/* What every record refuses: cut off anywhere, a later version, an unknown field, a field twice, other spellings. The
 * record is of the latest version that there is. */
static inline void check_record_version(const struct buf *text, try_decode decode, int version)
{
    static const struct {
        const char *before, *after; /* the number */
        int more;                   /* added to it */
        enum status expected;
    } others[] = {
        {"\"v\":", "", 1, ERR_VERSION},       {"\"v\":", ",\"v0\":0", 1, ERR_VERSION},
        {"\"v\":\"", "\"", 0, ERR_INPUT},     {"\"v\":", ",\"v0\":0", 0, ERR_INPUT},
        {"\"v\":", ",\"v\":1", 0, ERR_INPUT}, {"\"v\": ", "", 0, ERR_INPUT},
        {"\"v\":", ".0", 0, ERR_INPUT},       {"\"v\":", "e0", 0, ERR_INPUT},
        {"\"\\u0076\":", "", 0, ERR_INPUT},
    };
    char spot[16], by[32];
    snprintf(spot, sizeof spot, "\"v\":%d", version);
    ok(decode(buf_bytes(text), NULL));
    check_spoils(text, decode, &(struct spoil){spot, "\"v\":0", ERR_INPUT}, 1);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(by, sizeof by, "%s%d%s", others[i].before, version + others[i].more, others[i].after);
        check_spoils(text, decode, &(struct spoil){spot, by, others[i].expected}, 1);
    }
    for (size_t size = 0; size < text->size; size++)
        assert_int_equal(decode(bytes_part(buf_bytes(text), 0, size), NULL), ERR_INPUT);
    SCOPED_BUF struct buf longer;
    buf_init(&longer);
    buf_add(&longer, buf_bytes(text));
    buf_add_byte(&longer, ' ');
    assert_int_equal(decode(buf_bytes(&longer), NULL), ERR_INPUT);
}
static inline void check_record(const struct buf *text, try_decode decode)
{
    check_record_version(text, decode, 1);
}
