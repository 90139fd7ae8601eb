/* The log: a table says each event's name, level and fields; a line is made in one buffer and written at once. */
#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/encode.h"
#include "base/file.h"

enum { COUNT = 1, BYTES = 2, MICROS = 4, ID = 8, STATUS = 16 };

static const struct {
    const char *name;
    enum log_level level;
    unsigned fields;
} events[LOG_EVENTS] = {
    [LOG_STARTED] = {"started", LOG_NOTICE, COUNT},
    [LOG_STOPPED] = {"stopped", LOG_NOTICE, STATUS},
    [LOG_CHILD_DIED] = {"child.died", LOG_ERROR, COUNT},
    [LOG_CONFINED] = {"confined", LOG_NOTICE, COUNT},
    [LOG_CALL_OUTSIDE] = {"call.outside", LOG_ERROR, COUNT},
    [LOG_REQUEST] = {"request", LOG_DEBUG, COUNT | BYTES | MICROS},
    [LOG_CONNECTION_LIMIT] = {"connection.limit", LOG_NOTICE, COUNT},
    [LOG_ADMIT_ACCEPTED] = {"admit.accepted", LOG_NOTICE, BYTES | MICROS | ID},
    [LOG_ADMIT_REFUSED] = {"admit.refused", LOG_NOTICE, STATUS | MICROS},
    [LOG_ENROLLED] = {"enrolled", LOG_NOTICE, ID},
    [LOG_ENROL_REFUSED] = {"enrol.refused", LOG_NOTICE, STATUS},
    [LOG_ROUND_STARTED] = {"round.started", LOG_NOTICE, COUNT},
    [LOG_ROUND_PUBLISHED] = {"round.published", LOG_NOTICE, COUNT | MICROS},
    [LOG_ROUND_FAILED] = {"round.failed", LOG_ERROR, STATUS},
    [LOG_ADMIN] = {"admin", LOG_NOTICE, COUNT},
    [LOG_FRAME_REFUSED] = {"frame.refused", LOG_ERROR, COUNT | STATUS},
    [LOG_STORE_FAILED] = {"store.failed", LOG_ERROR, STATUS},
    [LOG_CLOCK_BEHIND] = {"clock.behind", LOG_ERROR, COUNT},
    [LOG_CLOCK_JUMPED] = {"clock.jumped", LOG_ERROR, COUNT},
    [LOG_CONTRADICTED] = {"log.contradicted", LOG_ERROR, COUNT},
    [LOG_DISK_SHORT] = {"disk.short", LOG_ERROR, BYTES},
    [LOG_DISK_ENOUGH] = {"disk.enough", LOG_NOTICE, BYTES},
    [LOG_JOURNAL_CUT] = {"journal.cut", LOG_NOTICE, BYTES},
};

/* Until log_start nothing is written: a library and a test stay silent. */
static struct {
    const char *process;
    enum log_level level;
    struct clock clock;
    int fd;
} target = {.fd = -1};

void log_start(const char *process, enum log_level level, struct clock clock, int fd)
{
    target.process = process;
    target.level = level;
    target.clock = clock;
    target.fd = fd;
}

const char *log_event_name(enum log_event event)
{
    return (unsigned)event < LOG_EVENTS ? events[event].name : "unknown";
}

struct line {
    char text[256]; /* the longest line has under 200 chars */
    size_t size;
};

static void add(struct line *line, const char *label, const char *value)
{
    int added = snprintf(line->text + line->size, sizeof line->text - line->size, "%s%s", label, value);
    INVARIANT(added >= 0 && line->size + (size_t)added < sizeof line->text);
    line->size += (size_t)added;
}

static void add_number(struct line *line, const char *label, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    add(line, label, digits);
}

static void add_status(struct line *line, enum status status)
{
    char words[64];
    snprintf(words, sizeof words, "%s", status_text(status));
    for (char *c = words; *c; c++)
        if (*c == ' ')
            *c = '-';
    add(line, " status=", words);
}

static void add_fields(struct line *line, unsigned wanted, const struct log_fields *fields)
{
    char id[17];
    if (wanted & COUNT)
        add_number(line, " count=", fields->count);
    if (wanted & BYTES)
        add_number(line, " bytes=", fields->bytes);
    if (wanted & MICROS)
        add_number(line, " micros=", fields->micros);
    if (wanted & STATUS)
        add_status(line, fields->status);
    if (!(wanted & ID) || !fields->id)
        return;
    encode_hex_text(fields->id, 8, id);
    add(line, " device=", id);
}

void log_event(enum log_event event, struct log_fields fields)
{
    if ((unsigned)event >= LOG_EVENTS || target.fd < 0 || events[event].level > target.level)
        return;
    struct line line = {.size = 0};
    char when[CLOCK_TEXT];
    clock_text(clock_seconds(target.clock), when);
    add(&line, when, "");
    add(&line, " ", target.process);
    add(&line, " ", events[event].name);
    add_fields(&line, events[event].fields, &fields);
    add(&line, "\n", "");
    enum status written = fd_write_all(target.fd, bytes_of(line.text, line.size));
    (void)written; /* there is nobody left to tell */
}
