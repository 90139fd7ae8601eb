/* Believable values in the place of real ones: of the same shape, with the same check digits, from ranges that are
 * nobody's where there are any. Drawn by the caller's key and the value, so that the same value has the same surrogate
 * in all of a tenant's texts unless it was taken; in a session always. A surrogate is never a value that was found in
 * the session's texts, and is left alone when it comes back in a later one. */
#pragma once

#include "base/random.h"
#include "redaction/redactor.h"
#include "redaction/session.h"

/* One attempt at a value. */
struct drawing {
    struct redact_session *session;
    struct random random;
};
/* ERR_NOT_FOUND: there is no believable value of this kind; the placeholder stands for it. */
typedef enum status (*surrogate_maker)(struct drawing *drawing, struct bytes value, struct buf *out);

/* Append what stands in the place of the value. ERR_NOT_FOUND. */
MUST_USE enum status surrogate_write(struct redact_session *session, const struct operand *operand, struct buf *out);
/* Drop the finds that are surrogates of this session. */
MUST_USE enum status surrogates_pass(const struct redact_session *session, struct bytes text, struct finds *finds);
/* Know all that is found in a text before surrogates are drawn for it. */
MUST_USE enum status surrogates_reserve(struct redact_session *session, struct bytes text, const struct finds *finds);

/* --- makers (redaction/surrogate_words.c, redaction/surrogate_numbers.c) --- */
enum status surrogate_name(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_email(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_login(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_path(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_host(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_place(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_organisation(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_address(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_card(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_iban(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_phone(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_ssn(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_ip(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_mac(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_coordinates(struct drawing *drawing, struct bytes value, struct buf *out);
enum status surrogate_age(struct drawing *drawing, struct bytes value, struct buf *out);
/* Digit for digit, letter for letter; all else stays. */
enum status surrogate_shape(struct drawing *drawing, struct bytes value, struct buf *out);

/* The surrogate of one word, the same wherever it stands: drawn by `draw`, remembered under `kind`. */
enum status surrogate_word(struct redact_session *session, const char *kind, struct bytes word,
                           void (*draw)(struct random random, struct buf *out), struct buf *out);
