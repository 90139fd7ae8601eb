/* The scrubber on one core, processor time: trace text and JSONL (the tau-bench trajectories where they are, else made
 * here), a new session each 64 KiB or line, by patterns alone and with all tiers; the program itself over nothing and
 * over files of 10 and 100 MB; then 50 MB of each pathological shape.
 *
 * --write FOLDER writes both texts there instead, for peers; --shapes measures the shapes alone. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/inflate.h"
#include "base/json.h"
#include "base/json_lex.h"
#include "redaction/redaction.h"
#include "tests/bench/bench.h"
#include "tests/redaction/shapes.h"
#include "tests/redaction/tiers.h"

enum { CHUNK = 64 << 10, SHAPE = 50 << 20, ROUNDS = 10, ROUNDS_ALL = 3 };

struct tier {
    const char *prefix;
    struct redactor *redactor;
};
static struct tier patterns = {"scrub", NULL}, all = {"scrub.all", NULL};

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
static void scrub_parts(const struct tier *tier, struct bytes content, size_t least, scrub how, struct buf *out)
{
    for (size_t at = 0; at < content.size;) {
        struct redact_session *session = NULL;
        size_t size = least < content.size - at ? least : content.size - at;
        while (at + size < content.size && content.data[at + size] != '\n')
            size++;
        buf_clear(out);
        bench_must(redact_session_new(tier->redactor, &session));
        bench_must(how(session, bytes_part(content, at, size), out));
        redact_session_free(session);
        at += size + 1;
    }
}

/* MB/s, median of the rounds. */
static double measure(const struct tier *tier, struct bytes content, size_t least, scrub how, size_t rounds)
{
    struct buf out SCOPED_BUF = {0};
    double rates[ROUNDS];
    for (size_t i = 0; i < rounds; i++) {
        double start = bench_cpu();
        scrub_parts(tier, content, least, how, &out);
        rates[i] = (double)content.size / 1e6 / (bench_cpu() - start);
    }
    return bench_quantile(rates, rounds, 0.5);
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
    bench_must(json_parse(line, 64u << 20, &value, NULL));
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
    static const char prose[] =
        "user: Hi, I'd like to change my flight from Denver to Houston, the quickest one on May 27, please.\n"
        "assistant: I can help you with that. Could you please provide your user ID and the reservation ID?\n"
        "tool: {\\\"status\\\": \\\"available\\\", \\\"prices\\\": {\\\"economy\\\": 112, \\\"business\\\": 438}}\n";
    for (int i = 0; i < 6000; i++) {
        for (const char *p = prose; *p; p++)
            if (*p != '\\')
                buf_add_byte(text, (uint8_t)*p);
        buf_addf(text, "user: it is mia_li_%d, mail mia%d@example.com\n", 1000 + i, i);
        buf_addf(lines, "{\"role\": \"user\", \"content\": \"my order #W%07d is late, please look\", \"n\": %d}\n", i,
                 i);
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

/* The talk alone: what is left of the text without the lines that hold JSON. */
static void add_talk(struct bytes text, struct buf *out)
{
    for (size_t at = 0; at < text.size;) {
        const uint8_t *newline = memchr(text.data + at, '\n', text.size - at);
        size_t end = newline ? (size_t)(newline - text.data) + 1 : text.size;
        if (!memchr(text.data + at, '{', end - at))
            buf_add(out, bytes_part(text, at, end - at));
        at = end;
    }
}

static void measure_text(const struct tier *tier, const char *name, struct bytes content, size_t least, scrub how,
                         const char *kind)
{
    char row[64];
    snprintf(row, sizeof row, "%s.%s", tier->prefix, name);
    bench_result(row, measure(tier, content, least, how, tier == &all ? ROUNDS_ALL : ROUNDS), "MB/s", "%.1f MB, %s",
                 (double)content.size / 1e6, kind);
}

static void measure_texts(const struct tier *tier, struct bytes text, struct bytes lines, const char *kind)
{
    struct buf talk SCOPED_BUF = {0};
    add_talk(text, &talk);
    bench_must(buf_status(&talk));
    measure_text(tier, "text", text, CHUNK, scrub_text, kind);
    measure_text(tier, "jsonl", lines, 1, scrub_json, kind);
    measure_text(tier, "talk", buf_bytes(&talk), CHUNK, scrub_text, "the same without tool results");
}

/* --- pathological shapes: a unit again and again, 50 MB of it as text and in one JSON string --- */

/* 50 MB of a block through a stream, MB/s. */
static double stream_rate(struct bytes block, bool json)
{
    struct redact_session *session = NULL;
    struct redact_stream *stream = NULL;
    struct buf out SCOPED_BUF = {0};
    double start = bench_cpu();
    bench_must(redact_session_new(patterns.redactor, &session));
    bench_must(json ? redact_stream_new(session, &stream) : redact_stream_new_text(session, &stream));
    bench_must(redact_stream_add(stream, bytes_str(json ? "[\"" : ""), &out, NULL));
    for (size_t at = 0; at < SHAPE; at += block.size) {
        bench_must(redact_stream_add(stream, block, &out, NULL));
        buf_clear(&out);
    }
    bench_must(redact_stream_add(stream, bytes_str(json ? "\"]" : ""), &out, NULL));
    bench_must(redact_stream_end(stream, &out, NULL));
    redact_stream_free(stream);
    redact_session_free(session);
    return SHAPE / 1e6 / (bench_cpu() - start);
}

/* How many times slower than the trace text: at most 4 is what is aimed at. */
static void measure_shape(const struct shape *shape, double ordinary, bool json, double *worst)
{
    struct buf unit SCOPED_BUF = {0}, block SCOPED_BUF = {0};
    char name[64];
    if (json)
        json_escape(bytes_str(shape->unit), &unit);
    else
        buf_add_str(&unit, shape->unit);
    while (block.size < 1 << 20)
        buf_add(&block, buf_bytes(&unit));
    bench_must(buf_status(&block));
    double rate = stream_rate(buf_bytes(&block), json);
    snprintf(name, sizeof name, "scrub.%s.%s", json ? "string" : "shape", shape->name);
    bench_result(name, rate, "MB/s", "%.2f times slower than traces, %d MB of: %.32s", ordinary / rate, SHAPE >> 20,
                 shape->unit);
    *worst = ordinary / rate > *worst ? ordinary / rate : *worst;
}

static void measure_shapes(struct bytes text)
{
    struct buf inside SCOPED_BUF = {0};
    double worst[2] = {0, 0};
    text = bytes_part(text, 0, 8u << 20);
    json_escape(text, &inside);
    bench_must(buf_status(&inside));
    const double ordinary[2] = {stream_rate(text, false), stream_rate(buf_bytes(&inside), true)};
    for (int json = 0; json < 2; json++) {
        for (size_t i = 0; i < SHAPES; i++)
            measure_shape(&shapes[i], ordinary[json], json, &worst[json]);
        bench_result(json ? "scrub.string.worst" : "scrub.shape.worst", worst[json], "times",
                     "slower than traces, which go at %.0f MB/s", ordinary[json]);
    }
}

/* The program itself over a file. Seconds of processor; *peak in MiB, which counts what this process holds at the fork:
 * so nothing large may be held here. */
static double run_program(const char *program, const char *path, double *peak)
{
    struct rusage usage;
    int ended = 1;
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stdout))
            execl(program, program, "scrub", path, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || wait4(child, &ended, 0, &usage) != child || ended != 0)
        exit(1);
    *peak = (double)usage.ru_maxrss / 1024;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void measure_file(const char *program, const char *name, struct bytes text, size_t size)
{
    char path[] = "/tmp/chatham-scrub-bench-XXXXXX", row[64];
    int fd = mkstemp(path);
    size_t written = 0;
    for (; written < size; written += text.size)
        bench_must(fd_write_all(fd, text));
    close(fd);
    double peak, seconds = run_program(program, path, &peak);
    unlink(path);
    bench_result(name, (double)written / 1e6 / seconds, "MB/s", "chatham scrub, %.0f MB, start included",
                 (double)written / 1e6);
    snprintf(row, sizeof row, "%s.peak", name);
    bench_result(row, peak, "MiB", "peak memory of that process");
}

/* From the command to its end when there is nothing to scrub. */
static void measure_start(const char *program)
{
    char path[] = "/tmp/chatham-scrub-bench-XXXXXX";
    double peak, seconds[ROUNDS];
    close(mkstemp(path));
    for (size_t i = 0; i < ROUNDS; i++)
        seconds[i] = run_program(program, path, &peak) * 1e3;
    unlink(path);
    bench_result("scrub.start", bench_quantile(seconds, ROUNDS, 0.5), "ms", "chatham scrub of an empty file");
}

/* 10 and 100 MB as lines, and 100 MB that are one line. */
static void measure_files(struct bytes text)
{
    char program[4096];
    struct buf line SCOPED_BUF = {0};
    const char *build = getenv("CHATHAM_BUILD");
    bench_must(path_join(program, sizeof program, build ? build : "build/release", "chatham"));
    if (access(program, X_OK) != 0) {
        fprintf(stderr, "scrub: no chatham program, files not measured\n");
        return;
    }
    buf_add(&line, text);
    bench_must(buf_status(&line));
    for (size_t i = 0; i < line.size; i++)
        if (line.data[i] == '\n')
            line.data[i] = ' ';
    measure_start(program);
    measure_file(program, "scrub.file.10MB", text, 10000000);
    measure_file(program, "scrub.file.100MB", text, 100000000);
    measure_file(program, "scrub.line.100MB", buf_bytes(&line), 100000000);
}

static void make_tier(struct tier *tier, bool tagger, const char *note)
{
    char row[64];
    double start = bench_cpu();
    bench_must(tiers_redactor("default", tagger, &tier->redactor));
    snprintf(row, sizeof row, "%s.compile", tier->prefix);
    bench_result(row, (bench_cpu() - start) * 1e3, "ms", "%s, once a process", note);
}

/* The default policy, without the tagger and with it. */
static void make_tiers(void)
{
    make_tier(&patterns, false, "patterns");
    make_tier(&all, true, "all tiers");
}

static void write_file(const char *folder, const char *name, const struct buf *content)
{
    char path[4096];
    bench_must(path_join(path, sizeof path, folder, name));
    bench_must(file_write(path, buf_bytes(content), 0600));
}

int main(int argc, char **argv)
{
    struct buf text SCOPED_BUF = {0}, lines SCOPED_BUF = {0};
    add_lines("airline.chat.jsonl.gz", &text, &lines);
    add_lines("airline.transcripts.jsonl.gz", &text, &lines);
    add_lines("retail.transcripts.jsonl.gz", &text, &lines);
    const char *kind = text.size > 0 ? "real trajectories" : "synthetic dialogues";
    if (text.size == 0)
        add_synthetic(&text, &lines);
    bench_must(buf_status(&text));
    bench_must(buf_status(&lines));
    if (argc == 3 && strcmp(argv[1], "--write") == 0) {
        write_file(argv[2], "scrub.text", &text);
        write_file(argv[2], "scrub.jsonl", &lines);
        return 0;
    }
    make_tiers();
    if (argc == 2 && strcmp(argv[1], "--shapes") == 0) {
        measure_shapes(buf_bytes(&text));
        return 0;
    }
    measure_texts(&patterns, buf_bytes(&text), buf_bytes(&lines), kind);
    measure_texts(&all, buf_bytes(&text), buf_bytes(&lines), kind);
    measure_files(buf_bytes(&text));
    measure_shapes(buf_bytes(&text));
    redactor_free(patterns.redactor);
    redactor_free(all.redactor);
    return 0;
}
