/* share and withdraw. Hides the order: prepare everything, show it, write it down durably, only then talk to the
 * network. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "client/command.h"
#include "client/print.h"
#include "client/remote.h"

struct reading {
    struct prepare *prepare;
    bool quiet;
};

static enum status read_one(void *context, const char *path)
{
    struct reading *reading = context;
    SCOPED_BUF struct buf content = {.secret = true};
    struct why why = {0};
    const char *name = strrchr(path, '/');
    enum status status = file_read(path, TRACE_FILE_MAX, &content);
    if (status != OK) {
        prepare_failed(reading->prepare);
        why_set(&why, status, "cannot be read", NULL, 0);
    } else {
        status = prepare_add(reading->prepare, buf_bytes(&content), name ? name + 1 : path, &why);
    }
    if (status == OK || status == ERR_MEMORY)
        return status;
    char line[512];
    why_print(&why, status, path, line, sizeof line);
    fprintf(stderr, "skipped %s\n", line);
    return OK;
}

static enum status read_paths(const struct arguments *arguments, struct prepare *prepare, struct why *why)
{
    struct reading reading = {.prepare = prepare};
    for (int i = 0; i < arguments->count; i++) {
        enum status status = folder_walk(arguments->words[i], read_one, &reading);
        if (status == ERR_NOT_FOUND)
            return why_set(why, status, "no such file or folder", "PATH", (size_t)i + 1);
        if (status == ERR_INPUT)
            return why_set(why, status, "neither a file nor a folder", "PATH", (size_t)i + 1);
        if (status == ERR_IO) { /* the rest of the folder was read */
            fprintf(stderr, "skipped what cannot be read in %s: a folder, or a link that leads nowhere\n",
                    arguments->words[i]);
            prepare_failed(prepare);
            status = OK;
        }
        TRY(status);
    }
    return OK;
}

enum status prepare_paths(const struct arguments *arguments, const struct home *home, const struct policy *policy,
                          struct prepared *prepared, struct why *why)
{
    struct redactor *redactor = NULL;
    struct prepare *prepare = NULL;
    TRY(home_redactor(home, &redactor, why));
    struct prepare_options options = {.redactor = redactor,
                                      .policy = policy,
                                      .extractor = extractor_contrast(),
                                      .tag = home_task_tag,
                                      .tag_state = (void *)home};
    enum status status = prepare_new(&options, &prepare);
    if (status == OK)
        status = read_paths(arguments, prepare, why);
    if (status == OK)
        status = prepare_finish(prepare, prepared, why);
    prepare_free(prepare);
    redactor_free(redactor);
    return status;
}

/* What leaves, each text once with how often it occurs, the commonest first. */
static enum status show_prepared(const struct prepared *prepared, bool all)
{
    enum { FEW = 12 };
    struct shown_texts texts = {0};
    enum status status = OK;
    for (size_t i = 0; i < prepared->count && status == OK; i++) {
        const struct contribution *contribution = &prepared->items[i].contribution;
        for (size_t k = 0; k < contribution->candidate_count && status == OK; k++)
            status = shown_texts_add(&texts, &contribution->candidates[k]);
    }
    if (status == OK)
        shown_texts_print(&texts, all ? SIZE_MAX : FEW);
    shown_texts_free(&texts);
    return status;
}

static bool confirm(size_t count)
{
    char answer[8] = "";
    printf("Send these %zu contributions? [y/N] ", count);
    fflush(stdout);
    return fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* All or none: a disk that fills up in the middle leaves the outbox as it was. */
static enum status queue(struct home *home, const struct prepared *prepared, size_t *fresh, struct why *why)
{
    enum status status = db_begin(home->db);
    *fresh = 0;
    for (size_t i = 0; i < prepared->count && status == OK; i++) {
        bool is_fresh = false;
        status = outbox_put(home, ENVELOPE_CONTRIBUTION, prepared->items[i].id, buf_bytes(&prepared->items[i].record),
                            &is_fresh);
        *fresh += is_fresh;
    }
    if (status == OK)
        status = db_commit(home->db);
    db_rollback(home->db);
    if (status == ERR_IO)
        return why_hint(why, status, "the outbox cannot be written", NULL,
                        "nothing was queued or sent; is the disk full?");
    return status;
}

static enum status share_json(const struct prepared *prepared, size_t fresh, const struct send_report *sent,
                              bool with_text)
{
    SCOPED_JSON struct json *out = json_object();
    struct json *list = json_array();
    json_set(out, "report", prepare_report_json(&prepared->report));
    json_set(out, "contributions", json_integer((int64_t)prepared->count));
    json_set(out, "queued", json_integer((int64_t)fresh));
    json_set(out, "sent", json_integer((int64_t)sent->sent));
    json_set(out, "refused", json_integer((int64_t)sent->refused));
    json_set(out, "left", json_integer((int64_t)sent->left));
    for (size_t i = 0; with_text && i < prepared->count; i++)
        for (size_t k = 0; k < prepared->items[i].contribution.candidate_count; k++)
            json_push(list, candidate_encode(&prepared->items[i].contribution.candidates[k]));
    json_set(out, "candidates", list);
    return print_json(out);
}

static enum status share_send(struct home *home, struct send_report *sent, struct why *why)
{
    enum status status = remote_flush(home, print_progress, sent, why);
    if (status == ERR_UNAVAILABLE || status == ERR_LIMIT)
        fprintf(stderr, "%zu contributions wait in the outbox; chatham share or chatham pull sends them\n", sent->left);
    return status;
}

static enum status share_prepared(const struct arguments *arguments, struct home *home, const struct prepared *prepared,
                                  struct why *why)
{
    bool json = arguments_have(arguments, OPTION_JSON), dry = arguments_have(arguments, OPTION_DRY_RUN);
    size_t fresh = 0;
    struct send_report sent = {0};
    enum status status = OK;
    if (!json) {
        print_prepare_report(&prepared->report);
        printf("%s %zu contributions:\n", dry ? "would leave" : "leaves     ", prepared->count);
        TRY(show_prepared(prepared, dry || arguments_have(arguments, OPTION_VERBOSE)));
    }
    if (!dry && !json && !arguments_have(arguments, OPTION_YES) && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
        prepared->count && !confirm(prepared->count))
        return why_set(why, ERR_POLICY, "nothing was sent, as you wished", NULL, 0);
    if (!dry) {
        TRY(queue(home, prepared, &fresh, why));
        status = share_send(home, &sent, why);
    }
    if (json)
        TRY(share_json(prepared, fresh, &sent, dry));
    else if (!dry)
        printf("sent        %zu, of %zu new; %zu refused, %zu left in the outbox\n", sent.sent, fresh, sent.refused,
               sent.left);
    TRY(status);
    if (sent.refused)
        return why_hint(why, ERR_POLICY, "the federation refused some contributions", NULL,
                        "chatham status lists them");
    if (prepared->report.files_failed)
        return why_set(why, ERR_INPUT, "some files were skipped", "PATH", 0);
    return OK;
}

enum status command_share(const struct arguments *arguments, struct why *why)
{
    struct home home;
    struct prepared prepared = {0};
    TRY(arguments_home(arguments, &home, why));
    enum status status = arguments_have(arguments, OPTION_DRY_RUN) ? OK : home_require_enrolled(&home, why);
    if (status == OK && !arguments_have(arguments, OPTION_DRY_RUN))
        renew_if_due(&home);
    struct policy built_in; /* a dry run before enrolment looks through the eyes of the default policy */
    policy_default(&built_in);
    if (status == OK)
        status = prepare_paths(arguments, &home, home.enrolled ? &home.federation.policy : &built_in, &prepared, why);
    if (status == OK)
        status = share_prepared(arguments, &home, &prepared, why);
    prepared_free(&prepared);
    home_close(&home);
    return status;
}

/* --- withdraw --- */

/* A withdrawal's own id: derived from the contribution's, so that asking twice is asking once. */
static enum status withdraw_one(struct home *home, const uint8_t contribution[static ID_BYTES], size_t *queued)
{
    uint8_t id[ID_BYTES];
    bool fresh;
    SCOPED_BUF struct buf record = {0};
    TRY(withdrawal_encode(contribution, &record));
    home_task_tag(home, buf_bytes(&record), id);
    TRY(outbox_withdraw(home, contribution, id, buf_bytes(&record), &fresh));
    *queued += fresh;
    return OK;
}

static enum status withdraw_all(struct home *home, enum outbox_state state, size_t *queued)
{
    uint8_t after[ID_BYTES] = {0};
    struct outbox_item item;
    enum status status;
    while ((status = outbox_next(home, state, after, &item)) == OK) {
        memcpy(after, item.id, ID_BYTES);
        bool contribution = item.kind == ENVELOPE_CONTRIBUTION;
        outbox_item_free(&item);
        if (contribution)
            TRY(withdraw_one(home, after, queued));
    }
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status withdraw_named(const struct arguments *arguments, struct home *home, size_t *queued, struct why *why)
{
    for (int i = 0; i < arguments->count; i++) {
        uint8_t id[ID_BYTES];
        if (decode_hex_fixed(bytes_str(arguments->words[i]), id, sizeof id) != OK)
            return why_hint(why, ERR_USAGE, "not a contribution id", "ID", "chatham status --json lists them");
        enum status status = outbox_holds(home, id);
        if (status == ERR_NOT_FOUND)
            return why_hint(why, status, "this device has no such contribution", "ID",
                            "chatham status --json lists them");
        TRY(status);
        TRY(withdraw_one(home, id, queued));
    }
    return OK;
}

enum status command_withdraw(const struct arguments *arguments, struct why *why)
{
    struct home home;
    struct send_report sent = {0};
    size_t queued = 0;
    bool all = arguments_have(arguments, OPTION_ALL);
    if (all == (arguments->count > 0))
        return why_hint(why, ERR_USAGE, "name contributions, or give --all", NULL, NULL);
    TRY(arguments_home(arguments, &home, why));
    enum status status = home_require_enrolled(&home, why);
    if (status == OK && !all)
        status = withdraw_named(arguments, &home, &queued, why);
    if (status == OK && all)
        status = withdraw_all(&home, OUTBOX_QUEUED, &queued);
    if (status == OK && all)
        status = withdraw_all(&home, OUTBOX_SENT, &queued);
    if (status == OK && all)
        status = withdraw_all(&home, OUTBOX_COVERED, &queued);
    if (status == OK)
        status = share_send(&home, &sent, why);
    if (status == OK && arguments_have(arguments, OPTION_JSON))
        printf("{\"refused\":%zu,\"withdrawn\":%zu}\n", sent.refused, sent.sent);
    else if (status == OK)
        printf("withdrawn %zu; the next round is made without them\n", sent.sent);
    home_close(&home);
    return status;
}
