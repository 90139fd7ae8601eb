/* Search. Hides how a question becomes a full-text query and why it stays fast in a large library:
 *
 * - words are read as for features (insight/words.h) on both sides and stored in a contentless FTS5 table without
 * positions; how many insights have a word is counted once, at building;
 * - insights are numbered in reading order (insight/order.h), so that of many that match the first are the widest
 * supported;
 * - a query asks for all of its telling words, then for any of the rarest, and takes a bounded number of rows either
 * time, to be ranked by features. A word in more than an eighth of the library takes part only if there is none rarer.
 */
#include "insight/search.h"

#include <stdlib.h>

#include "crypto/db.h"
#include "insight/features.h"
#include "insight/order.h"
#include "insight/parts.h"
#include "insight/words.h"

#define QUERY_WORDS 16
#define RAREST_WORDS 3
#define ROWS_MAX 200 /* of either way of asking */
#define COMMON_PART 8
#define COMMON_LEAST 16 /* fewer insights than this make no word common */

static const char *const migrations[] = {
    "CREATE VIRTUAL TABLE full_text USING fts5(words, content='', detail=none, columnsize=0, tokenize='ascii');"
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(full_text, row);"
    "CREATE TABLE insight(id INTEGER PRIMARY KEY, number INTEGER NOT NULL, features BLOB NOT NULL);"
    "CREATE TABLE word(word TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;",
    "CREATE TABLE built(version INTEGER NOT NULL);",
    NULL,
};
static const struct db_schema schema = {"search index", migrations};

struct search_index {
    struct db *db;
};

enum status search_open(const char *path, const struct secret *key, struct search_index **out, struct why *why)
{
    *out = NULL;
    struct search_index *index = mem_new(1, sizeof *index);
    if (!index)
        return ERR_MEMORY;
    enum status status = db_open(path, key, &schema, &index->db, why);
    if (status == OK)
        status = db_exec(index->db, "PRAGMA cache_size = -16384", "");
    if (status != OK) {
        search_close(index);
        return status;
    }
    *out = index;
    return OK;
}

void search_close(struct search_index *index)
{
    if (!index)
        return;
    if (index->db)
        db_close(index->db);
    mem_free(index);
}

/* --- building --- */

/* Everything that an insight says, slots too, a line each. */
static void put_text(const struct candidate *text, struct buf *out)
{
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *phrases = candidate_phrases(text, list);
        for (size_t p = 0; p < phrases->count; p++)
            buf_addf(out, "%s\n", phrases->items[p]);
    }
    for (size_t slot = 0; slot < SLOTS; slot++)
        if (candidate_slot(text, slot))
            buf_addf(out, "%s\n", candidate_slot(text, slot));
    for (size_t i = 0; i < text->order_count; i++)
        buf_addf(out, "%s\n", text->order[i]);
}

static void put_words(struct bytes text, struct buf *out)
{
    struct words words;
    words_start(&words, text);
    while (words_next(&words)) {
        buf_add(out, bytes_of(words.word, words.size));
        buf_add_byte(out, ' ');
    }
}

struct scratch {
    struct buf text, words;
};

static enum status add_insight(struct db *db, int64_t id, uint32_t number, const struct insight *insight,
                               struct scratch *scratch)
{
    buf_clear(&scratch->text);
    buf_clear(&scratch->words);
    put_text(&insight->text, &scratch->text);
    put_words(buf_bytes(&scratch->text), &scratch->words);
    TRY(buf_status(&scratch->text));
    TRY(buf_status(&scratch->words));
    struct features features;
    TRY(features_of_text(buf_text(&scratch->text), &features));
    struct bytes blob = bytes_of(features.items, features.count * sizeof *features.items);
    enum status status =
        db_exec(db, "INSERT INTO insight(id, number, features) VALUES(?, ?, ?)", "iib", id, (int64_t)number, blob);
    features_free(&features);
    TRY(status);
    return db_exec(db, "INSERT INTO full_text(rowid, words) VALUES(?, ?)", "it", id, buf_text(&scratch->words));
}

static enum status add_insights(struct db *db, const struct library *library, const uint32_t *order)
{
    struct scratch scratch = {0};
    enum status status = OK;
    for (size_t i = 0; i < library->insight_count && status == OK; i++)
        status = add_insight(db, (int64_t)i + 1, order[i], &library->insights[order[i]], &scratch);
    buf_free(&scratch.text);
    buf_free(&scratch.words);
    return status;
}

static enum status fill(struct db *db, const struct library *library, const uint32_t *order)
{
    TRY(db_exec(db, "INSERT INTO full_text(full_text) VALUES('delete-all')", ""));
    TRY(db_exec(db, "DELETE FROM insight", ""));
    TRY(db_exec(db, "DELETE FROM word", ""));
    TRY(db_exec(db, "DELETE FROM built", ""));
    TRY(db_exec(db, "INSERT INTO built(version) VALUES(?)", "i", (int64_t)library->version));
    TRY(add_insights(db, library, order));
    TRY(db_exec(db, "INSERT INTO word(word, n) SELECT term, doc FROM vocabulary", ""));
    return db_exec(db, "INSERT INTO full_text(full_text) VALUES('optimize')", "");
}

enum status search_build(struct search_index *index, const struct library *library)
{
    SCOPED_MEM uint32_t *order = library_order(library);
    if (!order)
        return ERR_MEMORY;
    TRY(db_begin(index->db));
    enum status status = fill(index->db, library, order);
    if (status == OK)
        status = db_commit(index->db);
    if (status != OK)
        db_rollback(index->db);
    return status;
}

enum status search_version(struct search_index *index, uint64_t *version)
{
    int64_t built = 0;
    *version = 0;
    enum status status = db_row(index->db, "SELECT version FROM built", ":i", &built);
    *version = (uint64_t)built;
    return status;
}

/* --- asking --- */

struct query_word {
    char text[WORD_MAX + 1];
    int64_t insights; /* that have it */
};
struct query {
    struct query_word words[QUERY_WORDS];
    size_t count;
};

static int compare_query_words(const void *a, const void *b)
{
    const struct query_word *x = a, *y = b;
    if (x->insights != y->insights)
        return x->insights < y->insights ? -1 : 1;
    return strcmp(x->text, y->text);
}

static bool query_has(const struct query *query, const char *word)
{
    for (size_t i = 0; i < query->count; i++)
        if (strcmp(query->words[i].text, word) == 0)
            return true;
    return false;
}

/* The query's telling words that the library knows, rarest first. */
static enum status read_query(struct db *db, const char *text, struct query *out)
{
    struct words words;
    out->count = 0;
    words_start(&words, bytes_str(text));
    while (out->count < QUERY_WORDS && words_next(&words)) {
        if (word_is_stop(words.word) || query_has(out, words.word))
            continue;
        struct query_word *next = &out->words[out->count];
        enum status status =
            db_row(db, "SELECT n FROM word WHERE word = ?", "t:i", (const char *)words.word, &next->insights);
        if (status == ERR_NOT_FOUND)
            continue;
        TRY(status);
        memcpy(next->text, words.word, sizeof next->text);
        out->count++;
    }
    qsort(out->words, out->count, sizeof *out->words, compare_query_words);
    return OK;
}

/* The first `count` words, quoted: they are letters and digits, no query syntax can get in. */
static void put_match(const struct query *query, size_t count, const char *between, struct buf *out)
{
    buf_clear(out);
    for (size_t i = 0; i < count; i++)
        buf_addf(out, "%s\"%s\"", i ? between : "", query->words[i].text);
}

/* How many of the words to ask for together: those that are not in too much of the library, and at least one. */
static size_t telling_words(const struct query *query, int64_t insights)
{
    int64_t common = insights / COMMON_PART > COMMON_LEAST ? insights / COMMON_PART : COMMON_LEAST;
    size_t count = 1;
    while (count < query->count && query->words[count].insights <= common)
        count++;
    return count;
}

struct ranking {
    struct features query;
    struct search_hit hits[2 * ROWS_MAX];
    size_t count;
};

static bool ranking_has(const struct ranking *ranking, uint32_t insight)
{
    for (size_t i = 0; i < ranking->count; i++)
        if (ranking->hits[i].insight == insight)
            return true;
    return false;
}

static enum status rank_row(const struct db_rows *row, struct ranking *ranking)
{
    uint32_t number = (uint32_t)db_integer(row, 0);
    struct bytes blob = db_bytes(row, 1);
    if (blob.size % sizeof(struct feature) != 0)
        return ERR_CORRUPT;
    if (ranking->count == 2 * ROWS_MAX || ranking_has(ranking, number))
        return OK;
    struct features features = {blob.size / sizeof(struct feature), (struct feature *)mem_copy(blob)};
    if (!features.items)
        return ERR_MEMORY;
    float score = (float)features_cosine(&ranking->query, &features);
    features_free(&features);
    ranking->hits[ranking->count++] = (struct search_hit){number, score};
    return OK;
}

static enum status ask(struct db *db, struct buf *match, struct ranking *ranking)
{
    TRY(buf_status(match));
    struct db_rows *rows = NULL;
    enum status status = db_query(
        db, &rows,
        "SELECT insight.number, insight.features FROM full_text CROSS JOIN insight ON insight.id = full_text.rowid"
        " WHERE full_text MATCH ? ORDER BY full_text.rowid LIMIT ?",
        "ti", buf_text(match), (int64_t)ROWS_MAX);
    while (status == OK) {
        status = db_next(rows);
        if (status == OK)
            status = rank_row(rows, ranking);
    }
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

static int compare_hits(const void *a, const void *b)
{
    const struct search_hit *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->insight > y->insight) - (x->insight < y->insight);
}

static enum status rank(struct db *db, const struct query *query, size_t most, struct ranking *ranking)
{
    SCOPED_BUF struct buf match = {0};
    int64_t insights = 0;
    TRY(db_row(db, "SELECT coalesce(max(id), 0) FROM insight", ":i", &insights));
    put_match(query, telling_words(query, insights), " ", &match);
    TRY(ask(db, &match, ranking));
    if (ranking->count >= most || query->count < 2)
        return OK;
    put_match(query, query->count < RAREST_WORDS ? query->count : RAREST_WORDS, " OR ", &match);
    return ask(db, &match, ranking);
}

enum status search_query(struct search_index *index, const char *words, struct search_hit *hits, size_t most,
                         size_t *found)
{
    *found = 0;
    struct query query;
    TRY(read_query(index->db, words, &query));
    if (query.count == 0 || most == 0)
        return OK;
    struct ranking ranking = {.count = 0};
    TRY(features_of_text(words, &ranking.query));
    enum status status = rank(index->db, &query, most, &ranking);
    features_free(&ranking.query);
    TRY(status);
    qsort(ranking.hits, ranking.count, sizeof *ranking.hits, compare_hits);
    *found = ranking.count < most ? ranking.count : most;
    memcpy(hits, ranking.hits, *found * sizeof *hits);
    return OK;
}
