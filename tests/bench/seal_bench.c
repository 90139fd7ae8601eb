/* Sealing and opening one contribution of four candidates, on one core: HPKE alone beside libsodium's crypto_box_seal,
 * and the whole envelope (canonical header, signature inside, padding) beside crypto_box_seal with an Ed25519
 * signature. Microseconds an operation, median of nine batches. */
#include <sodium.h>
#include <stdlib.h>

#include "protocol/contribution.h"
#include "tests/bench/bench.h"
#include "tests/bench/synthetic.h"

enum { BATCHES = 9, BATCH = 200, CANDIDATES = 4, BOX_MAX = 1 << 16 };

static struct secret sealing_private, device_seed;
static uint8_t sealing_key[HPKE_PUBLIC_BYTES], device_key[SIGN_PUBLIC_BYTES];
static uint8_t box_public[crypto_box_PUBLICKEYBYTES], box_private[crypto_box_SECRETKEYBYTES];
static uint8_t signer_public[crypto_sign_PUBLICKEYBYTES], signer_private[crypto_sign_SECRETKEYBYTES];
static struct buf record, hpke_box, envelope;
static uint8_t enc[HPKE_ENC_BYTES], sodium_box[BOX_MAX], opened[BOX_MAX], signature[crypto_sign_BYTES];

static void check(int result)
{
    if (result != 0)
        exit(1);
}

static void seal_hpke(void)
{
    buf_clear(&hpke_box);
    bench_must(hpke_seal(sealing_key, BYTES_NONE, BYTES_NONE, buf_bytes(&record), enc, &hpke_box));
}
static void open_hpke(void)
{
    SCOPED_BUF struct buf out = {0};
    bench_must(hpke_open(&sealing_private, enc, BYTES_NONE, BYTES_NONE, buf_bytes(&hpke_box), &out));
}
static void seal_envelope(void)
{
    struct envelope_header header = {.kind = ENVELOPE_CONTRIBUTION, .epoch = "2026-01"};
    buf_clear(&envelope);
    bench_must(envelope_seal(&header, sealing_key, &device_seed, buf_bytes(&record), &envelope));
}
static void open_envelope(void)
{
    struct envelope_header header;
    uint8_t digest[DIGEST_BYTES];
    SCOPED_BUF struct buf out = {0};
    buf_init_secret(&out);
    bench_must(envelope_open(buf_bytes(&envelope), &sealing_private, device_key, &header, &out, digest));
}
static void seal_sodium(void)
{
    check(crypto_box_seal(sodium_box, record.data, record.size, box_public));
}
static void open_sodium(void)
{
    check(crypto_box_seal_open(opened, sodium_box, record.size + crypto_box_SEALBYTES, box_public, box_private));
}
static void seal_signed_sodium(void)
{
    check(crypto_sign_detached(signature, NULL, record.data, record.size, signer_private));
    seal_sodium();
}
static void open_signed_sodium(void)
{
    open_sodium();
    check(crypto_sign_verify_detached(signature, opened, record.size, signer_public));
}

static double micros(void (*operation)(void))
{
    double times[BATCHES];
    for (int i = 0; i < BATCHES; i++) {
        double start = bench_cpu();
        for (int j = 0; j < BATCH; j++)
            operation();
        times[i] = (bench_cpu() - start) * 1e6 / BATCH;
    }
    return bench_quantile(times, BATCHES, 0.5);
}

int main(void)
{
    static const struct {
        const char *name;
        void (*ours)(void), (*theirs)(void);
        const char *peer;
    } rows[] = {{"seal.hpke", seal_hpke, seal_sodium, "libsodium crypto_box_seal"},
                {"open.hpke", open_hpke, open_sodium, "libsodium crypto_box_seal_open"},
                {"seal.envelope", seal_envelope, seal_signed_sodium, "libsodium box + Ed25519"},
                {"open.envelope", open_envelope, open_signed_sodium, "libsodium box + Ed25519"}};
    bench_must(secret_start(4096, NULL));
    bench_must(hpke_keypair(&sealing_private, sealing_key));
    bench_must(sign_keypair(&device_seed, device_key));
    check(crypto_box_keypair(box_public, box_private));
    check(crypto_sign_keypair(signer_public, signer_private));
    synthetic_record(0, CANDIDATES, &record);
    if (record.size + crypto_box_SEALBYTES > BOX_MAX)
        return 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench_result(rows[i].name, micros(rows[i].ours), "us", "record of %zu bytes", record.size);
        bench_peer(rows[i].name, micros(rows[i].theirs), "us", rows[i].peer);
    }
    secret_free(&sealing_private);
    secret_free(&device_seed);
    buf_free(&record);
    buf_free(&hpke_box);
    buf_free(&envelope);
    return 0;
}
