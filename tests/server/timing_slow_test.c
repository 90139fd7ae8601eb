/* How long a refusal takes must not say why: what a stranger can send to the vault is refused with the same bytes in
 * the same time, whether a device is known, suspended, another's or the message cannot be opened.
 *
 * Measured after "dude, is my code constant time?" (Reparaz, Balasch, Verbauwhede, 2017): messages of two classes in
 * random order, Welch's t of their times, on all of them and on those below some percentiles, since what interrupts a
 * measurement only ever lengthens it. Under no difference |t| > 5 has a chance of 6e-7 for one comparison; there are
 * CROPS for each of some twenty pairs, so that a whole run has a false alarm once in about 16,000. A run that is over
 * is measured once more with new messages before it counts. */
#include <math.h>
#include <time.h>

#include "tests/server/house_fixture.h"

#define SAMPLES 8000 /* of a class */
#define VARIANTS 48  /* different messages of a class */
#define T_LIMIT 5.0
static const double crops[] = {1.0, 0.95, 0.9, 0.75, 0.5};
#define CROPS (sizeof crops / sizeof *crops)

enum { CLASSES_MAX = 9 };
struct class
{
    const char *name;
    struct buf messages[VARIANTS];
    double *nanos;
    size_t count;
    bool returns_early; /* the control: refused before it is opened, as a careless vault would */
};
struct surface {
    enum message_type type;
    size_t count;
    struct class classes[CLASSES_MAX]; /* the first is what the others are compared with */
};

static uint64_t now_nanos(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

/* --- statistics --- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t count, double part)
{
    return sorted[(size_t)(part * (double)(count - 1))];
}

struct moments {
    double count, mean, variance;
};
static struct moments moments_below(const double *values, size_t count, double limit)
{
    struct moments sum = {0};
    for (size_t i = 0; i < count; i++) {
        if (values[i] > limit)
            continue;
        double before = values[i] - sum.mean;
        sum.count++;
        sum.mean += before / sum.count;
        sum.variance += before * (values[i] - sum.mean);
    }
    sum.variance /= sum.count - 1;
    return sum;
}

static double welch(const struct class *a, const struct class *b, double limit)
{
    struct moments x = moments_below(a->nanos, a->count, limit), y = moments_below(b->nanos, b->count, limit);
    return (x.mean - y.mean) / sqrt(x.variance / x.count + y.variance / y.count);
}

/* The largest |t| over the crops; *difference of the medians in nanoseconds. */
static double leak(const struct class *a, const struct class *b, double *difference)
{
    double *both = mem_new(a->count + b->count, sizeof *both), most = 0;
    assert_non_null(both);
    memcpy(both, a->nanos, a->count * sizeof *both);
    memcpy(both + a->count, b->nanos, b->count * sizeof *both);
    qsort(both, a->count + b->count, sizeof *both, by_size);
    for (size_t i = 0; i < CROPS; i++)
        most = fmax(most, fabs(welch(a, b, quantile(both, a->count + b->count, crops[i]))));
    memcpy(both, a->nanos, a->count * sizeof *both);
    memcpy(both + a->count, b->nanos, b->count * sizeof *both);
    qsort(both, a->count, sizeof *both, by_size);
    qsort(both + a->count, b->count, sizeof *both, by_size);
    *difference = quantile(both, a->count, 0.5) - quantile(both + a->count, b->count, 0.5);
    mem_free(both);
    return most;
}

/* --- measuring --- */

static void refuse(struct house *house, const struct surface *surface, const struct class *class, size_t variant,
                   struct buf *reply)
{
    struct device device;
    const struct buf *message = &class->messages[variant];
    struct envelope_header header;
    if (class->returns_early && envelope_peek(buf_bytes(message), &header) == OK &&
        device_find(house->vault->store, header.device, &device) == ERR_NOT_FOUND)
        return;
    assert_int_equal(house_ask(house->vault, &house->distiller, ROLE_GATE, surface->type, buf_bytes(message), reply),
                     OK);
}

static void measure(struct house *house, struct surface *surface)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 11);
    SCOPED_BUF struct buf first = {0};
    for (size_t i = 0; i < surface->count; i++) {
        struct class *class = &surface->classes[i];
        class->count = 0;
        class->nanos = mem_new(SAMPLES * 2, sizeof *class->nanos);
        assert_non_null(class->nanos);
    }
    refuse(house, surface, &surface->classes[0], 0, &first);
    for (size_t i = 0; i < SAMPLES * surface->count; i++) {
        struct class *class = &surface->classes[random_below(random, surface->count)];
        size_t variant = (size_t)random_below(random, VARIANTS);
        SCOPED_BUF struct buf reply = {0};
        if (class->count == SAMPLES * 2)
            continue;
        uint64_t start = now_nanos();
        refuse(house, surface, class, variant, &reply);
        class->nanos[class->count++] = (double)(now_nanos() - start);
        if (!class->returns_early)
            assert_true(bytes_equal(buf_bytes(&reply), buf_bytes(&first)));
    }
}

static bool is_over(const struct surface *surface, size_t i)
{
    double difference = 0;
    double t = leak(&surface->classes[0], &surface->classes[i], &difference);
    print_message("  %-32s |t| = %5.1f, median %+.0f ns\n", surface->classes[i].name, t, difference);
    return t > T_LIMIT;
}

static void forget(struct surface *surface)
{
    for (size_t i = 0; i < surface->count; i++) {
        mem_free(surface->classes[i].nanos);
        surface->classes[i].nanos = NULL;
    }
}

/* Every class is as fast as the first, but for the control, which is not. */
static void judge(struct house *house, struct surface *surface)
{
    bool suspect[CLASSES_MAX] = {false};
    for (int run = 0; run < 2; run++) {
        bool any = false;
        measure(house, surface);
        for (size_t i = 1; i < surface->count; i++) {
            bool over = is_over(surface, i);
            if (surface->classes[i].returns_early) {
                assert_true(over);
                continue;
            }
            any |= over;
            assert_false(over && suspect[i]);
            suspect[i] = over;
        }
        forget(surface);
        if (!any)
            return;
    }
}

static void surface_free(struct surface *surface)
{
    for (size_t i = 0; i < surface->count; i++) {
        for (size_t j = 0; j < VARIANTS; j++)
            buf_free(&surface->classes[i].messages[j]);
    }
}

/* --- envelopes --- */

enum forgery {
    WRONG_KEY,
    UNKNOWN_DEVICE,
    UNKNOWN_TENANT,
    ANOTHERS_DEVICE,
    SUSPENDED,
    FOREIGN,
    OTHER_KEY,
    UNSEALABLE,
    ALTERED
};

struct forger {
    struct house *house;
    const struct member *acme, *beta, *gamma;
    struct secret seed; /* a stranger's */
    uint8_t public_key[HPKE_PUBLIC_BYTES];
};

static void forge(const struct forger *forger, enum envelope_kind kind, enum forgery forgery, uint8_t variant,
                  struct buf *out)
{
    struct envelope_header header;
    struct member sender = forgery == SUSPENDED ? *forger->gamma : *forger->acme;
    const struct federation *federation = &forger->house->vault->federation;
    const uint8_t *sealing_key = forgery == UNSEALABLE ? forger->public_key : federation->sealing_key;
    SCOPED_BUF struct buf record = {0};
    house_record("a payment is refused", "ask for another card", 1, &record);
    house_header(forger->house, &sender, kind, variant, &header);
    if (forgery == UNKNOWN_DEVICE)
        random_fill(random_system(), header.device, ID_BYTES);
    if (forgery == UNKNOWN_TENANT)
        random_fill(random_system(), header.tenant, ID_BYTES);
    if (forgery == ANOTHERS_DEVICE)
        memcpy(header.device, forger->beta->device, ID_BYTES);
    if (forgery == FOREIGN)
        random_fill(random_system(), header.federation, FEDERATION_ID_BYTES);
    if (forgery == OTHER_KEY)
        random_fill(random_system(), header.sealing_key_id, KEY_ID_BYTES);
    bool is_signed = forgery == SUSPENDED || forgery == ALTERED;
    assert_int_equal(
        envelope_seal(&header, sealing_key, is_signed ? &sender.seed : &forger->seed, buf_bytes(&record), out), OK);
    if (forgery == ALTERED)
        out->data[ENVELOPE_HEADER_BYTES + HPKE_ENC_BYTES + variant] ^= 1;
}

static void envelopes(const struct forger *forger, enum message_type type, enum envelope_kind kind,
                      struct surface *surface)
{
    static const struct {
        enum forgery forgery;
        const char *name;
    } rows[] = {
        {WRONG_KEY, "wrong key"},
        {UNKNOWN_DEVICE, "unknown device"},
        {UNKNOWN_TENANT, "unknown tenant"},
        {ANOTHERS_DEVICE, "another's device"},
        {SUSPENDED, "suspended member"},
        {FOREIGN, "another federation"},
        {OTHER_KEY, "unknown sealing key"},
        {UNSEALABLE, "undecryptable"},
        {ALTERED, "altered"},
    };
    *surface = (struct surface){.type = type, .count = sizeof rows / sizeof *rows};
    for (size_t i = 0; i < surface->count; i++) {
        surface->classes[i].name = rows[i].name;
        for (uint8_t j = 0; j < VARIANTS; j++)
            forge(forger, kind, rows[i].forgery, j, &surface->classes[i].messages[j]);
    }
}

static void forger_new(struct house *house, struct forger *forger)
{
    uint8_t unused[SIGN_PUBLIC_BYTES];
    SCOPED_SECRET struct secret private_key = {0};
    *forger = (struct forger){.house = house};
    forger->acme = house_member(house, "acme");
    forger->beta = house_member(house, "beta");
    forger->gamma = house_member(house, "gamma");
    json_free(house_command(house, "{\"command\":\"tenant.suspend\",\"tenant\":\"gamma\"}"));
    assert_int_equal(sign_keypair(&forger->seed, unused), OK);
    assert_int_equal(hpke_keypair(&private_key, forger->public_key), OK);
}

static void refused_in_the_same_time(enum message_type type, enum envelope_kind kind)
{
    struct house house;
    struct forger forger;
    struct surface surface;
    house_new(&house, HOUSE_FOLDER);
    forger_new(&house, &forger);
    envelopes(&forger, type, kind, &surface);
    judge(&house, &surface);
    surface_free(&surface);
    secret_free(&forger.seed);
    house_free(&house);
}

static void contributions_are_refused_in_the_same_time(void **state)
{
    (void)state;
    refused_in_the_same_time(MESSAGE_CONTRIBUTE, ENVELOPE_CONTRIBUTION);
}

static void requests_are_refused_in_the_same_time(void **state)
{
    (void)state;
    refused_in_the_same_time(MESSAGE_REQUEST, ENVELOPE_REQUEST);
}

static void a_vault_that_returns_early_is_seen(void **state)
{
    (void)state;
    struct house house;
    struct forger forger;
    struct surface surface;
    house_new(&house, HOUSE_FOLDER);
    forger_new(&house, &forger);
    envelopes(&forger, MESSAGE_CONTRIBUTE, ENVELOPE_CONTRIBUTION, &surface);
    surface.classes[1].returns_early = true;
    surface.count = 2;
    judge(&house, &surface);
    surface.count = CLASSES_MAX;
    surface_free(&surface);
    secret_free(&forger.seed);
    house_free(&house);
}

/* --- enrolments: what anybody can send, without a certificate --- */

#define UNKNOWN_TOKEN 1

/* A token of the tenant, and a request that uses it up if it is to be used. */
static void new_token(struct house *house, const char *tenant, bool is_used, struct enrol_token *token)
{
    char command[96];
    struct member member = {0};
    SCOPED_BUF struct buf text = {0}, request = {0};
    snprintf(command, sizeof command, "{\"command\":\"tenant.token\",\"tenant\":\"%s\"}", tenant);
    house_token(house, command, &text);
    assert_int_equal(enrol_token_decode(buf_bytes(&text), token), OK);
    if (is_used) {
        house_enrol_request(house, buf_bytes(&text), &member, &request);
        assert_int_equal(house_get(house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&request), NULL), OK);
        secret_free(&member.seed);
    }
}

static void enrolments(const struct forger *forger, const struct enrol_token tokens[static 3], struct surface *surface)
{
    static const struct {
        const char *name;
        size_t token;
    } rows[] = {
        {"live token, wrong secret", 0}, {"unknown token", 0}, {"used token", 1}, {"suspended member's token", 2}};
    SCOPED_SECRET struct secret tls = {0};
    SCOPED_BUF struct buf csr = {0};
    assert_int_equal(ca_key_new(&tls), OK);
    assert_int_equal(csr_create(&tls, "device", &csr), OK);
    *surface = (struct surface){.type = MESSAGE_ENROL, .count = sizeof rows / sizeof *rows};
    for (size_t i = 0; i < surface->count; i++) {
        surface->classes[i].name = rows[i].name;
        for (size_t j = 0; j < VARIANTS; j++) {
            struct enrol_token token = tokens[rows[i].token];
            if (i == UNKNOWN_TOKEN)
                random_fill(random_system(), token.id, ID_BYTES);
            random_fill(random_system(), token.secret, sizeof token.secret);
            assert_int_equal(enrol_request_seal(&forger->house->vault->federation, &token, &forger->seed,
                                                buf_bytes(&csr), &surface->classes[i].messages[j]),
                             OK);
        }
    }
}

static void enrolments_are_refused_in_the_same_time(void **state)
{
    (void)state;
    struct house house;
    struct forger forger = {.house = &house};
    struct surface surface;
    struct enrol_token tokens[3];
    uint8_t unused[SIGN_PUBLIC_BYTES];
    house_new(&house, HOUSE_FOLDER);
    house_member(&house, "acme");
    house_member(&house, "gamma");
    assert_int_equal(sign_keypair(&forger.seed, unused), OK);
    new_token(&house, "acme", false, &tokens[0]);
    new_token(&house, "acme", true, &tokens[1]);
    new_token(&house, "gamma", false, &tokens[2]);
    json_free(house_command(&house, "{\"command\":\"tenant.suspend\",\"tenant\":\"gamma\"}"));
    enrolments(&forger, tokens, &surface);
    judge(&house, &surface);
    surface_free(&surface);
    secret_free(&forger.seed);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contributions_are_refused_in_the_same_time),
        cmocka_unit_test(requests_are_refused_in_the_same_time),
        cmocka_unit_test(enrolments_are_refused_in_the_same_time),
        cmocka_unit_test(a_vault_that_returns_early_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
