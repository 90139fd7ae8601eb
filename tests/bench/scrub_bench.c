/* The scrubber on one core, processor time: trace text and JSONL (the tau-bench trajectories where they are, else made
 * here), a new session each 64 KiB or line; then 50 MB of each pathological shape. */
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "base/inflate.h"
#include "base/json.h"
#include "redaction/redaction.h"
#include "tests/bench/bench.h"

enum { CHUNK = 64 << 10, SHAPE = 50 << 20, ROUNDS = 10 };

static struct redactor *redactor;

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(enum status status)
{
    if (status == OK)
        return;
    fprintf(stderr, "scrub: %s\n", status_text(status));
    exit(1);
}

typedef enum status (*scrub)(struct redact_session *session, struct bytes text, struct buf *out);

static enum status scrub_text(struct redact_session *session, struct bytes text, struct buf *out)
{
    return redact_text(session, text, out, NULL);
}

static enum status scrub_json(struct redact_session *session, struct bytes text, struct buf *out)
{
    return redact_json(session, text, out, NULL);
}

/* Scrub content in parts that end at a newline, `least` bytes or more each. */
static void scrub_parts(struct bytes content, size_t least, scrub how, struct buf *out)
{
    for (size_t at = 0; at < content.size;) {
        struct redact_session *session = NULL;
        size_t size = least < content.size - at ? least : content.size - at;
        while (at + size < content.size && content.data[at + size] != '\n')
            size++;
        buf_clear(out);
        must(redact_session_new(redactor, &session));
        must(how(session, bytes_part(content, at, size), out));
        redact_session_free(session);
        at += size + 1;
    }
}

static void measure(const char *name, struct bytes content, size_t least, scrub how, int rounds)
{
    struct buf out SCOPED_BUF = {0};
    double best = 1e9;
    for (int i = 0; i < rounds; i++) {
        double start = cpu_seconds();
        scrub_parts(content, least, how, &out);
        double took = cpu_seconds() - start;
        best = took < best ? took : best;
    }
    printf("%-24s %7.1f MB  %7.1f MB/s  peak %6.0f MiB\n", name, (double)content.size / 1e6, (double)content.size / 1e6 / best,
           bench_peak());
}

static bool load(const char *name, struct buf *out)
{
    const char *shared = getenv("CHATHAM_SHARED");
    char path[4096];
    struct buf packed SCOPED_BUF = {0};
    snprintf(path, sizeof path, "%s/data/traces/tau-bench/%s", shared ? shared : "../shared", name);
    return file_read(path, 64u << 20, &packed) == OK && inflate_gzip(buf_bytes(&packed), 64u << 20, out) == OK;
}

/* The messages of one line as a transcript. */
static void add_text(struct bytes line, struct buf *out)
{
    struct json *value SCOPED_JSON = NULL;
    must(json_parse(line, 64u << 20, &value, NULL));
    buf_add(out, json_string_bytes(json_get(value, "messages_display")));
    const struct json *messages = json_get(value, "messages");
    for (size_t i = 0; i < json_count(messages); i++) {
        const struct json *message = json_at(messages, i), *calls = json_get(message, "tool_calls");
        buf_add(out, json_string_bytes(json_get(message, "role")));
        buf_add_str(out, ": ");
        buf_add(out, json_string_bytes(json_get(message, "content")));
        for (size_t c = 0; c < json_count(calls); c++)
            buf_add(out, json_string_bytes(json_get(json_get(json_at(calls, c), "function"), "arguments")));
        buf_add_byte(out, '\n');
    }
    buf_add_byte(out, '\n');
}

/* Text of the same kind for where there are no trajectories. */
static void add_synthetic(struct buf *text, struct buf *lines)
{
    static const char prose[] = "user: Hi, I'd like to change my flight from Denver to Houston, the quickest one on May 27, please.\n"
                                "assistant: I can help you with that. Could you please provide your user ID and the reservation ID?\n"
                                "tool: {\\\"status\\\": \\\"available\\\", \\\"prices\\\": {\\\"economy\\\": 112, \\\"business\\\": 438}}\n";
    for (int i = 0; i < 6000; i++) {
        for (const char *p = prose; *p; p++)
            if (*p != '\\')
                buf_add_byte(text, (uint8_t)*p);
        buf_addf(text, "user: it is mia_li_%d, mail mia%d@example.com\n", 1000 + i, i);
        buf_addf(lines, "{\"role\": \"user\", \"content\": \"my order #W%07d is late, please look\", \"n\": %d}\n", i, i);
    }
}

static void add_lines(const char *name, struct buf *text, struct buf *lines)
{
    struct buf content SCOPED_BUF = {0};
    if (!load(name, &content))
        return;
    buf_add(lines, buf_bytes(&content));
    for (size_t at = 0; at < content.size;) {
        size_t end = at;
        while (end < content.size && content.data[end] != '\n')
            end++;
        if (end > at)
            add_text(bytes_part(buf_bytes(&content), at, end - at), text);
        at = end + 1;
    }
}

static void pathological(const char *name, const char *unit)
{
    struct buf text SCOPED_BUF = {0};
    size_t size = strlen(unit);
    while (text.size < SHAPE)
        buf_add(&text, bytes_of(unit, size));
    must(buf_status(&text));
    measure(name, buf_bytes(&text), SIZE_MAX, scrub_text, 1);
}

int main(void)
{
    struct buf text SCOPED_BUF = {0}, lines SCOPED_BUF = {0};
    double start = cpu_seconds();
    must(redactor_new(BYTES_NONE, NULL, &redactor, NULL));
    printf("%-24s %7.0f ms\n", "scrub: compile", (cpu_seconds() - start) * 1e3);
    add_lines("airline.chat.jsonl.gz", &text, &lines);
    add_lines("airline.transcripts.jsonl.gz", &text, &lines);
    add_lines("retail.transcripts.jsonl.gz", &text, &lines);
    bool real = text.size > 0;
    if (!real)
        add_synthetic(&text, &lines);
    measure(real ? "scrub: trace text" : "scrub: synthetic text", buf_bytes(&text), CHUNK, scrub_text, ROUNDS);
    measure(real ? "scrub: trace JSONL" : "scrub: synthetic JSONL", buf_bytes(&lines), 1, scrub_json, ROUNDS);
    pathological("scrub: prose", "The agent looks at the result, compares it with what was asked and then goes on. ");
    pathological("scrub: all digits", "4111111111111111");
    pathological("scrub: all @", "@");
    pathological("scrub: all base64", "QWxhZGRpbjpvcGVuIHNlc2FtZQ/+b3BlbiBzZXNhbWU");
    pathological("scrub: all quotes", "\":");
    pathological("scrub: all names", "Mia Li Sofia Kim ");
    pathological("scrub: all keys", "\"password\": \"x\", ");
    pathological("scrub: all labels", "order id number reservation ");
    pathological("scrub: deep JSON", "{\"a\":[");
    pathological("scrub: all BEGIN", "-----BEGIN PRIVATE KEY-----");
    pathological("scrub: all END", "-----END PRIVATE KEY-----");
    redactor_free(redactor);
    return 0;
}
