/* Scrubs standard input to standard output, and says on standard error what was found, by type: how many, never what.
 *
 *     cc scrub.c $(pkg-config --cflags --libs chatham-redaction) -o scrub
 *     ./scrub [POLICY] <trace.jsonl >scrubbed.jsonl
 *
 * The input may be text, a JSON value or JSON lines, and of any size: memory stays bounded. */
#include <stdio.h>

#include <redaction/redaction.h>

static size_t counts[REDACT_TYPES];

static void count(struct redact_findings *found)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].withheld)
            counts[found->items[i].type]++;
    found->count = 0; /* told; the next ones follow */
}

static enum status write_out(struct buf *out)
{
    if (out->size == 0)
        return OK;
    size_t written = fwrite(out->data, 1, out->size, stdout);
    enum status status = written == out->size ? OK : ERR_IO;
    buf_clear(out);
    return status;
}

/* A part of the input in, what is ready of the output out; an empty part ends it. */
static enum status pass(struct redact_stream *stream, struct bytes part, struct buf *out, struct redact_findings *found)
{
    TRY(part.size ? redact_stream_add(stream, part, out, found) : redact_stream_end(stream, out, found));
    count(found);
    return write_out(out);
}

static enum status scrub(struct redact_stream *stream)
{
    static char part[1 << 16];
    struct buf out SCOPED_BUF = {.secret = true};
    struct redact_findings found = {0};
    enum status status = OK;
    size_t got = 1;
    while (status == OK && got > 0) {
        got = fread(part, 1, sizeof part, stdin);
        status = pass(stream, bytes_of(part, got), &out, &found);
    }
    redact_findings_free(&found);
    return status;
}

int main(int argc, char **argv)
{
    struct why why = {0};
    struct redactor *redactor = NULL;      /* a compiled policy: one for all threads */
    struct redact_session *session = NULL; /* the memory of one document or conversation */
    struct redact_stream *stream = NULL;
    struct bytes policy = redact_policy_text(argc > 1 ? argv[1] : "default"); /* or the text of a policy file */
    enum status status =
        policy.size ? redactor_new(policy, NULL, &redactor, &why) : why_set(&why, ERR_USAGE, "no such policy", NULL, 0);
    if (status == OK)
        status = redact_session_new(redactor, &session);
    if (status == OK)
        status = redact_stream_new(session, &stream);
    if (status == OK)
        status = scrub(stream);
    redact_stream_free(stream);
    redact_session_free(session);
    redactor_free(redactor);
    for (unsigned type = 0; type < REDACT_TYPES; type++)
        if (counts[type])
            fprintf(stderr, "%s %zu\n", redact_type_name((enum redact_type)type), counts[type]);
    if (status != OK) {
        char line[256];
        why_print(&why, status, "scrub", line, sizeof line);
        fprintf(stderr, "%s\n", line);
    }
    return status_exit(status);
}
