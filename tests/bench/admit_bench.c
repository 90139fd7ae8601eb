/* Admission: contributions of four candidates, sealed beforehand, until the receipt is back. In one run, by turns of
 * 50, so that all see the same disk and the same neighbours: admit.tls          one TLS 1.3 keep-alive connection to a
 * real server, one contribution after the other admit.tls.8        eight connections at once admit.process      the
 * vault's machine alone, its databases in files: no gate, no TLS, no frames admit.memory       likewise with databases
 * in memory: what is left is not the disk and beside them the least that any such server must do: open, check and sign,
 * insert into an encrypted database, one durable commit each. admit_bench URL TOKEN-FILE; both come from
 * tests/bench/admit.sh. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "client/home.h"
#include "client/remote.h"
#include "crypto/ca.h"
#include "server/vault.h"
#include "tests/bench/bench.h"
#include "tests/bench/synthetic.h"
#include "transport/http.h"

enum { COUNT = 400, TURN = 50, CONNECTIONS = 8, CANDIDATES = 4, REPLY_MAX = 1 << 16 };

/* Who sends, and COUNT sealed envelopes of theirs. */
struct sender {
    const struct federation *federation;
    uint8_t tenant[ID_BYTES], device[ID_BYTES];
    const struct secret *seed;
    struct buf envelopes[COUNT];
};

/* One way to admit the envelopes [first, first + TURN) of its sender, with what it took so far. */
struct course {
    const char *name;
    struct sender sender;
    void (*turn)(struct course *course, size_t first);
    void *state;
    double seconds, times[COUNT];
};

static void say(enum status status, const struct why *why)
{
    if (status != OK && why->what)
        fprintf(stderr, "bench: %s\n", why->what);
    bench_must(status);
}

static void seal_all(struct sender *sender, uint64_t first)
{
    struct envelope_header header = {.kind = ENVELOPE_CONTRIBUTION};
    memcpy(header.federation, sender->federation->id, FEDERATION_ID_BYTES);
    memcpy(header.sealing_key_id, sender->federation->sealing_key_id, KEY_ID_BYTES);
    memcpy(header.tenant, sender->tenant, ID_BYTES);
    memcpy(header.device, sender->device, ID_BYTES);
    bench_must(policy_hash(&sender->federation->policy, header.policy));
    clock_epoch(clock_seconds(clock_system()), header.epoch);
    for (uint64_t i = 0; i < COUNT; i++) {
        SCOPED_BUF struct buf record = {0};
        uint64_t id = first + i;
        memcpy(header.id, &id, sizeof id);
        synthetic_record(i, CANDIDATES, &record);
        buf_clear(&sender->envelopes[i]);
        bench_must(envelope_seal(&header, sender->federation->sealing_key, sender->seed, buf_bytes(&record),
                                 &sender->envelopes[i]));
    }
}

static void free_envelopes(struct sender *sender)
{
    for (size_t i = 0; i < COUNT; i++)
        buf_free(&sender->envelopes[i]);
}

/* --- over the network --- */

struct lane {
    struct course *course;
    struct http *http;
    size_t first, end, step;
    pthread_t thread;
};
struct lanes {
    size_t count;
    struct lane items[CONNECTIONS];
};

static void *drive(void *context)
{
    struct lane *lane = context;
    for (size_t i = lane->first; i < lane->end; i += lane->step) {
        struct http_reply reply = {0};
        struct why why = {0};
        uint64_t start = clock_ticks();
        say(http_post(lane->http, "/v1/contributions", "application/octet-stream",
                      buf_bytes(&lane->course->sender.envelopes[i]), REPLY_MAX, &reply, &why),
            &why);
        lane->course->times[i] = bench_seconds(start);
        if (reply.status / 100 != 2) {
            fprintf(stderr, "bench: HTTP %ld: %s\n", reply.status, buf_text(&reply.body));
            exit(1);
        }
        http_reply_free(&reply);
    }
    return NULL;
}

static void turn_tls(struct course *course, size_t first)
{
    struct lanes *lanes = course->state;
    for (size_t i = 0; i < lanes->count; i++) {
        struct lane *lane = &lanes->items[i];
        lane->first = first + i;
        lane->end = first + TURN;
        if (pthread_create(&lane->thread, NULL, drive, lane) != 0)
            exit(1);
    }
    for (size_t i = 0; i < lanes->count; i++)
        pthread_join(lanes->items[i].thread, NULL);
}

static void connect_lanes(const struct home *home, struct course *course, struct lanes *lanes, size_t count)
{
    struct http_identity identity = {.ca_pem = bytes_str(home->federation.ca_pem),
                                     .certificate_pem = bytes_str(home->certificate_pem),
                                     .key = &home->tls_key};
    struct why why = {0};
    lanes->count = count;
    for (size_t i = 0; i < count; i++) {
        lanes->items[i] = (struct lane){.course = course, .step = count};
        say(http_new(home->server, &identity, &lanes->items[i].http, &why), &why);
    }
    course->sender.federation = &home->federation;
    course->sender.seed = &home->sign_seed;
    memcpy(course->sender.tenant, home->tenant, ID_BYTES);
    memcpy(course->sender.device, home->device, ID_BYTES);
    course->turn = turn_tls;
    course->state = lanes;
}

static void free_lanes(struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->count; i++)
        http_free(lanes->items[i].http);
}

static void join(const char *url, const char *token_path, const char *folder, struct home *home)
{
    struct why why = {0};
    SCOPED_BUF struct buf token = {0};
    bench_must(file_read(token_path, 4096, &token));
    say(home_create(folder, BYTES_NONE, &why), &why);
    say(home_open(folder, BYTES_NONE, home, &why), &why);
    say(remote_enrol(home, url, buf_bytes(&token), true, &why), &why);
}

/* --- in this process --- */

struct inside {
    struct vault *vault;
    struct distiller distiller;
    struct federation federation;
    struct root_provider *root;
    struct secret seed;
};

static void ask(struct inside *inside, enum message_type type, struct bytes payload, struct buf *body)
{
    struct reply reply;
    SCOPED_BUF struct buf answer = {0};
    bench_must(house_ask(inside->vault, &inside->distiller, ROLE_GATE, type, payload, &answer));
    bench_must(reply_read(buf_bytes(&answer), &reply));
    if (reply.status != OK)
        fprintf(stderr, "bench: %s\n", reply.detail);
    bench_must(reply.status);
    buf_add(body, reply.body);
}

static void enrol(struct inside *inside, struct sender *sender)
{
    struct enrol_token token;
    struct enrol_reply reply;
    struct why why = {0};
    uint8_t public_key[SIGN_PUBLIC_BYTES];
    SCOPED_SECRET struct secret tls = {0};
    SCOPED_BUF struct buf document = {0}, added = {0}, csr = {0}, request = {0}, body = {0};
    SCOPED_JSON struct json *tenant = NULL;
    ask(inside, MESSAGE_FEDERATION, BYTES_NONE, &document);
    bench_must(federation_decode(buf_bytes(&document), &inside->federation, NULL));
    say(house_admin(inside->vault, &inside->distiller, bytes_str("{\"command\":\"tenant.add\",\"name\":\"north\"}"),
                    &added, &why),
        &why);
    bench_must(json_parse(buf_bytes(&added), 1 << 16, &tenant, NULL));
    bench_must(enrol_token_decode(json_string_bytes(json_get(tenant, "token")), &token));
    bench_must(sign_keypair(&inside->seed, public_key));
    bench_must(ca_key_new(&tls));
    bench_must(csr_create(&tls, "device", &csr));
    bench_must(enrol_request_seal(&inside->federation, &token, &inside->seed, buf_bytes(&csr), &request));
    ask(inside, MESSAGE_ENROL, buf_bytes(&request), &body);
    bench_must(enrol_reply_decode(buf_bytes(&body), &reply, NULL));
    sender->federation = &inside->federation;
    sender->seed = &inside->seed;
    memcpy(sender->tenant, reply.tenant, ID_BYTES);
    memcpy(sender->device, reply.device, ID_BYTES);
    enrol_reply_free(&reply);
}

static void turn_process(struct course *course, size_t first)
{
    for (size_t i = first; i < first + TURN; i++) {
        SCOPED_BUF struct buf receipt = {0};
        uint64_t start = clock_ticks();
        ask(course->state, MESSAGE_CONTRIBUTE, buf_bytes(&course->sender.envelopes[i]), &receipt);
        course->times[i] = bench_seconds(start);
    }
}

/* folder NULL: in memory. */
static void found_inside(struct inside *inside, const char *folder, struct course *course)
{
    static const char *const names[] = {"localhost"};
    struct why why = {0};
    struct policy policy;
    policy_default(&policy);
    policy.max_contributions = COUNT;
    inside->distiller = distiller_embedded();
    bench_must(root_provider_of_chance(&inside->root));
    struct vault_options options = {
        .state = folder, .root = inside->root, .clock = clock_system(), .random = random_system()};
    say(vault_found(&options, &(struct vault_founding){"Bench", &policy, names, 1}, &inside->vault, &why), &why);
    enrol(inside, &course->sender);
    course->turn = turn_process;
    course->state = inside;
}

static void close_inside(struct inside *inside)
{
    vault_close(inside->vault);
    federation_free(&inside->federation);
    secret_free(&inside->seed);
    root_provider_close(inside->root);
}

/* --- the least --- */

static const char *const bare_migrations[] = {"CREATE TABLE taken (id BLOB PRIMARY KEY, record BLOB, receipt BLOB)",
                                              NULL};
static const struct db_schema bare_schema = {"bare store", bare_migrations};

struct bare {
    struct db *db;
    struct federation federation;
    struct secret sealing, seed, receipts, store;
    uint8_t device_key[SIGN_PUBLIC_BYTES];
};

static void take_bare(const struct bare *bare, struct bytes envelope)
{
    struct envelope_header header;
    uint8_t digest[DIGEST_BYTES], receipt[SIGN_BYTES];
    SCOPED_BUF struct buf record = {0};
    buf_init_secret(&record);
    bench_must(envelope_open(envelope, &bare->sealing, bare->device_key, &header, &record, digest));
    bench_must(sign_make(&bare->receipts, SIGN_RECEIPT, header.federation, bytes_of(digest, sizeof digest), receipt));
    bench_must(db_exec(bare->db, "INSERT INTO taken (id, record, receipt) VALUES (?, ?, ?)", "bbb",
                       bytes_of(header.id, ID_BYTES), buf_bytes(&record), bytes_of(receipt, sizeof receipt)));
}

static void turn_bare(struct course *course, size_t first)
{
    for (size_t i = first; i < first + TURN; i++) {
        uint64_t start = clock_ticks();
        take_bare(course->state, buf_bytes(&course->sender.envelopes[i]));
        course->times[i] = bench_seconds(start);
    }
}

/* path NULL: in memory. */
static void open_bare(struct bare *bare, const char *path, struct course *course)
{
    uint8_t receipt_key[SIGN_PUBLIC_BYTES];
    bench_must(hpke_keypair(&bare->sealing, bare->federation.sealing_key));
    bench_must(sign_keypair(&bare->seed, bare->device_key));
    bench_must(sign_keypair(&bare->receipts, receipt_key));
    bench_must(secret_random(&bare->store, 32));
    policy_default(&bare->federation.policy);
    bench_must(db_open(path, &bare->store, &bare_schema, &bare->db, NULL));
    course->sender.federation = &bare->federation;
    course->sender.seed = &bare->seed;
    course->turn = turn_bare;
    course->state = bare;
}

static void close_bare(struct bare *bare)
{
    db_close(bare->db);
    secret_free(&bare->sealing);
    secret_free(&bare->seed);
    secret_free(&bare->receipts);
    secret_free(&bare->store);
}

/* --- all --- */

enum { TLS, TLS_8, PROCESS, MEMORY, BARE_DISK, BARE_MEMORY, COURSES };

static void run(struct course *courses)
{
    for (uint64_t i = 0; i < COURSES; i++)
        seal_all(&courses[i].sender, i * COUNT);
    for (size_t first = 0; first < COUNT; first += TURN) {
        for (size_t i = 0; i < COURSES; i++) {
            uint64_t start = clock_ticks();
            courses[i].turn(&courses[i], first);
            courses[i].seconds += bench_seconds(start);
        }
    }
    for (size_t i = 0; i < BARE_DISK; i++) {
        const struct course *least = &courses[i == MEMORY ? BARE_MEMORY : BARE_DISK];
        bench_result(courses[i].name, COUNT / courses[i].seconds, "/s", "%d contributions, p50 %.2f ms, p99 %.2f ms",
                     COUNT, bench_quantile(courses[i].times, COUNT, 0.5) * 1e3,
                     bench_quantile(courses[i].times, COUNT, 0.99) * 1e3);
        bench_peer(courses[i].name, COUNT / least->seconds, "/s", least->name);
    }
    for (size_t i = 0; i < COURSES; i++)
        free_envelopes(&courses[i].sender);
}

int main(int argc, char **argv)
{
    static struct course courses[COURSES] = {{.name = "admit.tls"},
                                             {.name = "admit.tls.8"},
                                             {.name = "admit.process"},
                                             {.name = "admit.memory"},
                                             {.name = "open, sign, one encrypted commit"},
                                             {.name = "open, sign, one encrypted commit, in memory"}};
    static struct lanes one, eight;
    static struct inside on_disk, in_memory;
    static struct bare bare_on_disk, bare_in_memory;
    static struct home home;
    char folder[] = "/tmp/chatham-admit-bench-XXXXXX", home_folder[128], state[128], bare[128], clean[160];
    if (argc != 3 || !mkdtemp(folder)) {
        fprintf(stderr, "usage: admit_bench URL TOKEN-FILE\n");
        return 2;
    }
    snprintf(home_folder, sizeof home_folder, "%s/home", folder);
    snprintf(state, sizeof state, "%s/state", folder);
    snprintf(bare, sizeof bare, "%s/bare.db", folder);
    snprintf(clean, sizeof clean, "rm -rf '%s'", folder);
    bench_must(secret_start(4096, NULL));
    log_start("bench", LOG_ERROR, clock_system(), -1);
    join(argv[1], argv[2], home_folder, &home);
    connect_lanes(&home, &courses[TLS], &one, 1);
    connect_lanes(&home, &courses[TLS_8], &eight, CONNECTIONS);
    found_inside(&on_disk, state, &courses[PROCESS]);
    found_inside(&in_memory, NULL, &courses[MEMORY]);
    open_bare(&bare_on_disk, bare, &courses[BARE_DISK]);
    open_bare(&bare_in_memory, NULL, &courses[BARE_MEMORY]);
    run(courses);
    free_lanes(&one);
    free_lanes(&eight);
    home_close(&home);
    close_inside(&on_disk);
    close_inside(&in_memory);
    close_bare(&bare_on_disk);
    close_bare(&bare_in_memory);
    return system(clean) == 0 ? 0 : 1;
}
