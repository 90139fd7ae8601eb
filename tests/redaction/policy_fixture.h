/* For tests of policies: a redactor of a policy's text, and what it makes of a text. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "redaction/redaction.h"

static inline struct redactor *redactor_of(const char *policy)
{
    struct redactor *redactor = NULL;
    struct why why = {0};
    enum status status = redactor_new(bytes_str(policy), NULL, &redactor, &why);
    if (status != OK)
        print_message("%s: %s in %s at %zu\n", policy, why.what, why.where, why.at);
    assert_int_equal(status, OK);
    return redactor;
}

/* One text or JSON value, scrubbed under a policy, is `want`. */
static inline void scrubs(const char *policy, const char *text, const char *want)
{
    struct redactor *redactor = redactor_of(policy);
    struct redact_session *session = NULL;
    struct buf out SCOPED_BUF = {0};
    assert_int_equal(redact_session_new(redactor, &session), OK);
    if (text[0] == '{')
        assert_int_equal(redact_json(session, bytes_str(text), &out, NULL), OK);
    else
        assert_int_equal(redact_text(session, bytes_str(text), &out, NULL), OK);
    assert_string_equal(buf_text(&out), want);
    redact_session_free(session);
    redactor_free(redactor);
}
