/* pull, search, show, export: the library at home. */
#include <inttypes.h>

#include "base/encode.h"
#include "base/file.h"
#include "client/command.h"
#include "client/index.h"
#include "client/print.h"
#include "client/remote.h"
#include "crypto/keys.h"
#include "insight/export.h"
#include "insight/order.h"

static enum status pull_print(const struct arguments *arguments, const struct pull_report *report)
{
    if (arguments_have(arguments, OPTION_JSON)) {
        printf(
            "{\"cosigners\":%zu,\"cosigners_wanted\":%zu,\"covered\":%zu,\"fresh\":%s,\"insights\":%zu,\"log\":%" PRIu64
            ",\"version\":%" PRIu64 ",\"waiting\":%s}\n",
            report->cosigners, report->cosigners_wanted, report->covered, report->fresh ? "true" : "false",
            report->insights, report->tree, report->version, report->waiting ? "true" : "false");
        return OK;
    }
    if (report->waiting)
        printf("A newer library waits for cosignatures (%zu of %zu); the one at home stays.\n", report->cosigners,
               report->cosigners_wanted);
    else if (report->version == 0)
        printf("No library has been published yet.\n");
    else if (report->fresh)
        printf("Library version %" PRIu64 ", %zu insights: signature, log proof and consistency verified.\n",
               report->version, report->insights);
    else
        printf("Library version %" PRIu64 " is the newest.\n", report->version);
    if (report->tree)
        printf("Log verified up to %" PRIu64 " entries; it now covers %zu more of this device's receipts.\n",
               report->tree, report->covered);
    if (report->again)
        printf("The server was restored from a backup: %zu of this device's messages were sent to it again.\n",
               report->again);
    if (report->policy_changed)
        printf("The federation's policy changed and is pinned anew.\n");
    return OK;
}

enum status command_pull(const struct arguments *arguments, struct why *why)
{
    struct home home;
    struct pull_report report;
    struct send_report sent;
    TRY(arguments_home(arguments, &home, why));
    renew_if_due(&home);
    const unsigned accept = (arguments_have(arguments, OPTION_ACCEPT_POLICY) ? ACCEPT_POLICY : 0u) |
                            (arguments_have(arguments, OPTION_ACCEPT_LOG) ? ACCEPT_LOG : 0u);
    enum status status = remote_pull(&home, accept, &report, why);
    if (status == OK)
        status = remote_flush(&home, NULL, &sent, why);
    if (status == OK)
        status = pull_print(arguments, &report);
    home_close(&home);
    return status;
}

/* --- search --- */

static enum status join_words(const struct arguments *arguments, struct buf *out)
{
    for (int i = 0; i < arguments->count; i++) {
        if (i)
            buf_add_byte(out, ' ');
        buf_add_str(out, arguments->words[i]);
    }
    return buf_status(out);
}

static enum status hits_print(const struct arguments *arguments, const struct library *library,
                              const struct search_hit *hits, size_t count)
{
    SCOPED_JSON struct json *list = json_array();
    for (size_t i = 0; i < count; i++) {
        if (hits[i].insight >= library->insight_count)
            return ERR_CORRUPT;
        const struct insight *insight = &library->insights[hits[i].insight];
        if (!arguments_have(arguments, OPTION_JSON)) {
            print_insight(insight, library, i + 1);
            continue;
        }
        struct json *row = json_object();
        json_set(row, "score", json_real((double)hits[i].score));
        json_set(row, "insight", insight_encode(insight));
        json_push(list, row);
    }
    if (arguments_have(arguments, OPTION_JSON))
        return print_json(list);
    if (count == 0)
        printf("Nothing in the library matches.\n");
    return OK;
}

static enum status search_home(const struct arguments *arguments, struct home *home, const char *words, struct why *why)
{
    struct library library = {0};
    size_t found = 0;
    SCOPED_MEM struct search_hit *hits = mem_new((size_t)arguments->limit, sizeof *hits);
    if (!hits)
        return ERR_MEMORY;
    TRY(home_library(home, &library, why));
    enum status status = index_search(home, &library, words, hits, (size_t)arguments->limit, &found, why);
    if (status == OK)
        status = hits_print(arguments, &library, hits, found);
    library_free(&library);
    return status;
}

enum status command_search(const struct arguments *arguments, struct why *why)
{
    struct home home;
    SCOPED_BUF struct buf words = {0};
    if (arguments->count == 0)
        return why_set(why, ERR_USAGE, "which words? give some to look for", NULL, 0);
    TRY(join_words(arguments, &words));
    const char *text = buf_text(&words);
    TRY(buf_status(&words));
    TRY(arguments_home(arguments, &home, why));
    enum status status = search_home(arguments, &home, text, why);
    home_close(&home);
    return status;
}

/* --- show, export --- */

static bool id_starts(const uint8_t id[static INSIGHT_ID_BYTES], const char *prefix)
{
    char text[2 * INSIGHT_ID_BYTES + 1];
    encode_hex_text(id, INSIGHT_ID_BYTES, text);
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static enum status show_library(const struct arguments *arguments, const struct library *library, struct why *why)
{
    const char *wanted = arguments->count ? arguments->words[0] : "";
    SCOPED_JSON struct json *list = json_array();
    SCOPED_MEM uint32_t *order = library_order(library);
    size_t shown = 0;
    if (!order)
        return ERR_MEMORY;
    for (size_t i = 0; i < library->insight_count; i++) {
        const struct insight *insight = &library->insights[order[i]];
        if (!id_starts(insight->id, wanted))
            continue;
        shown++;
        if (arguments_have(arguments, OPTION_JSON))
            json_push(list, insight_encode(insight));
        else
            print_insight(insight, library, shown);
    }
    if (shown == 0 && *wanted)
        return why_set(why, ERR_NOT_FOUND, "no insight of that id", "ID", 0);
    return arguments_have(arguments, OPTION_JSON) ? print_json(list) : OK;
}

enum status command_show(const struct arguments *arguments, struct why *why)
{
    struct home home;
    struct library library = {0};
    TRY(arguments_home(arguments, &home, why));
    enum status status = home_library(&home, &library, why);
    if (status == OK)
        status = show_library(arguments, &library, why);
    library_free(&library);
    home_close(&home);
    return status;
}

static enum status format_of(const char *name, enum export_format *format, struct why *why)
{
    static const struct {
        const char *name;
        enum export_format format;
    } formats[] = {{"fot-json", EXPORT_FOT_JSON}, {"fot-md", EXPORT_FOT_MD}, {"insights-md", EXPORT_INSIGHTS_MD}};
    *format = EXPORT_INSIGHTS_MD;
    if (!name)
        return OK;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(name, formats[i].name) == 0) {
            *format = formats[i].format;
            return OK;
        }
    return why_hint(why, ERR_USAGE, "unknown format", "--format", "fot-json, fot-md or insights-md");
}

enum status command_export(const struct arguments *arguments, struct why *why)
{
    struct home home;
    struct library library = {0};
    enum export_format format;
    SCOPED_BUF struct buf out = {0};
    TRY(format_of(arguments->format, &format, why));
    TRY(arguments_home(arguments, &home, why));
    enum status status = home_library(&home, &library, why);
    if (status == OK)
        status = library_export(&library, format, &out);
    if (status == OK && arguments->out) {
        status = file_write(arguments->out, buf_bytes(&out), 0644);
        if (status != OK)
            why_set(why, status, "cannot be written", "--out", 0);
    } else if (status == OK) {
        status = print_bytes(buf_bytes(&out));
    }
    library_free(&library);
    home_close(&home);
    return status;
}
