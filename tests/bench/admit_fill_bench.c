/* Not a measurement but what comes before one: admit_fill_bench STATE MEMBERS-FILE TENANTS EACH. Enrols a device for
 * each of TENANTS new tenants of a founded federation and stores EACH contributions of 4 KiB of theirs, through the
 * vault's own machine in this process: the rows straight into the tenants' databases, without sealing and opening each,
 * and the leaves of their batches into the log. */
#include "base/log.h"
#include "server/admit.h"
#include "server/intake.h"
#include "tests/bench/admit_members.h"
#include "tests/bench/admit_record.h"

struct filler {
    struct vault *vault;
    struct distiller distiller;
    struct buf members;
    uint64_t serial;
};

static void ask(const struct filler *filler, enum message_type type, struct bytes payload, struct buf *body)
{
    struct reply reply;
    SCOPED_BUF struct buf answer = {0};
    bench_must(house_ask(filler->vault, &filler->distiller, ROLE_GATE, type, payload, &answer));
    bench_must(reply_read(buf_bytes(&answer), &reply));
    bench_must(reply.status);
    buf_add(body, reply.body);
}

/* The tenant's first device. The first of all leaves its certificate and TLS key in the file: one connection's identity
 * carries everybody's envelopes, since the gate is believed in nothing. */
static void enrol(struct filler *filler, size_t number, struct bench_member *member)
{
    struct enrol_token token;
    struct enrol_reply reply;
    uint8_t public_key[SIGN_PUBLIC_BYTES];
    char command[96];
    const struct federation *federation = &filler->vault->federation;
    SCOPED_SECRET struct secret tls = {0}, seed = {0};
    SCOPED_BUF struct buf added = {0}, csr = {0}, request = {0}, body = {0};
    SCOPED_JSON struct json *tenant = NULL;
    snprintf(command, sizeof command, "{\"command\":\"tenant.add\",\"name\":\"member %zu\"}", number);
    bench_must(house_admin(filler->vault, &filler->distiller, bytes_str(command), &added, NULL));
    bench_must(json_parse(buf_bytes(&added), 1 << 16, &tenant, NULL));
    bench_must(enrol_token_decode(json_string_bytes(json_get(tenant, "token")), &token));
    bench_must(sign_keypair(&seed, public_key));
    bench_must(ca_key_new(&tls));
    bench_must(csr_create(&tls, "device", &csr));
    bench_must(enrol_request_seal(federation, &token, &seed, buf_bytes(&csr), &request));
    ask(filler, MESSAGE_ENROL, buf_bytes(&request), &body);
    bench_must(enrol_reply_decode(buf_bytes(&body), &reply, NULL));
    if (number == 0) {
        buf_add_lp(&filler->members, bytes_str(federation->ca_pem));
        buf_add_lp(&filler->members, bytes_str(reply.certificate_pem));
        buf_add_lp(&filler->members, secret_bytes(&tls));
        buf_add_lp(&filler->members, buf_bytes(&filler->vault->document));
    }
    memcpy(member->tenant, reply.tenant, ID_BYTES);
    memcpy(member->device, reply.device, ID_BYTES);
    memcpy(member->seed, seed.data, sizeof member->seed);
    enrol_reply_free(&reply);
}

/* --- what a member has contributed --- */

static void receipts_make(const struct filler *filler, struct buf *texts)
{
    static struct receipt receipts[RECEIPT_BATCH_MAX];
    for (size_t i = 0; i < RECEIPT_BATCH_MAX; i++)
        receipts[i] = (struct receipt){.version = RECEIPT_VERSION, .epoch = "2026-01", .leaf = 1000000};
    bench_must(receipt_sign_batch(receipts, RECEIPT_BATCH_MAX, filler->vault->federation.id,
                                  &filler->vault->keys[SERVER_RECEIPT]));
    for (size_t i = 0; i < RECEIPT_BATCH_MAX; i++)
        bench_must(receipt_encode(&receipts[i], &texts[i]));
}

static void fill_tenant(struct filler *filler, const struct bench_member *member, const struct buf *receipts,
                        size_t each)
{
    struct tenant tenant;
    struct db *db = NULL;
    bench_must(tenant_find(filler->vault->store, member->tenant, &tenant));
    bench_must(store_tenant(filler->vault->store, &tenant, &db));
    bench_must(db_begin(db));
    for (size_t i = 0; i < each; i++) {
        struct admission row = {.kind = ENVELOPE_CONTRIBUTION, .class = CLASS_TEXT, .epoch = "2026-01"};
        SCOPED_BUF struct buf record = {0};
        bench_record(filler->serial++, &record);
        memcpy(row.device, member->device, ID_BYTES);
        random_fill(random_system(), row.id, ID_BYTES);
        random_fill(random_system(), row.digest, DIGEST_BYTES);
        bench_must(admit_insert(db, &row, buf_bytes(&record), buf_bytes(&receipts[i % RECEIPT_BATCH_MAX])));
    }
    bench_must(db_commit(db));
}

static void fill_log(const struct filler *filler, size_t leaves)
{
    struct store *store = filler->vault->store;
    struct log_entry entry = {.kind = LOGGED_INTAKE, .epoch = "2026-01"};
    bench_must(db_begin(store_federation(store)));
    for (size_t i = 0; i < leaves; i++) {
        uint64_t leaf;
        uint8_t salt[32];
        bench_must(log_commitment(store, random_system(), &entry, bytes_of(&i, sizeof i), salt, &leaf));
    }
    bench_must(db_commit(store_federation(store)));
}

static void open_vault(const char *state, struct root_provider **root, struct filler *filler)
{
    char path[4096];
    struct why why = {0};
    SCOPED_SECRET struct secret key = {0};
    bench_must(path_join(path, sizeof path, state, "root.key"));
    bench_must(root_key_load_file(path, &key, NULL));
    bench_must(root_provider_of_secret(&key, root));
    const struct vault_options options = {
        .state = state, .root = *root, .clock = clock_system(), .random = random_system()};
    enum status status = vault_open(&options, &filler->vault, &why);
    if (status != OK)
        fprintf(stderr, "bench: %s\n", why.what ? why.what : "?");
    bench_must(status);
    filler->distiller = distiller_embedded();
}

int main(int argc, char **argv)
{
    struct filler filler = {0};
    SCOPED_ROOT struct root_provider *root = NULL;
    struct buf receipts[RECEIPT_BATCH_MAX] = {{0}};
    if (argc != 5) {
        fprintf(stderr, "usage: admit_fill_bench STATE MEMBERS-FILE TENANTS EACH\n");
        return 2;
    }
    size_t tenants = strtoul(argv[3], NULL, 10), each = strtoul(argv[4], NULL, 10);
    bench_must(secret_start(4096, NULL));
    log_start("bench", LOG_ERROR, clock_system(), -1);
    open_vault(argv[1], &root, &filler);
    receipts_make(&filler, receipts);
    SCOPED_BUF struct buf list = {0};
    for (size_t i = 0; i < tenants; i++) {
        struct bench_member member;
        enrol(&filler, i, &member);
        if (each)
            fill_tenant(&filler, &member, receipts, each);
        members_add(&list, &member);
    }
    fill_log(&filler, tenants * each / RECEIPT_BATCH_MAX);
    buf_add_u32(&filler.members, (uint32_t)tenants);
    buf_add(&filler.members, buf_bytes(&list));
    bench_must(buf_status(&filler.members));
    bench_must(file_write(argv[2], buf_bytes(&filler.members), 0600));
    for (size_t i = 0; i < RECEIPT_BATCH_MAX; i++)
        buf_free(&receipts[i]);
    buf_free(&filler.members);
    vault_close(filler.vault);
    return 0;
}
