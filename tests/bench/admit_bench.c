/* Admission: contributions of four candidates, sealed beforehand, until the receipt is back. In one run:
 *   admit.tls          one TLS 1.3 keep-alive connection to a real server, one contribution after the other
 *   admit.tls.8        eight connections at once
 *   admit.process      the vault's machine alone, its databases in files: no gate, no TLS, no frames
 *   admit.memory       likewise with databases in memory: what is left is not the disk
 * and beside them the least that any such server must do: open, check and sign, insert into an encrypted database, one
 * durable commit each. admit_bench URL TOKEN-FILE; both come from tests/bench/admit.sh. */
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

enum { COUNT = 400, CONNECTIONS = 8, CANDIDATES = 4, REPLY_MAX = 1 << 16 };
#define BARE "open, sign, one encrypted commit, in process"

/* Who sends, and COUNT sealed envelopes of theirs. */
struct sender {
    const struct federation *federation;
    uint8_t tenant[ID_BYTES], device[ID_BYTES];
    const struct secret *seed;
    struct buf envelopes[COUNT];
};

static void say(enum status status, const struct why *why)
{
    if (status != OK && why->what)
        fprintf(stderr, "bench: %s\n", why->what);
    bench_must(status);
}

static void make_record(uint64_t pattern, struct buf *record)
{
    struct contribution contribution = {.class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = CANDIDATES};
    contribution.candidates = mem_new(CANDIDATES, sizeof *contribution.candidates);
    if (!contribution.candidates)
        exit(1);
    for (size_t i = 0; i < CANDIDATES; i++)
        contribution.candidates[i] = synthetic_candidate(pattern + i, 0);
    bench_must(contribution_encode(&contribution, record));
    contribution_free(&contribution);
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
        make_record(i, &record);
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

static void report(const char *name, double seconds, double *times)
{
    bench_result(name, COUNT / seconds, "/s", "%d contributions, p50 %.2f ms, p99 %.2f ms", COUNT,
                 bench_quantile(times, COUNT, 0.5) * 1e3, bench_quantile(times, COUNT, 0.99) * 1e3);
}

/* --- over the network --- */

struct lane {
    const struct home *home;
    const struct sender *sender;
    size_t first, step;
    double *times;
    pthread_t thread;
};

static void *drive(void *context)
{
    struct lane *lane = context;
    struct http_identity identity = {.ca_pem = bytes_str(lane->home->federation.ca_pem),
                                     .certificate_pem = bytes_str(lane->home->certificate_pem),
                                     .key = &lane->home->tls_key};
    struct http *http;
    struct why why = {0};
    say(http_new(lane->home->server, &identity, &http, &why), &why);
    for (size_t i = lane->first; i < COUNT; i += lane->step) {
        struct http_reply reply = {0};
        uint64_t start = clock_ticks();
        say(http_post(http, "/v1/contributions", "application/octet-stream", buf_bytes(&lane->sender->envelopes[i]),
                      REPLY_MAX, &reply, &why),
            &why);
        lane->times[i] = bench_seconds(start);
        if (reply.status / 100 != 2) {
            fprintf(stderr, "bench: HTTP %ld: %s\n", reply.status, buf_text(&reply.body));
            exit(1);
        }
        http_reply_free(&reply);
    }
    http_free(http);
    return NULL;
}

static void run_tls(const char *name, const struct home *home, struct sender *sender, uint64_t first,
                    size_t connections)
{
    struct lane lanes[CONNECTIONS];
    double times[COUNT];
    seal_all(sender, first);
    uint64_t start = clock_ticks();
    for (size_t i = 0; i < connections; i++) {
        lanes[i] = (struct lane){.home = home, .sender = sender, .first = i, .step = connections, .times = times};
        if (pthread_create(&lanes[i].thread, NULL, drive, &lanes[i]) != 0)
            exit(1);
    }
    for (size_t i = 0; i < connections; i++)
        pthread_join(lanes[i].thread, NULL);
    report(name, bench_seconds(start), times);
}

static void measure_tls(const char *url, const char *token_path, const char *folder)
{
    static struct sender sender;
    struct home home;
    struct why why = {0};
    SCOPED_BUF struct buf token = {0};
    bench_must(file_read(token_path, 4096, &token));
    say(home_create(folder, BYTES_NONE, &why), &why);
    say(home_open(folder, BYTES_NONE, &home, &why), &why);
    say(remote_enrol(&home, url, buf_bytes(&token), true, &why), &why);
    sender.federation = &home.federation;
    sender.seed = &home.sign_seed;
    memcpy(sender.tenant, home.tenant, ID_BYTES);
    memcpy(sender.device, home.device, ID_BYTES);
    run_tls("admit.tls", &home, &sender, 0, 1);
    run_tls("admit.tls.8", &home, &sender, COUNT, CONNECTIONS);
    free_envelopes(&sender);
    home_close(&home);
}

/* --- in this process --- */

struct inside {
    struct vault *vault;
    struct distiller distiller;
    struct federation federation;
    struct secret root, seed;
    struct sender sender;
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

static void enrol(struct inside *inside)
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
    inside->sender.federation = &inside->federation;
    inside->sender.seed = &inside->seed;
    memcpy(inside->sender.tenant, reply.tenant, ID_BYTES);
    memcpy(inside->sender.device, reply.device, ID_BYTES);
    enrol_reply_free(&reply);
}

static void measure_process(const char *name, const char *folder)
{
    static const char *const names[] = {"localhost"};
    static struct inside inside;
    double times[COUNT];
    struct why why = {0};
    struct policy policy;
    policy_default(&policy);
    policy.max_contributions = COUNT;
    inside = (struct inside){.distiller = distiller_embedded()};
    bench_must(secret_random(&inside.root, 32));
    struct vault_options options = {
        .state = folder, .root = &inside.root, .clock = clock_system(), .random = random_system()};
    say(vault_found(&options, &(struct vault_founding){"Bench", &policy, names, 1}, &inside.vault, &why), &why);
    enrol(&inside);
    seal_all(&inside.sender, 0);
    uint64_t start = clock_ticks();
    for (size_t i = 0; i < COUNT; i++) {
        SCOPED_BUF struct buf receipt = {0};
        uint64_t since = clock_ticks();
        ask(&inside, MESSAGE_CONTRIBUTE, buf_bytes(&inside.sender.envelopes[i]), &receipt);
        times[i] = bench_seconds(since);
    }
    report(name, bench_seconds(start), times);
    vault_close(inside.vault);
    free_envelopes(&inside.sender);
    federation_free(&inside.federation);
    secret_free(&inside.seed);
    secret_free(&inside.root);
}

/* --- the least --- */

static const char *const bare_migrations[] = {"CREATE TABLE taken (id BLOB PRIMARY KEY, record BLOB, receipt BLOB)",
                                              NULL};
static const struct db_schema bare_schema = {"bare store", bare_migrations};

static void take_bare(struct db *db, const struct secret *sealing, const struct secret *receipts,
                      const uint8_t device_key[static SIGN_PUBLIC_BYTES], struct bytes envelope)
{
    struct envelope_header header;
    uint8_t digest[DIGEST_BYTES], receipt[SIGN_BYTES];
    SCOPED_BUF struct buf record = {0};
    buf_init_secret(&record);
    bench_must(envelope_open(envelope, sealing, device_key, &header, &record, digest));
    bench_must(sign_make(receipts, SIGN_RECEIPT, header.federation, bytes_of(digest, sizeof digest), receipt));
    bench_must(db_exec(db, "INSERT INTO taken (id, record, receipt) VALUES (?, ?, ?)", "bbb",
                       bytes_of(header.id, ID_BYTES), buf_bytes(&record), bytes_of(receipt, sizeof receipt)));
}

/* Contributions a second; path NULL: in memory. */
static double measure_bare(const char *path)
{
    static struct sender sender;
    struct federation federation = {0};
    struct db *db;
    uint8_t device_key[SIGN_PUBLIC_BYTES], receipt_key[SIGN_PUBLIC_BYTES];
    SCOPED_SECRET struct secret sealing = {0}, seed = {0}, receipts = {0}, store = {0};
    bench_must(hpke_keypair(&sealing, federation.sealing_key));
    bench_must(sign_keypair(&seed, device_key));
    bench_must(sign_keypair(&receipts, receipt_key));
    bench_must(secret_random(&store, 32));
    policy_default(&federation.policy);
    sender.federation = &federation;
    sender.seed = &seed;
    seal_all(&sender, 0);
    bench_must(db_open(path, &store, &bare_schema, &db, NULL));
    uint64_t start = clock_ticks();
    for (size_t i = 0; i < COUNT; i++)
        take_bare(db, &sealing, &receipts, device_key, buf_bytes(&sender.envelopes[i]));
    double seconds = bench_seconds(start);
    db_close(db);
    free_envelopes(&sender);
    return COUNT / seconds;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/chatham-admit-bench-XXXXXX", home[128], state[128], bare[128], clean[160];
    if (argc != 3 || !mkdtemp(folder)) {
        fprintf(stderr, "usage: admit_bench URL TOKEN-FILE\n");
        return 2;
    }
    snprintf(home, sizeof home, "%s/home", folder);
    snprintf(state, sizeof state, "%s/state", folder);
    snprintf(bare, sizeof bare, "%s/bare.db", folder);
    snprintf(clean, sizeof clean, "rm -rf '%s'", folder);
    bench_must(secret_start(4096, NULL));
    log_start("bench", LOG_ERROR, clock_system(), -1);
    measure_tls(argv[1], argv[2], home);
    measure_process("admit.process", state);
    measure_process("admit.memory", NULL);
    double on_disk = measure_bare(bare), in_memory = measure_bare(NULL);
    bench_peer("admit.tls", on_disk, "/s", BARE);
    bench_peer("admit.tls.8", on_disk, "/s", BARE);
    bench_peer("admit.process", on_disk, "/s", BARE);
    bench_peer("admit.memory", in_memory, "/s", BARE " in memory");
    return system(clean) == 0 ? 0 : 1;
}
