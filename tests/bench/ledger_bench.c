/* The ledger: charges a second with group commit, in memory and in an encrypted file, and a round over many members, on
 * one core. */
#include <unistd.h>

#include "ledger/ledger.h"
#include "tests/bench/bench.h"

enum { CHARGES = 400000, GROUP = 1000, TENANTS = 100, DEVICES = 400, MEMBERS = 100000, ROUNDS = 20, NOW = 1780000000 };

static const char *const migrations[] = {LEDGER_MIGRATION, LEDGER_MIGRATION_FILTER, NULL};
static const struct db_schema schema = {"ledger store", migrations};

static void open_ledger(const char *path, struct db **db, struct ledger **ledger)
{
    SCOPED_SECRET struct secret key = {0};
    const struct ledger_terms terms = {.cap = {{LEDGER_MOST, LEDGER_MOST}, {LEDGER_MOST}}};
    bench_must(secret_new(&key, 32));
    bench_must(db_open(path, path ? &key : NULL, &schema, db, NULL));
    bench_must(ledger_open(*db, &terms, ledger, NULL));
}

static void queue(struct ledger *ledger, uint32_t number, uint32_t device)
{
    const uint32_t tenant = device % TENANTS;
    struct ledger_local local = {.tenant = bytes_of(&tenant, sizeof tenant),
                                 .device = bytes_of(&device, sizeof device),
                                 .loss = ledger_loss_of_pure((struct dp_epsilon){1000})};
    memcpy(local.key, &number, sizeof number);
    bench_must(ledger_queue(ledger, &local, NOW, NULL));
}

/* GROUP charges a commit, each of another device than the one before. */
static void charge_all(const char *name, const char *path, uint32_t devices, uint32_t charges)
{
    struct db *db = NULL;
    struct ledger *ledger = NULL;
    open_ledger(path, &db, &ledger);
    double cpu = bench_cpu();
    uint64_t start = clock_ticks();
    for (uint32_t i = 0; i < charges; i++) {
        queue(ledger, i, i % devices);
        if (i % GROUP == GROUP - 1)
            bench_must(ledger_flush(ledger));
    }
    double taken = bench_cpu() - cpu;
    bench_result(name, charges / taken, "/s", "%u charges, %u a commit, %u devices of %u tenants; %.0f/s by the clock",
                 charges, GROUP, devices, TENANTS, charges / bench_seconds(start));
    ledger_close(ledger);
    db_close(db);
}

/* All members of a federation at once, one row. */
static void charge_rounds(void)
{
    struct db *db = NULL;
    struct ledger *ledger = NULL;
    struct ledger_round round;
    open_ledger(NULL, &db, &ledger);
    bench_must(db_begin(db));
    for (uint32_t i = 0; i < MEMBERS; i++)
        bench_must(ledger_enrol(ledger, bytes_of(&i, sizeof i)));
    bench_must(db_commit(db));
    double cpu = bench_cpu();
    for (uint64_t i = 1; i <= ROUNDS; i++)
        bench_must(ledger_charge_round(ledger, i, ledger_loss_of_zcdp((struct dp_zcdp){1000, 0}), NOW, &round, NULL));
    double taken = (bench_cpu() - cpu) / ROUNDS;
    bench_result("ledger.round", taken * 1e3, "ms", "one charge of %d members, who is spared looked up; %.3g members/s",
                 MEMBERS, MEMBERS / taken);
    ledger_close(ledger);
    db_close(db);
}

int main(void)
{
    char path[] = "/tmp/chatham-ledger-bench-XXXXXX", command[100];
    int fd = mkstemp(path);
    if (fd < 0)
        bench_must(ERR_IO);
    close(fd);
    charge_all("ledger.memory", NULL, DEVICES, CHARGES);
    charge_all("ledger.memory.apart", NULL, GROUP, CHARGES);
    charge_all("ledger.file", path, DEVICES, CHARGES / 4);
    charge_rounds();
    snprintf(command, sizeof command, "rm -f '%s' '%s'-*", path, path);
    return system(command) == 0 ? 0 : 1;
}
