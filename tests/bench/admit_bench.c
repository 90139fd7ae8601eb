/* Admission over the network: admit_bench NAME URL MEMBERS-FILE COUNT [PID...]. Contributions of 4 KiB, sealed
 * beforehand, over keep-alive TLS 1.3 connections to a real server, durable when answered, with this program on the
 * same cores. In one run, by turns, so that all see the same disk and the same neighbours:
 *
 * NAME: contributions, as fast as the connections go. Beside it the bare work on one core (open, decode and scan
 * nothing, sign a receipt, insert into an encrypted database, one durable commit for 64), the same with a commit each,
 * and the empty endpoint.
 *
 * NAME.half: contributions at half that rate, each at its time whatever the others do; p50 and p99 from that time on.
 *
 * NAME.memory, NAME.cpu: of the server's processes PID...: proportional set size after it in MiB, and processor time
 * for a contribution in µs.
 */
#include <pthread.h>
#include <unistd.h>

#include "base/log.h"
#include "crypto/db.h"
#include "tests/bench/admit_members.h"
#include "tests/bench/admit_record.h"
#include "transport/http.h"

enum { CONNECTIONS = 32, TURNS = 8, COMMIT_EACH_PART = 16, REPLY_MAX = 1 << 16 };

static struct {
    struct bench_members members;
    size_t count; /* contributions of the run at full rate; as many again at half */
    struct buf *envelopes;
    double *times;
    struct http *connections[CONNECTIONS];
    int pids[16];
    size_t pid_count;
} bench;

static void say(enum status status, const struct why *why)
{
    if (status != OK && why->what)
        fprintf(stderr, "bench: %s\n", why->what);
    bench_must(status);
}

/* --- envelopes --- */

static void seal(size_t number)
{
    const struct federation *federation = &bench.members.federation;
    const struct bench_member *member = &bench.members.items[number % bench.members.count];
    struct envelope_header header = {.kind = ENVELOPE_CONTRIBUTION};
    SCOPED_SECRET struct secret seed = {0};
    SCOPED_BUF struct buf record = {0};
    memcpy(header.federation, federation->id, FEDERATION_ID_BYTES);
    memcpy(header.sealing_key_id, federation->sealing_key_id, KEY_ID_BYTES);
    memcpy(header.tenant, member->tenant, ID_BYTES);
    memcpy(header.device, member->device, ID_BYTES);
    random_fill(random_system(), header.id, ID_BYTES);
    bench_must(policy_hash(&federation->policy, header.policy));
    clock_epoch(clock_seconds(clock_system()), header.epoch);
    bench_record(number, &record);
    bench_must(secret_copy(&seed, bytes_of(member->seed, sizeof member->seed)));
    bench_must(envelope_seal(&header, federation->sealing_key, &seed, buf_bytes(&record), &bench.envelopes[number]));
}

/* --- over the network --- */

enum request { REQUEST_CONTRIBUTE, REQUEST_EMPTY };

static void ask(struct http *http, enum request request, size_t number)
{
    struct http_reply reply = {0};
    struct why why = {0};
    if (request == REQUEST_EMPTY)
        say(http_get(http, "/livez", NULL, REPLY_MAX, &reply, &why), &why);
    else
        say(http_post(http, "/v1/contributions", "application/octet-stream", buf_bytes(&bench.envelopes[number]),
                      REPLY_MAX, &reply, &why),
            &why);
    if (reply.status / 100 != 2) {
        fprintf(stderr, "bench: HTTP %ld: %s\n", reply.status, buf_text(&reply.body));
        exit(1);
    }
    http_reply_free(&reply);
}

/* What one connection does: the numbers first, first + CONNECTIONS, ... below end. */
struct lane {
    struct http *http;
    enum request request;
    size_t first, end;
    uint64_t start_ticks; /* of number `base` at a given rate */
    size_t base;
    double interval; /* µs between requests of all lanes; 0: at once */
    pthread_t thread;
};

static void wait_until(uint64_t ticks)
{
    uint64_t now = clock_ticks();
    if (now < ticks)
        usleep((useconds_t)(ticks - now));
}

static void *drive(void *context)
{
    const struct lane *lane = context;
    for (size_t i = lane->first; i < lane->end; i += CONNECTIONS) {
        uint64_t due = clock_ticks();
        if (lane->interval > 0) {
            due = lane->start_ticks + (uint64_t)((double)(i - lane->base) * lane->interval);
            wait_until(due);
        }
        ask(lane->http, lane->request, i);
        bench.times[i] = bench_seconds(due);
    }
    return NULL;
}

/* Seconds for the requests [first, end). rate 0: as fast as it goes. */
static double drive_all(enum request request, size_t first, size_t end, double rate)
{
    static struct lane lanes[CONNECTIONS];
    uint64_t start = clock_ticks();
    for (size_t i = 0; i < CONNECTIONS; i++) {
        lanes[i] = (struct lane){.http = bench.connections[i],
                                 .request = request,
                                 .first = first + i,
                                 .end = end,
                                 .start_ticks = start,
                                 .base = first,
                                 .interval = rate > 0 ? 1e6 / rate : 0};
        if (pthread_create(&lanes[i].thread, NULL, drive, &lanes[i]) != 0)
            exit(1);
    }
    for (size_t i = 0; i < CONNECTIONS; i++)
        pthread_join(lanes[i].thread, NULL);
    return bench_seconds(start);
}

static void connect_all(const char *url)
{
    static struct secret key;
    struct why why = {0};
    bench_must(secret_copy(&key, bench.members.key));
    const struct http_identity identity = {
        .ca_pem = bench.members.ca, .certificate_pem = bench.members.certificate, .key = &key};
    for (size_t i = 0; i < CONNECTIONS; i++)
        say(http_new(url, &identity, &bench.connections[i], &why), &why);
    drive_all(REQUEST_EMPTY, 0, CONNECTIONS, 0); /* handshakes */
}

/* --- the bare work --- */

static const char *const bare_migrations[] = {"CREATE TABLE taken (id BLOB PRIMARY KEY, record BLOB, receipt BLOB)",
                                              NULL};
static const struct db_schema bare_schema = {"bare store", bare_migrations};

struct bare {
    struct db *db;
    struct secret sealing, seed, receipts, store;
    struct federation federation;
    uint8_t device_key[SIGN_PUBLIC_BYTES];
    struct buf envelope;
    double seconds;
    size_t done;
};

static void bare_open(struct bare *bare, const char *path)
{
    uint8_t receipt_key[SIGN_PUBLIC_BYTES];
    struct envelope_header header = {.kind = ENVELOPE_CONTRIBUTION, .epoch = "2026-01"};
    SCOPED_BUF struct buf record = {0};
    bench_must(hpke_keypair(&bare->sealing, bare->federation.sealing_key));
    bench_must(sign_keypair(&bare->seed, bare->device_key));
    bench_must(sign_keypair(&bare->receipts, receipt_key));
    bench_must(secret_random(&bare->store, 32));
    bench_must(db_open(path, &bare->store, &bare_schema, &bare->db, NULL));
    bench_record(1, &record);
    bench_must(envelope_seal(&header, bare->federation.sealing_key, &bare->seed, buf_bytes(&record), &bare->envelope));
}

static void bare_take(struct bare *bare)
{
    struct envelope_header header;
    uint8_t digest[DIGEST_BYTES], receipt[SIGN_BYTES], id[ID_BYTES];
    SCOPED_BUF struct buf record = {0};
    buf_init_secret(&record);
    bench_must(envelope_open(buf_bytes(&bare->envelope), &bare->sealing, bare->device_key, &header, &record, digest));
    bench_must(sign_make(&bare->receipts, SIGN_RECEIPT, header.federation, bytes_of(digest, sizeof digest), receipt));
    random_fill(random_system(), id, sizeof id);
    bench_must(db_exec(bare->db, "INSERT INTO taken (id, record, receipt) VALUES (?, ?, ?)", "bbb",
                       bytes_of(id, sizeof id), buf_bytes(&record), bytes_of(receipt, sizeof receipt)));
}

static void bare_turn(struct bare *bare, size_t count, size_t commit)
{
    uint64_t start = clock_ticks();
    for (size_t i = 0; i < count; i += commit) {
        bench_must(db_begin(bare->db));
        for (size_t k = 0; k < commit && i + k < count; k++)
            bare_take(bare);
        bench_must(db_commit(bare->db));
    }
    bare->seconds += bench_seconds(start);
    bare->done += count;
}

static void bare_close(struct bare *bare)
{
    db_close(bare->db);
    secret_free(&bare->sealing);
    secret_free(&bare->seed);
    secret_free(&bare->receipts);
    secret_free(&bare->store);
    buf_free(&bare->envelope);
}

/* --- the server's processes --- */

/* µs of processor time so far, all of them. */
static double server_cpu(void)
{
    double ticks = 0;
    for (size_t i = 0; i < bench.pid_count; i++) {
        char path[64];
        unsigned long user = 0, system = 0;
        snprintf(path, sizeof path, "/proc/%d/stat", bench.pids[i]);
        FILE *file = fopen(path, "r");
        if (file &&
            fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) == 2)
            ticks += (double)(user + system);
        if (file)
            fclose(file);
    }
    return ticks * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

static double server_memory(void)
{
    double kib = 0;
    for (size_t i = 0; i < bench.pid_count; i++) {
        char path[64], line[256];
        unsigned long value = 0;
        snprintf(path, sizeof path, "/proc/%d/smaps_rollup", bench.pids[i]);
        FILE *file = fopen(path, "r");
        while (file && fgets(line, sizeof line, file))
            if (sscanf(line, "Pss: %lu kB", &value) == 1)
                kib += (double)value;
        if (file)
            fclose(file);
    }
    return kib / 1024;
}

/* --- all --- */

static void run(const char *name, const char *folder)
{
    static struct bare batched, each;
    char path[160], half[64], memory[64], cpu[64];
    double seconds = 0, empty = 0, cpu_before = 0, cpu_used = 0;
    size_t turn = bench.count / TURNS;
    snprintf(path, sizeof path, "%s/batched.db", folder);
    bare_open(&batched, path);
    snprintf(path, sizeof path, "%s/each.db", folder);
    bare_open(&each, path);
    for (size_t i = 0; i < TURNS; i++) {
        empty += drive_all(REQUEST_EMPTY, i * turn, (i + 1) * turn, 0);
        cpu_before = server_cpu();
        seconds += drive_all(REQUEST_CONTRIBUTE, i * turn, (i + 1) * turn, 0);
        cpu_used += server_cpu() - cpu_before;
        bare_turn(&batched, turn, 64);
        bare_turn(&each, turn / COMMIT_EACH_PART, 1);
    }
    double rate = (double)bench.count / seconds;
    bench_result(name, rate, "/s", "%zu contributions of 4 KiB, %d connections, p50 %.1f ms, p99 %.1f ms", bench.count,
                 CONNECTIONS, bench_quantile(bench.times, bench.count, 0.5) * 1e3,
                 bench_quantile(bench.times, bench.count, 0.99) * 1e3);
    bench_peer(name, (double)batched.done / batched.seconds, "/s", "open, sign, insert; a commit for 64");
    bench_peer(name, (double)each.done / each.seconds, "/s", "open, sign, insert; a commit each");
    bench_peer(name, (double)bench.count / empty, "/s", "the empty endpoint, same connections");
    bare_close(&batched);
    bare_close(&each);
    if (bench.pid_count) {
        snprintf(cpu, sizeof cpu, "%s.cpu", name);
        bench_result(cpu, cpu_used / (double)bench.count, "us", "processor time of the server's processes, each");
    }
    drive_all(REQUEST_CONTRIBUTE, bench.count, 2 * bench.count, rate / 2);
    snprintf(half, sizeof half, "%s.half", name);
    double *times = bench.times + bench.count, p50 = bench_quantile(times, bench.count, 0.5);
    bench_result(half, bench_quantile(times, bench.count, 0.99) * 1e3, "ms", "p99 at %.0f a second; p50 %.1f ms",
                 rate / 2, p50 * 1e3);
    if (!bench.pid_count)
        return;
    snprintf(memory, sizeof memory, "%s.memory", name);
    bench_result(memory, server_memory(), "MiB", "proportional set size of %zu processes", bench.pid_count);
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/chatham-admit-bench-XXXXXX", clean[160];
    if (argc < 5 || !mkdtemp(folder)) {
        fprintf(stderr, "usage: admit_bench NAME URL MEMBERS-FILE COUNT [PID...]\n");
        return 2;
    }
    bench_must(secret_start(4096, NULL));
    log_start("bench", LOG_ERROR, clock_system(), -1);
    members_read(argv[3], &bench.members);
    bench.count = strtoul(argv[4], NULL, 10);
    for (int i = 5; i < argc && bench.pid_count < 16; i++)
        bench.pids[bench.pid_count++] = atoi(argv[i]);
    bench.envelopes = mem_new(2 * bench.count, sizeof *bench.envelopes);
    bench.times = mem_new(2 * bench.count, sizeof *bench.times);
    for (size_t i = 0; i < 2 * bench.count; i++)
        seal(i);
    connect_all(argv[2]);
    run(argv[1], folder);
    for (size_t i = 0; i < CONNECTIONS; i++)
        http_free(bench.connections[i]);
    for (size_t i = 0; i < 2 * bench.count; i++)
        buf_free(&bench.envelopes[i]);
    mem_free(bench.envelopes);
    mem_free(bench.times);
    members_free(&bench.members);
    snprintf(clean, sizeof clean, "rm -rf '%s'", folder);
    return system(clean) == 0 ? 0 : 1;
}
