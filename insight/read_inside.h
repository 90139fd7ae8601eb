/* What the readers share. A reader fits a record or not, then reads it into traces; read.c owns files, lines and
 * counts. */
#pragma once

#include "insight/read_json.h"
#include "insight/reader.h"

struct read_session; /* a conversation that spans records of a file (Claude Code) */

struct read_state {
    const char *scope;
    trace_visit visit;
    void *context;
    struct read_report *report;
    struct read_session *sessions;
    size_t session_count, session_room;
};

/* Hand a finished trace over; it is freed unless the visitor kept it. */
MUST_USE enum status read_deliver(struct read_state *state, struct trace *trace);

struct record_reader {
    enum trace_format format;
    bool (*fits)(struct view record);
    /* ERR_INPUT: the record is not understood and is skipped; anything else stops the reading. */
    enum status (*read)(struct read_state *state, struct view record);
};
extern const struct record_reader read_fot, read_openai, read_display, read_gsm, read_claude;

/* Claude Code: sessions are complete at the end of the file. */
MUST_USE enum status read_claude_end(struct read_state *state);
void read_claude_free(struct read_state *state);

bool transcript_fits(struct bytes text);
MUST_USE enum status transcript_read(struct read_state *state, struct bytes text);

/* --- helpers --- */
/* Replace *field by the text of value (unescaped), or leave it when value is absent or null. */
MUST_USE enum status read_field(struct view value, char **field);
MUST_USE enum status read_copy(struct bytes text, char **field);
/* Text of a message's content: a string, or the "text" parts of an array joined by newlines. */
void read_content(struct view content, struct buf *out);
/* An outcome that a record states ("reward", "outcome", "success", "is_correct"); OUTCOME_UNKNOWN otherwise. */
enum outcome read_outcome(struct view record);
enum outcome outcome_of_word(struct bytes word);
/* Tools by call id, to name the results of calls. */
struct call_names {
    size_t count, room;
    struct call_name {
        uint64_t id;
        char *tool;
    } * items;
};
MUST_USE enum status call_names_add(struct call_names *names, struct bytes id, struct bytes tool);
struct bytes call_names_find(const struct call_names *names, struct bytes id);
void call_names_free(struct call_names *names);
/* Where results have no tool names: name them from the shape of what came back ("order_id" first: get_order_details).
 */
MUST_USE enum status infer_tools(struct trace *trace);
