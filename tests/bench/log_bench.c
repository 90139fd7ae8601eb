/* The log at a million leaves, in an encrypted file as the vault has it: appending, checkpoints, proofs, tiles, on one
 * core. */
#include <stdlib.h>
#include <unistd.h>

#include "crypto/checkpoint.h"
#include "server/store_log.h"
#include "tests/bench/bench.h"

enum { LEAVES = 1000000, BATCH = 1000, OPERATIONS = 2000 };

static struct store *store;
static struct secret seed;
static uint64_t size;
static double times[OPERATIONS];

static void append_all(void)
{
    for (uint64_t i = 0; i < LEAVES; i++) {
        SCOPED_BUF struct buf entry = {0};
        uint64_t leaf = 0;
        if (i % BATCH == 0)
            bench_must(db_begin(store_federation(store)));
        buf_addf(&entry, "{\"commitment\":\"%064llu\",\"epoch\":\"2026-11\",\"kind\":\"contribution\",\"v\":1}",
                 (unsigned long long)i);
        bench_must(log_append(store, buf_bytes(&entry), &leaf));
        if (i % BATCH == BATCH - 1)
            bench_must(db_commit(store_federation(store)));
    }
}

static void inclusion(uint64_t random)
{
    struct merkle_proof proof;
    bench_must(merkle_prove_inclusion(log_source(store), random % size, size, &proof));
}

static void consistency(uint64_t random)
{
    struct merkle_proof proof;
    bench_must(merkle_prove_consistency(log_source(store), random % size, size, &proof));
}

static void checkpoint(uint64_t random)
{
    SCOPED_BUF struct buf note = {0};
    bench_must(log_checkpoint_at(store, "bench", &seed, size - random % 1000, &note));
}

static void tile(uint64_t random)
{
    SCOPED_BUF struct buf hashes = {0};
    const struct tile one = {.index = random % (size / TILE_WIDTH), .width = TILE_WIDTH};
    bench_must(log_tile(store, &one, &hashes));
}

static void bundle(uint64_t random)
{
    SCOPED_BUF struct buf entries = {0};
    const struct tile one = {.level = TILE_ENTRIES, .index = random % (size / TILE_WIDTH), .width = TILE_WIDTH};
    bench_must(log_tile(store, &one, &entries));
}

static void measure(const char *name, void (*operation)(uint64_t random))
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 1);
    for (size_t i = 0; i < OPERATIONS; i++) {
        uint64_t value = 0;
        random_fill(random, (uint8_t *)&value, sizeof value);
        double start = bench_cpu();
        operation(value);
        times[i] = (bench_cpu() - start) * 1e6;
    }
    double p99 = bench_quantile(times, OPERATIONS, 0.99);
    bench_result(name, bench_quantile(times, OPERATIONS, 0.5), "us", "p99 %.0f us", p99);
}

int main(void)
{
    char folder[] = "/tmp/chatham-bench-XXXXXX", command[64];
    uint8_t public_key[SIGN_PUBLIC_BYTES];
    bench_must(secret_start(256 * 1024, NULL));
    bench_must(sign_keypair(&seed, public_key));
    if (!mkdtemp(folder))
        return 1;
    bench_must(store_create(folder, &store, NULL));
    double start = bench_cpu();
    append_all();
    bench_must(log_size(store, &size));
    bench_result("log.append", LEAVES / (bench_cpu() - start), "/s", "%d leaves, %d a transaction", LEAVES, BATCH);
    measure("log.inclusion", inclusion);
    measure("log.consistency", consistency);
    measure("log.checkpoint", checkpoint);
    measure("log.tile", tile);
    measure("log.bundle", bundle);
    bench_result("log.peak", bench_peak(), "MiB", "of this process");
    store_close(store);
    secret_free(&seed);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) == 0 ? 0 : 1;
}
