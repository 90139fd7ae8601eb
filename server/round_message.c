/* The question to distil and its answer. The other side may be taken over: counts are bounded by the bytes that are
 * left before anything is allocated for them. */
#include "server/round_message.h"

#define ROUND_MESSAGE_VERSION 1
#define CANDIDATE_JSON_MAX (128u * 1024)
#define CANDIDATE_JSON_MIN 64 /* no candidate's record is shorter */

static void write_candidate(const struct candidate *candidate, struct buf *text, struct buf *out)
{
    struct candidate bare = *candidate; /* borrowed */
    memset(bare.task, 0, sizeof bare.task);
    SCOPED_JSON struct json *value = candidate_encode(&bare);
    buf_clear(text);
    if (!value || json_canonical(value, text) != OK)
        out->failed = true;
    buf_add_lp(out, buf_bytes(text));
}

static enum status read_candidate(struct cursor *cursor, struct candidate *out)
{
    struct bytes text;
    SCOPED_JSON struct json *value = NULL;
    TRY(cursor_lp(cursor, &text));
    TRY(json_parse(text, CANDIDATE_JSON_MAX, &value, NULL));
    return candidate_decode(value, out, NULL);
}

static enum status read_head(struct cursor *cursor, uint8_t nonce[static ROUND_NONCE_BYTES])
{
    uint16_t version = 0;
    struct bytes bytes;
    TRY(cursor_u16(cursor, &version));
    if (version != ROUND_MESSAGE_VERSION)
        return ERR_VERSION;
    TRY(cursor_bytes(cursor, ROUND_NONCE_BYTES, &bytes));
    memcpy(nonce, bytes.data, ROUND_NONCE_BYTES);
    return OK;
}

/* A count of things of at least `least` bytes each. */
static enum status read_count(struct cursor *cursor, size_t least, size_t *count)
{
    uint32_t value = 0;
    TRY(cursor_u32(cursor, &value));
    if (value > cursor->left.size / least)
        return ERR_INPUT;
    *count = value;
    return OK;
}

/* --- question --- */

enum status distil_question_encode(const struct distil_question *question, struct buf *out)
{
    SCOPED_BUF struct buf text = {0};
    buf_add_u16(out, ROUND_MESSAGE_VERSION);
    buf_add(out, bytes_of(question->nonce, ROUND_NONCE_BYTES));
    buf_add_u32(out, question->near_milli);
    buf_add_u32(out, question->related_milli);
    buf_add_u32(out, (uint32_t)question->count);
    for (size_t i = 0; i < question->count; i++)
        write_candidate(&question->candidates[i], &text, out);
    return buf_status(out);
}

static enum status question_read(struct cursor *cursor, struct distil_question *out)
{
    size_t count = 0;
    TRY(read_head(cursor, out->nonce));
    TRY(cursor_u32(cursor, &out->near_milli));
    TRY(cursor_u32(cursor, &out->related_milli));
    TRY(read_count(cursor, CANDIDATE_JSON_MIN, &count));
    out->candidates = mem_new(count, sizeof *out->candidates);
    if (!out->candidates)
        return ERR_MEMORY;
    while (out->count < count) {
        TRY(read_candidate(cursor, &out->candidates[out->count]));
        out->count++;
    }
    return cursor_end(cursor);
}

enum status distil_question_decode(struct bytes text, struct distil_question *out)
{
    struct cursor cursor = {text};
    *out = (struct distil_question){0};
    enum status status = question_read(&cursor, out);
    if (status != OK)
        distil_question_free(out);
    return status;
}

void distil_question_free(struct distil_question *question)
{
    for (size_t i = 0; i < question->count; i++)
        candidate_free(&question->candidates[i]);
    mem_free(question->candidates);
    *question = (struct distil_question){0};
}

/* --- answer --- */

static void write_indices(const uint32_t *indices, size_t count, struct buf *out)
{
    buf_add_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        buf_add_u32(out, indices[i]);
}

static enum status read_indices(struct cursor *cursor, size_t bound, uint32_t **indices, size_t *count)
{
    size_t wanted = 0;
    TRY(read_count(cursor, sizeof **indices, &wanted));
    *indices = mem_new(wanted, sizeof **indices);
    if (!*indices)
        return ERR_MEMORY;
    for (*count = 0; *count < wanted; (*count)++) {
        TRY(cursor_u32(cursor, &(*indices)[*count]));
        if ((*indices)[*count] >= bound)
            return ERR_INPUT;
    }
    return OK;
}

enum status distil_answer_encode(const struct distil_answer *answer, struct buf *out)
{
    SCOPED_BUF struct buf text = {0};
    buf_add_u16(out, ROUND_MESSAGE_VERSION);
    buf_add(out, bytes_of(answer->nonce, ROUND_NONCE_BYTES));
    buf_add_u32(out, (uint32_t)answer->proposals.count);
    for (size_t i = 0; i < answer->proposals.count; i++) {
        const struct proposal *proposal = &answer->proposals.items[i];
        write_candidate(&proposal->text, &text, out);
        write_indices(proposal->support, proposal->support_count, out);
        write_indices(proposal->links, proposal->link_count, out);
    }
    return buf_status(out);
}

static enum status answer_read(struct cursor *cursor, size_t candidates, struct distil_answer *out)
{
    size_t count = 0;
    struct proposals *proposals = &out->proposals;
    TRY(read_head(cursor, out->nonce));
    TRY(read_count(cursor, CANDIDATE_JSON_MIN, &count));
    proposals->items = mem_new(count, sizeof *proposals->items);
    if (!proposals->items)
        return ERR_MEMORY;
    while (proposals->count < count) {
        struct proposal *proposal = &proposals->items[proposals->count++];
        TRY(read_candidate(cursor, &proposal->text));
        TRY(read_indices(cursor, candidates, &proposal->support, &proposal->support_count));
        TRY(read_indices(cursor, count, &proposal->links, &proposal->link_count));
    }
    return cursor_end(cursor);
}

enum status distil_answer_decode(struct bytes text, size_t candidates, struct distil_answer *out)
{
    struct cursor cursor = {text};
    *out = (struct distil_answer){0};
    enum status status = answer_read(&cursor, candidates, out);
    if (status != OK)
        distil_answer_free(out);
    return status;
}

void distil_answer_free(struct distil_answer *answer)
{
    proposals_free(&answer->proposals);
    *answer = (struct distil_answer){0};
}
