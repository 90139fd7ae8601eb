/* Processes of a server under load are killed with SIGKILL at random moments, over and over; in the end all that was
 * acknowledged is there, once, and the books are right. */
#pragma once

#include "protocol/library.h"
#include "server/control.h"
#include "tests/e2e/kill_check.h"

struct kill_trial {
    struct daemon daemon;
    struct random_seeded seeded;
    struct random random;
    atomic_bool ends;
    struct sender senders[KILL_SENDERS];
    /* The operator and a member that pulls. */
    pthread_t operator, puller;
    atomic_size_t rounds, rotations, pulls;
    atomic_uint_fast64_t library; /* the version that a round said it had published */
    struct checkpoint seen;
    const char *wrong;
    size_t kills[4], restarts;
};

/* --- the operator's hand, and a member that pulls --- */

static inline enum status kill_command(struct kill_trial *trial, const char *command, struct json **answer)
{
    SCOPED_BUF struct buf payload = {0};
    struct reply reply;
    *answer = NULL;
    TRY(control_ask(trial->daemon.state, bytes_str(command), &payload, NULL));
    TRY(reply_read(buf_bytes(&payload), &reply));
    TRY(reply.status);
    return json_parse(reply.body, 1 << 24, answer, NULL);
}

static inline void kill_round(struct kill_trial *trial)
{
    SCOPED_JSON struct json *answer = NULL;
    if (kill_command(trial, "{\"command\":\"round\",\"with_erasures\":true}", &answer) != OK)
        return;
    atomic_fetch_add(&trial->rounds, 1);
    int64_t version = json_integer_value(json_get(answer, "version"));
    if ((uint64_t)version > atomic_load(&trial->library))
        atomic_store(&trial->library, (uint64_t)version);
}

static inline void kill_rotate(struct kill_trial *trial)
{
    SCOPED_JSON struct json *answer = NULL;
    if (kill_command(trial, "{\"command\":\"tenant.rotate\",\"tenant\":\"tenant-1\"}", &answer) == OK)
        atomic_fetch_add(&trial->rotations, 1);
}

static inline void *kill_operate(void *context)
{
    struct kill_trial *trial = context;
    for (unsigned i = 0; !atomic_load(&trial->ends); i++) {
        if (i % 4 == 1)
            kill_round(trial);
        if (i % 8 == 3)
            kill_rotate(trial);
        daemon_nap(100);
    }
    return NULL;
}

static inline const char *kill_check_library(struct kill_trial *trial, struct bytes text, uint64_t least)
{
    struct library_bundle bundle;
    struct library library = {0};
    struct checkpoint now;
    if (library_bundle_decode(text, &bundle, NULL) != OK)
        return "a library that cannot be read";
    bool good = library_bundle_check(&bundle, &trial->senders[0].home.federation, &trial->seen, &now, NULL) == OK &&
                library_decode(buf_bytes(&bundle.document), &library, NULL) == OK;
    bool is_old = library.version < least;
    library_free(&library);
    library_bundle_free(&bundle);
    if (!good || is_old)
        return good ? "a library that is older than a round said" : "a library that does not verify";
    trial->seen = now;
    return NULL;
}

static inline void kill_pull(struct kill_trial *trial, struct http *http)
{
    char path[64];
    struct http_reply reply = {0};
    uint64_t least = atomic_load(&trial->library);
    snprintf(path, sizeof path, "/v1/library?tree=%llu", (unsigned long long)trial->seen.size);
    if (http_get(http, path, NULL, 1 << 24, &reply, NULL) != OK)
        return;
    if (reply.status == 200) {
        trial->wrong = kill_check_library(trial, buf_bytes(&reply.body), least);
        atomic_fetch_add(&trial->pulls, 1);
    } else if (reply.status != 503 && (reply.status != 404 || least > 0)) {
        trial->wrong = "the library is refused or gone";
    }
    http_reply_free(&reply);
}

static inline void *kill_pull_all(void *context)
{
    struct kill_trial *trial = context;
    struct http *http = load_connect(&trial->senders[0].home, trial->daemon.url);
    while (!atomic_load(&trial->ends) && !trial->wrong) {
        kill_pull(trial, http);
        daemon_nap(150);
    }
    http_free(http);
    return NULL;
}

/* --- before --- */

static inline void kill_enrol(struct kill_trial *trial, size_t number)
{
    struct sender *sender = &trial->senders[number];
    char command[96], folder[100];
    SCOPED_JSON struct json *answer = NULL;
    struct why why = {0};
    snprintf(command, sizeof command, "{\"command\":\"%s\",\"%s\":\"tenant-%zu\"}",
             number < KILL_TENANTS ? "tenant.add" : "tenant.token", number < KILL_TENANTS ? "name" : "tenant",
             number % KILL_TENANTS);
    assert_int_equal(kill_command(trial, command, &answer), OK);
    snprintf(folder, sizeof folder, "%s/home-%zu", trial->daemon.folder, number);
    assert_int_equal(home_create(folder, BYTES_NONE, NULL), OK);
    assert_int_equal(home_open(folder, BYTES_NONE, &sender->home, NULL), OK);
    enum status status =
        remote_enrol(&sender->home, trial->daemon.url, json_string_bytes(json_get(answer, "token")), true, &why);
    if (status != OK)
        print_error("enrol: %s\n", why.what ? why.what : status_text(status));
    assert_int_equal(status, OK);
    sender->number = number;
    sender->url = trial->daemon.url;
    sender->ends = &trial->ends;
    sender->random = random_seeded_start(&sender->seeded, number + 1);
}

static inline void kill_prepare(struct kill_trial *trial, uint64_t seed)
{
    struct policy policy;
    *trial = (struct kill_trial){0};
    trial->random = random_seeded_start(&trial->seeded, seed);
    policy_default(&policy);
    policy.k = 2;
    policy.min_tasks = 1;
    policy.round_seconds = 0;
    policy.max_contributions = 1000000;
    policy.allow_noised = true;
    policy.noise_epsilon_max_micro = 1000000;
    policy.budget_epsilon_micro = 1000000000;
    daemon_found(&trial->daemon, &policy);
    daemon_start(&trial->daemon);
    for (size_t i = 0; i < KILL_SENDERS; i++)
        kill_enrol(trial, i);
}

/* --- killing --- */

static inline size_t kill_acknowledged(struct kill_trial *trial)
{
    size_t count = 0;
    for (size_t i = 0; i < KILL_SENDERS; i++)
        count += atomic_load(&trial->senders[i].acknowledged);
    return count;
}

static inline void kill_revive(struct kill_trial *trial)
{
    if (!daemon_is_gone(&trial->daemon))
        return;
    daemon_start(&trial->daemon);
    trial->restarts++;
}

/* It serves again when another contribution has been acknowledged; a supervisor that is gone is started again. */
static inline void kill_wait(struct kill_trial *trial)
{
    size_t before = kill_acknowledged(trial);
    for (int i = 0; kill_acknowledged(trial) == before; i++) {
        kill_revive(trial);
        for (size_t j = 0; j < KILL_SENDERS; j++)
            if (trial->senders[j].wrong)
                fail_msg("%s", trial->senders[j].wrong);
        if (trial->wrong)
            fail_msg("%s", trial->wrong);
        assert_true(i < 3000); /* half a minute */
        daemon_nap(10);
    }
}

/* Mostly soon, now and then late enough for a round or a rotation; and now and then while it is still starting. */
static inline void kill_one(struct kill_trial *trial)
{
    static const char *const roles[] = {"vault", "gate", "distil", NULL};
    bool is_late = random_below(trial->random, 6) == 0, waits = random_below(trial->random, 6) != 0;
    daemon_nap((int)random_below(trial->random, is_late ? 1000 : 100));
    size_t role = (size_t)random_below(trial->random, 4);
    while (!daemon_kill(&trial->daemon, roles[role])) {
        kill_revive(trial);
        daemon_nap(1);
    }
    trial->kills[role]++;
    if (waits)
        kill_wait(trial);
}

/* --- all of it --- */

static inline void kill_free(struct kill_trial *trial)
{
    char command[100];
    for (size_t i = 0; i < KILL_SENDERS; i++)
        load_free(&trial->senders[i]);
    snprintf(command, sizeof command, "rm -rf '%s'", trial->daemon.folder);
    assert_int_equal(system(command), 0);
}

/* What the senders remember is what the server's folder holds. */
static inline void kill_holds(struct kill_trial *trial)
{
    const char *wrong = kill_check(trial->daemon.state, trial->senders);
    if (wrong)
        fail_msg("%s", wrong);
}

static inline void kill_run(size_t moments, uint64_t seed)
{
    static struct kill_trial trial;
    kill_prepare(&trial, seed);
    load_start(trial.senders, KILL_SENDERS);
    assert_int_equal(pthread_create(&trial.operator, NULL, kill_operate, &trial), 0);
    assert_int_equal(pthread_create(&trial.puller, NULL, kill_pull_all, &trial), 0);
    for (size_t i = 1; i <= moments; i++) {
        kill_one(&trial);
        if (i % 50 == 0)
            print_message("%zu of %zu killed, %zu acknowledged, %zu rounds, %zu pulls\n", i, moments,
                          kill_acknowledged(&trial), atomic_load(&trial.rounds), atomic_load(&trial.pulls));
    }
    atomic_store(&trial.ends, true);
    load_join(trial.senders, KILL_SENDERS);
    pthread_join(trial.operator, NULL);
    pthread_join(trial.puller, NULL);
    daemon_end(&trial.daemon);
    assert_null(trial.wrong);
    print_message("seed %llu: vault %zu, gate %zu, distil %zu, supervisor %zu killed; started again %zu times; "
                  "%zu rounds, %zu rotations, %zu pulls\n",
                  (unsigned long long)seed, trial.kills[0], trial.kills[1], trial.kills[2], trial.kills[3],
                  trial.restarts, atomic_load(&trial.rounds), atomic_load(&trial.rotations), atomic_load(&trial.pulls));
    kill_holds(&trial);
    kill_free(&trial);
}
