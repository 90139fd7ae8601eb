/* For the tests of crypto: known answers as hex text. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/encode.h"
#include "base/secret.h"

static inline void hex_to(const char *hex, struct buf *out)
{
    buf_clear(out);
    assert_int_equal(decode_hex(bytes_str(hex), out), OK);
}

static inline void hex_secret(const char *hex, struct secret *out)
{
    SCOPED_BUF struct buf raw = {0};
    hex_to(hex, &raw);
    secret_free(out);
    assert_int_equal(secret_copy(out, buf_bytes(&raw)), OK);
}

static inline void assert_hex(struct bytes got, const char *hex)
{
    SCOPED_BUF struct buf text = {0};
    encode_hex(got, &text);
    assert_string_equal(buf_text(&text), hex);
}

/* A fixed secret of 32 equal bytes. */
static inline struct secret secret_of(uint8_t byte)
{
    uint8_t raw[32];
    struct secret out = {0};
    memset(raw, byte, sizeof raw);
    assert_int_equal(secret_copy(&out, bytes_of(raw, sizeof raw)), OK);
    return out;
}
