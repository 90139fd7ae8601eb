/* chatham-train: makes the tagger's model, and shows what the scrubber finds with it.
 *
 *     chatham-train fit -o MODEL [-s SEED] [-r ROUNDS] [-x ID]... [-l LIST]... KIND:WEIGHT:PATH...
 *     chatham-train find [-m MODEL] [-p POLICY] THRESHOLD... < LINES > LINES
 *
 * fit: -x leaves a document out; KIND is spans, posts, conll or marked. find: lines {"id", "text"} in; for each
 * threshold a line {"id", "threshold", "findings": [[start, end, type, rule, score], ...]} out, offsets in bytes. The
 * same command on the same files gives the same bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "redaction/redactor.h"
#include "redaction/tag.h"
#include "redaction/train/pack.h"
#include "redaction/train/words.h"

#define LINE_MOST (64u << 20)

/* --- fit --- */

static void leave_out(struct corpus *corpus, const char *id)
{
    for (size_t i = 0; i < corpus->count; i++)
        if (strcmp(corpus->documents[i].id, id) == 0)
            corpus->documents[i].text.size = corpus->documents[i].count = 0;
}

static void read_source(struct corpus *corpus, const char *source)
{
    char kind[16];
    float weight;
    int path = 0;
    if (sscanf(source, "%15[^:]:%f:%n", kind, &weight, &path) != 2 || path == 0)
        tool_fail("not KIND:WEIGHT:PATH", source);
    corpus_read(corpus, kind, source + path, weight);
}

static void write_model(const struct corpus *corpus, struct words *words, const struct learn_options *options,
                        const char *path)
{
    uint8_t *hashes SCOPED_MEM = NULL, *classes SCOPED_MEM = NULL;
    struct weights weights;
    struct buf out SCOPED_BUF = {0};
    words_settle(words, &hashes, &classes);
    const struct tag_lists lists = {hashes, classes, words->count};
    learn(corpus, &lists, options, &weights);
    pack_model(&weights, &lists, 0.04f, &out);
    weights_free(&weights);
    if (file_write(path, buf_bytes(&out), 0644) != OK)
        tool_fail("cannot write", path);
    fprintf(stderr, "%s: %zu bytes\n", path, out.size);
}

static int fit(int argc, char **argv)
{
    struct corpus corpus = {0};
    struct words words = {0};
    struct learn_options options = {.seed = 1, .rounds = 12, .rate = 0.1f, .decay = 1e-4f, .drop = 0.1f, .least = 2};
    const char *path = NULL, *left_out[256];
    size_t left = 0;
    for (int option; (option = getopt(argc, argv, "o:s:r:x:l:a:d:p:n:")) != -1;) {
        if (option == 'o')
            path = optarg;
        else if (option == 's')
            options.seed = strtoull(optarg, NULL, 10);
        else if (option == 'r')
            options.rounds = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'a')
            options.rate = strtof(optarg, NULL);
        else if (option == 'd')
            options.decay = strtof(optarg, NULL);
        else if (option == 'p')
            options.drop = strtof(optarg, NULL);
        else if (option == 'n')
            options.least = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'l')
            words_read(&words, optarg);
        else if (option == 'x' && left < 256)
            left_out[left++] = optarg;
        else
            return 2;
    }
    if (!path)
        return 2;
    for (int i = optind; i < argc; i++)
        read_source(&corpus, argv[i]);
    for (size_t i = 0; i < left; i++)
        leave_out(&corpus, left_out[i]);
    write_model(&corpus, &words, &options, path);
    corpus_free(&corpus);
    mem_free(words.items);
    return 0;
}

/* --- find --- */

static void print_findings(const struct redact_findings *found, const char *id, double threshold)
{
    printf("{\"id\":\"%s\",\"threshold\":%g,\"findings\":[", id, threshold);
    const char *comma = "";
    for (size_t i = 0; i < found->count; i++) {
        const struct redact_finding *item = &found->items[i];
        if (!item->withheld)
            continue;
        printf("%s[%zu,%zu,\"%s\",\"%s\",%.4f]", comma, item->start, item->end, redact_type_name(item->type),
               item->rule, (double)item->score);
        comma = ",";
    }
    printf("]}\n");
}

static void find_in(struct redactor *redactor, const struct json *value, double threshold)
{
    struct redact_session *session = NULL;
    struct redact_findings found = {0}, again = {0};
    struct bytes text = json_string_bytes(json_get(value, "text"));
    redactor->policy.threshold = redactor->policy.flag = threshold;
    if (redact_session_new(redactor, &session) != OK || redact_detect(session, text, &found) != OK ||
        redact_detect(session, text, &again) != OK)
        tool_fail("detecting failed", json_string_text(json_get(value, "id")));
    print_findings(&again, json_string_text(json_get(value, "id")), threshold);
    redact_findings_free(&found);
    redact_findings_free(&again);
    redact_session_free(session);
}

static void find_lines(struct redactor *redactor, int argc, char **argv)
{
    struct line_reader reader;
    struct bytes line;
    line_reader_start(&reader, STDIN_FILENO, LINE_MOST);
    while (line_reader_next(&reader, &line) == OK) {
        struct json *value SCOPED_JSON = NULL;
        if (json_parse(line, LINE_MOST, &value, NULL) != OK)
            tool_fail("not JSON", "a line");
        for (int i = 0; i < argc; i++)
            find_in(redactor, value, strtod(argv[i], NULL));
    }
    line_reader_free(&reader);
}

static int find(int argc, char **argv)
{
    struct redactor *redactor = NULL;
    struct buf model SCOPED_BUF = {0};
    const char *policy = "tab", *path = NULL;
    struct why why = {0};
    for (int option; (option = getopt(argc, argv, "m:p:")) != -1;) {
        if (option == 'm')
            path = optarg;
        else if (option == 'p')
            policy = optarg;
        else
            return 2;
    }
    if (redactor_new(redact_policy_text(policy), NULL, &redactor, &why) != OK)
        tool_fail("cannot make a redactor", policy);
    if (path) {
        tool_read(path, &model);
        tagger_free(redactor->tagger);
        if (tagger_new(buf_bytes(&model), &redactor->tagger, &why) != OK)
            tool_fail(why.what ? why.what : "cannot load", path);
    }
    find_lines(redactor, argc - optind, argv + optind);
    redactor_free(redactor);
    return 0;
}

int main(int argc, char **argv)
{
    int code = 2;
    if (argc > 1 && strcmp(argv[1], "fit") == 0)
        code = fit(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "find") == 0)
        code = find(argc - 1, argv + 1);
    if (code == 2)
        fprintf(stderr, "usage: chatham-train fit -o MODEL [-s SEED] [-r ROUNDS] [-x ID]... [-l LIST]... SOURCE...\n"
                        "       chatham-train find [-m MODEL] [-p POLICY] THRESHOLD... < LINES\n");
    return code;
}
