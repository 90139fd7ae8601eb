/* Members that send, each by its own connection and thread, and remember what they sent and what was acknowledged. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "tests/server/noised.h"
#include "base/encode.h"
#include "client/home.h"
#include "client/remote.h"
#include "protocol/receipt.h"
#include "tests/e2e/daemon.h"
#include "transport/http.h"

#define LOAD_REPLY_MAX (1 << 20)
#define LOAD_EPSILON_MICRO 10

enum load_kind { LOAD_TEXT, LOAD_NOISED, LOAD_WITHDRAWAL };
struct load_item {
    enum load_kind kind;
    uint8_t id[ID_BYTES];
    uint8_t target[ID_BYTES]; /* of a withdrawal: what is withdrawn */
    bool is_gone;             /* of a contribution: a withdrawal of it was sent */
    struct buf receipt;       /* empty: it was not acknowledged */
};
struct sender {
    struct home home;
    const char *url;
    uint64_t number, count, again; /* again: acknowledged twice, with the same receipt */
    struct random_seeded seeded;
    struct random random;
    size_t item_count, room;
    struct load_item *items;
    atomic_bool *ends;
    atomic_size_t acknowledged;
    const char *wrong; /* NULL: all as it should be */
    pthread_t thread;
};

static inline struct http *load_connect(const struct home *home, const char *url)
{
    struct http *http = NULL;
    const struct http_identity identity = {.ca_pem = bytes_str(home->federation.ca_pem),
                                           .certificate_pem = bytes_str(home->certificate_pem),
                                           .key = &home->tls_key};
    assert_int_equal(http_new(url, &identity, &http, NULL), OK);
    return http;
}

static inline struct load_item *load_new_item(struct sender *sender)
{
    if (sender->item_count == sender->room) {
        size_t room = sender->room ? 2 * sender->room : 1024;
        sender->items = mem_grow(sender->items, sender->room, room, sizeof *sender->items);
        assert_non_null(sender->items);
        sender->room = room;
    }
    struct load_item *item = &sender->items[sender->item_count++];
    uint64_t id[2] = {sender->number, ++sender->count};
    memcpy(item->id, id, sizeof item->id);
    return item;
}

static inline void load_text(struct sender *sender, struct buf *record)
{
    static const char *const whens[] = {"an order is not found by its number", "a booking is refused",
                                        "a flight can not be changed"};
    struct contribution contribution = {.class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = 1};
    struct candidate candidate = {
        .kind = CANDIDATE_RECOVERY, .outcome = OUTCOME_SUCCESS, .runs_for = 2, .runs_against = 1};
    uint64_t task = random_u64(sender->random);
    memcpy(candidate.task, &task, sizeof task);
    assert_int_equal(phrases_add(&candidate.when, whens[random_below(sender->random, 3)]), OK);
    assert_int_equal(phrases_add(&candidate.act, "add the leading character and ask again"), OK);
    contribution.candidates = &candidate;
    assert_int_equal(contribution_encode(&contribution, record), OK);
    candidate_free(&candidate);
}

static inline void load_record(struct sender *sender, struct load_item *item, struct buf *record)
{
    const struct contribution noised = {.class = CLASS_NOISED, .noised = NOISED(LOAD_EPSILON_MICRO)};
    switch (item->kind) {
    case LOAD_TEXT:
        load_text(sender, record);
        return;
    case LOAD_NOISED:
        assert_int_equal(contribution_encode(&noised, record), OK);
        return;
    case LOAD_WITHDRAWAL:
        assert_int_equal(withdrawal_encode(item->target, record), OK);
        return;
    }
}

static inline void load_seal(struct sender *sender, struct load_item *item, struct buf *envelope)
{
    const struct home *home = &sender->home;
    struct envelope_header header = {.kind =
                                         item->kind == LOAD_WITHDRAWAL ? ENVELOPE_WITHDRAWAL : ENVELOPE_CONTRIBUTION};
    SCOPED_BUF struct buf record = {0};
    load_record(sender, item, &record);
    memcpy(header.federation, home->federation.id, FEDERATION_ID_BYTES);
    memcpy(header.sealing_key_id, home->federation.sealing_key_id, KEY_ID_BYTES);
    memcpy(header.tenant, home->tenant, ID_BYTES);
    memcpy(header.device, home->device, ID_BYTES);
    memcpy(header.id, item->id, ID_BYTES);
    assert_int_equal(policy_hash(&home->federation.policy, header.policy), OK);
    clock_epoch(clock_seconds(clock_system()), header.epoch);
    assert_int_equal(
        envelope_seal(&header, home->federation.sealing_key, &home->sign_seed, buf_bytes(&record), envelope), OK);
}

/* An answer with a receipt; false: no answer, or try again. */
static inline bool load_post(struct sender *sender, struct http *http, struct load_item *item, struct bytes envelope)
{
    struct http_reply reply = {0};
    const char *path = item->kind == LOAD_WITHDRAWAL ? "/v1/withdrawals" : "/v1/contributions";
    bool is_taken = false;
    if (http_post(http, path, "application/octet-stream", envelope, LOAD_REPLY_MAX, &reply, NULL) != OK)
        return false;
    if (reply.status / 100 == 2) {
        is_taken = true;
        if (item->receipt.size && !bytes_equal(buf_bytes(&item->receipt), buf_bytes(&reply.body)))
            sender->wrong = "another receipt for the same contribution";
        sender->again += item->receipt.size > 0;
        buf_clear(&item->receipt);
        buf_add(&item->receipt, buf_bytes(&reply.body));
    } else if (reply.status != 503 && reply.status != 429) {
        sender->wrong = "refused";
        print_error("HTTP %ld: %s\n", reply.status, buf_text(&reply.body));
    }
    http_reply_free(&reply);
    return is_taken;
}

/* Sent until it is acknowledged, or now and then given up after a first try; and now and then once more. */
static inline void load_send(struct sender *sender, struct http *http, struct load_item *item)
{
    SCOPED_BUF struct buf envelope = {0};
    bool gives_up = random_below(sender->random, 8) == 0, repeats = random_below(sender->random, 8) == 0;
    load_seal(sender, item, &envelope);
    while (!load_post(sender, http, item, buf_bytes(&envelope)) && !sender->wrong) {
        if (gives_up || atomic_load(sender->ends))
            return;
        daemon_nap(10);
    }
    atomic_fetch_add(&sender->acknowledged, 1);
    if (repeats)
        load_post(sender, http, item, buf_bytes(&envelope));
}

static inline void load_choose(struct sender *sender, struct load_item *item)
{
    uint64_t draw = random_below(sender->random, 10);
    item->kind = draw < 7 ? LOAD_TEXT : LOAD_NOISED;
    if (draw != 9 || sender->item_count < 2)
        return;
    size_t target = (size_t)random_below(sender->random, sender->item_count - 1);
    struct load_item *other = &sender->items[target];
    if (other->kind == LOAD_WITHDRAWAL || other->is_gone || other->receipt.size == 0)
        return;
    item->kind = LOAD_WITHDRAWAL;
    memcpy(item->target, other->id, ID_BYTES);
    other->is_gone = true;
}

#define LOAD_PAUSE_MS 25

static inline void *load_run(void *context)
{
    struct sender *sender = context;
    struct http *http = load_connect(&sender->home, sender->url);
    while (!atomic_load(sender->ends) && !sender->wrong) {
        struct load_item *item = load_new_item(sender);
        load_choose(sender, item);
        load_send(sender, http, item);
        daemon_nap((int)random_below(sender->random, LOAD_PAUSE_MS));
    }
    http_free(http);
    return NULL;
}

static inline void load_start(struct sender *senders, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(pthread_create(&senders[i].thread, NULL, load_run, &senders[i]), 0);
}

static inline void load_join(struct sender *senders, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pthread_join(senders[i].thread, NULL);
}

static inline void load_free(struct sender *sender)
{
    for (size_t i = 0; i < sender->item_count; i++)
        buf_free(&sender->items[i].receipt);
    mem_free(sender->items);
    home_close(&sender->home);
}
