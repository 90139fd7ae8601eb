/* Sessions. Hides the table of known values and the search for them: a bitmap of first bytes stops at the few places
 * where a known value may begin, then one table look-up per length that occurs. */
#include "redaction/session.h"

#include "base/secret.h"
#include "redaction/block.h"
#include "redaction/names.h"
#include "redaction/redactor.h"

#define SOUGHT_MAX 63 /* longer values are found again by their own shape */
#define ROOM_FIRST 64
#define KNOWN_MOST ((size_t)1 << 17)   /* values that are remembered, */
#define VALUES_MOST ((size_t)16 << 20) /* bytes of them, */
#define PROBES_MOST 128                /* and places where one may stand: whoever makes hashes alike gains nothing */

static const struct recognizer known_row = {.rule = "session.known", .score = 0.8f};

/* Eight bytes at a time. Letters lose their case by the bit that carries it; so do a few marks, which only makes equal
 * hashes of what is compared anyway. */
static uint64_t hash_caseless(struct bytes value)
{
    uint64_t hash = value.size;
    for (size_t at = 0; at < value.size; at += 8) {
        uint64_t eight = 0;
        memcpy(&eight, value.data + at, value.size - at < 8 ? value.size - at : 8);
        hash = (hash ^ hash >> 29 ^ (eight | 0x2020202020202020u)) * 0x9e3779b97f4a7c15u;
    }
    return hash ^ hash >> 29;
}

static bool equal_caseless(struct bytes a, struct bytes b)
{
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (char_lower(a.data[i]) != char_lower(b.data[i]))
            return false;
    return true;
}

static struct bytes value_of(const struct redact_session *session, const struct known *known)
{
    return bytes_part(buf_bytes(&session->values), known->at, known->size);
}

enum status redact_session_new(const struct redactor *redactor, struct redact_session **out)
{
    struct redact_session *session = *out = mem_new(1, sizeof *session);
    if (!session)
        return ERR_MEMORY;
    session->redactor = redactor;
    buf_init_secret(&session->values);
    buf_init_secret(&session->subject);
    enum status status = OK;
    struct cursor words = {buf_bytes(&redactor->policy.custom)};
    struct bytes word;
    while (status == OK && words.left.size && (status = cursor_lp(&words, &word)) == OK)
        status = session_learn(session, REDACT_CUSTOM, word);
    if (status != OK) {
        redact_session_free(session);
        *out = NULL;
    }
    return status;
}

void redact_session_free(struct redact_session *session)
{
    if (!session)
        return;
    buf_free(&session->values);
    buf_free(&session->subject);
    mem_free(session->table);
    mem_free(session);
}

enum status redact_session_subject(struct redact_session *session, struct bytes subject)
{
    buf_clear(&session->subject);
    buf_add_str(&session->subject, "subject\x1f");
    buf_add(&session->subject, subject);
    session->shift = 0;
    return buf_status(&session->subject);
}

size_t redact_session_count(const struct redact_session *session, enum redact_type type)
{
    return session->done[type];
}

/* --- the table --- */

static enum status table_grow(struct redact_session *session)
{
    size_t room = session->room ? session->room * 2 : ROOM_FIRST;
    struct known *fresh = mem_new(room, sizeof *fresh);
    if (!fresh)
        return ERR_MEMORY;
    for (size_t i = 0; i < session->room; i++) {
        if (!session->table[i].size)
            continue;
        size_t slot = session->table[i].hash & (room - 1);
        while (fresh[slot].size)
            slot = (slot + 1) & (room - 1);
        fresh[slot] = session->table[i];
    }
    mem_free(session->table);
    session->table = fresh;
    session->room = room;
    return OK;
}

/* The slot of a value: its entry, or the empty one where it would go; SIZE_MAX if neither is near. */
static size_t slot_of(const struct redact_session *session, enum redact_type type, struct bytes value, uint64_t hash)
{
    size_t slot = hash & (session->room - 1);
    for (size_t probes = 0; probes < PROBES_MOST; probes++, slot = (slot + 1) & (session->room - 1)) {
        const struct known *known = &session->table[slot];
        if (!known->size ||
            (known->hash == hash && known->type == type && equal_caseless(value_of(session, known), value)))
            return slot;
    }
    return SIZE_MAX;
}

bool session_knows(const struct redact_session *session, enum redact_type type, struct bytes value)
{
    size_t slot = session->room && value.size ? slot_of(session, type, value, hash_caseless(value)) : SIZE_MAX;
    return slot != SIZE_MAX && session->table[slot].size;
}

enum status session_know(struct redact_session *session, enum redact_type type, struct bytes value, struct known **out)
{
    *out = NULL;
    if (value.size == 0)
        return ERR_USAGE;
    if (session->count * 2 >= session->room && session->count < KNOWN_MOST)
        TRY(table_grow(session));
    uint64_t hash = hash_caseless(value);
    size_t slot = slot_of(session, type, value, hash);
    if (slot == SIZE_MAX)
        return OK;
    if (session->table[slot].size) {
        *out = &session->table[slot];
        return OK;
    }
    if (session->count >= KNOWN_MOST || session->values.size + value.size > VALUES_MOST)
        return OK;
    size_t at = session->values.size;
    buf_add(&session->values, value);
    TRY(buf_status(&session->values));
    session->table[slot] = (struct known){.hash = hash, .at = at, .size = value.size, .type = (uint8_t)type};
    session->count++;
    *out = &session->table[slot];
    return OK;
}

enum status session_index(struct redact_session *session, enum redact_type type, struct bytes value, uint32_t *index)
{
    struct known *known;
    TRY(session_know(session, type, value, &known));
    if (!known) {
        *index = ++session->last_index[type];
        return OK;
    }
    if (known->index == 0)
        known->index = ++session->last_index[type];
    *index = known->index;
    return OK;
}

enum status session_alias(struct redact_session *session, enum redact_type type, struct bytes value, struct bytes other)
{
    uint32_t index;
    struct known *known;
    if (bytes_equal(value, other))
        return OK;
    TRY(session_index(session, type, value, &index));
    TRY(session_know(session, type, other, &known));
    if (known && known->index == 0)
        known->index = index;
    return OK;
}

/* --- learning --- */

#define FRONT 4       /* bytes by which values are sought, */
#define FRONT_SHORT 2 /* and those that are shorter */

/* Letters lose their case by the bit that carries it, as in hash_caseless. */
static uint32_t front_at(struct bytes text, size_t at)
{
    uint32_t front = 0;
    memcpy(&front, text.data + at, text.size - at < FRONT ? text.size - at : FRONT);
    return front | 0x20202020u;
}

static uint32_t front_short(uint32_t front)
{
    return front & 0xffff;
}

static bool front_sought(const struct redact_session *session, uint32_t front)
{
    uint32_t bit = front * 0x9e3779b1u >> 17;
    return session->fronts[bit / 64] >> bit % 64 & 1;
}

static size_t front_slot(uint32_t front)
{
    return front * 0x9e3779b1u >> 22;
}

static void seek_also(struct redact_session *session, struct known *known, bool exact)
{
    if (known->sought || known->size < 2 || known->size > SOUGHT_MAX)
        return;
    known->sought = true;
    known->exact = exact;
    session->sought++;
    struct bytes value = value_of(session, known);
    uint32_t front = front_at(value, 0);
    if (value.size < FRONT) {
        session->shorts++;
        front = front_short(front);
    }
    uint32_t bit = front * 0x9e3779b1u >> 17;
    session->fronts[bit / 64] |= 1ull << bit % 64;
    session->lengths[front_slot(front)] |= 1ull << known->size;
    if (!char_is(value.data[0], C_ALNUM)) {
        session->mark_low = session->marks && session->mark_low < value.data[0] ? session->mark_low : value.data[0];
        session->mark_high = session->mark_high > value.data[0] ? session->mark_high : value.data[0];
        session->marks = true;
    }
}

enum status session_made(struct redact_session *session, struct bytes surrogate)
{
    struct known *known;
    TRY(session_know(session, SESSION_MADE, surrogate, &known));
    if (known)
        seek_also(session, known, false);
    return OK;
}

/* Other ways to write a name of two words or more: "J. Smith", "J. S.", "jsmith", "john.smith". */
static enum status learn_forms(struct redact_session *session, struct bytes name, uint32_t index)
{
    size_t first = chars_run(name, 0, C_ALPHA, SIZE_MAX), last = chars_run_back(name, name.size, C_ALPHA, SIZE_MAX);
    if (first < 2 || last <= first || name.size - last < 3 || name.size > 40)
        return OK;
    static const struct {
        const char *joint, *end;
        enum redact_type type;
        size_t given, family; /* letters of them at most */
    } forms[] = {
        {". ", "", REDACT_NAME, 1, 63},     {".", "", REDACT_NAME, 1, 63},      {".", ".", REDACT_NAME, 1, 1},
        {"", "", REDACT_USERNAME, 1, 63},   {"", "", REDACT_USERNAME, 63, 63},  {".", "", REDACT_USERNAME, 63, 63},
        {"_", "", REDACT_USERNAME, 63, 63}, {"-", "", REDACT_USERNAME, 63, 63},
    };
    struct buf form SCOPED_BUF = {.secret = true};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct known *known;
        buf_clear(&form);
        buf_add(&form, bytes_part(name, 0, first < forms[i].given ? first : forms[i].given));
        buf_add_str(&form, forms[i].joint);
        buf_add(&form, bytes_part(name, last, forms[i].family));
        buf_add_str(&form, forms[i].end);
        TRY(buf_status(&form));
        if (form.size < 4)
            continue;
        TRY(session_know(session, forms[i].type, buf_bytes(&form), &known));
        if (!known)
            return OK;
        if (!known->index && forms[i].type == REDACT_NAME)
            known->index = index;
        seek_also(session, known, false);
    }
    return OK;
}

/* "Will", "Brown": parts of a name that are ordinary words too go where nothing but a name has a capital. Places,
 * months and days have one anywhere. */
static bool may_stand_within(struct bytes part, unsigned class)
{
    return part.size >= 3 && !(class & (PLACE_ANY | PEOPLE_ANY)) &&
           !chars_word_of(part, 0,
                          "jan|march|april|may|june|july|august|summer|sunday|friday|monday|christian|english");
}

/* The parts of a name: "Mia", "Li". */
static enum status learn_name(struct redact_session *session, struct bytes name)
{
    uint32_t index;
    TRY(session_index(session, REDACT_NAME, name, &index));
    for (size_t at = 0; at < name.size;) {
        size_t end = chars_run(name, at, C_ALPHA, SIZE_MAX);
        struct bytes part = bytes_part(name, at, end - at);
        unsigned class = names_class(session->redactor->names, part);
        bool common = class & NAME_COMMON;
        if (part.size >= 2 && (!common || may_stand_within(part, class)) &&
            !chars_word_of(name, at, "van|von|de|der|den|la|da|dos|del|di|bin|al|ibn|el|jr|sr")) {
            struct known *known;
            TRY(session_know(session, REDACT_NAME, part, &known));
            if (known && !known->index)
                known->index = index;
            if (known && (!known->sought || known->within))
                known->within = common && part.size < name.size;
            if (known)
                seek_also(session, known, false);
        }
        at = end + 1;
    }
    return learn_forms(session, name, index);
}

/* An e-mail's local part or a login name often is the person's name: its parts are learned that the lists know, and if
 * it has two or more ("zorvan.quill"), those that are no ordinary words. */
static enum status learn_name_inside(struct redact_session *session, struct bytes value)
{
    const struct names *names = session->redactor->names;
    size_t local = bytes_find(value, bytes_str("@"));
    local = local < value.size ? local : value.size;
    bool several = chars_run(value, 0, C_ALPHA, SIZE_MAX) + 3 < local;
    for (size_t at = 0; at < local;) {
        size_t end = chars_run(value, at, C_ALPHA, SIZE_MAX);
        struct bytes part = bytes_part(value, at, end - at);
        unsigned class = names_class(names, part);
        bool listed = part.size >= 2 && class & NAME_ANY && !(class & NAME_COMMON);
        if (listed || (several && part.size >= 4 && !class && !names_plain(names, part)))
            TRY(learn_name(session, part));
        at = end + 1;
    }
    return OK;
}

/* The account that a home folder belongs to is the path's last part; an ordinary word ("/home/work") tells nothing. */
static enum status learn_home_owner(struct redact_session *session, struct bytes path)
{
    size_t start = chars_run_back(path, path.size, C_WORD | C_DOT, 64);
    struct bytes owner = bytes_part(path, start, SIZE_MAX);
    bool own = owner.size >= 4 && char_is(owner.data[0], C_ALPHA) &&
               !(names_class(session->redactor->names, owner) & (NAME_COMMON | WORD_FILLER));
    return own ? session_learn(session, REDACT_USERNAME, owner) : OK;
}

/* The user part of an e-mail, where it is somebody's and not an office's. */
static enum status learn_user(struct redact_session *session, struct bytes value)
{
    static const char offices[] =
        "info|support|admin|administrator|sales|contact|hello|help|office|noreply|no-reply|"
        "postmaster|webmaster|service|billing|team|mail|news|press|jobs|root|user|test|example";
    size_t local = bytes_find(value, bytes_str("@"));
    struct bytes user = bytes_part(value, 0, local < value.size ? local : 0);
    struct known *known;
    if (user.size < 5 || chars_word_of(user, 0, offices) || names_plain(session->redactor->names, user))
        return OK;
    TRY(session_know(session, REDACT_USERNAME, user, &known));
    if (known)
        seek_also(session, known, false);
    return OK;
}

/* "Brelko Fixtures Ltd" is "Brelko Fixtures" too. */
static enum status learn_organisation(struct redact_session *session, struct bytes value)
{
    static const char forms[] =
        "inc|incorporated|ltd|limited|llc|llp|plc|gmbh|ag|kg|corp|corporation|sas|sarl|ab|oy|oyj|"
        "asa|aps|bv|kft|pty";
    size_t form = chars_run_back(value, value.size - (value.data[value.size - 1] == '.'), C_ALPHA, 16);
    size_t end = form;
    while (end > 0 && (value.data[end - 1] == ' ' || value.data[end - 1] == ','))
        end--;
    struct bytes name = bytes_part(value, 0, end);
    struct known *known;
    if (end < 4 || !chars_word_of(value, form, forms) || names_plain(session->redactor->names, name))
        return OK;
    TRY(session_know(session, REDACT_ORGANISATION, name, &known));
    if (known)
        seek_also(session, known, false);
    return OK;
}

/* Would replacing every mention of this password destroy ordinary text? */
static bool is_plain_word(struct bytes value)
{
    return value.size < 6 || (value.size < 10 && chars_run(value, 0, C_LOWER, SIZE_MAX) == value.size);
}

enum status session_learn(struct redact_session *session, enum redact_type type, struct bytes value)
{
    /* Neither a year-like number nor a word of a few letters may erase itself everywhere. */
    if (value.size < 2 || (value.size < 5 && chars_run(value, 0, C_DIGIT, 5) == value.size) ||
        (redact_type_is_secret(type) && is_plain_word(value)))
        return OK;
    struct known *known;
    TRY(session_know(session, type, value, &known));
    if (!known || known->sought)
        return OK; /* and so is all that it tells */
    seek_also(session, known, redact_type_is_secret(type));
    if (type == REDACT_NAME)
        return learn_name(session, value);
    if (type == REDACT_ORGANISATION)
        return learn_organisation(session, value);
    if (type == REDACT_EMAIL)
        TRY(learn_user(session, value));
    if (type == REDACT_EMAIL || type == REDACT_ACCOUNT || type == REDACT_USERNAME)
        return learn_name_inside(session, value);
    return type == REDACT_PATH ? learn_home_owner(session, value) : OK;
}

enum status redact_session_learn(struct redact_session *session, enum redact_type type, struct bytes value)
{
    struct normal normal SCOPED_NORMAL = {0};
    if (type >= REDACT_TYPES)
        return ERR_USAGE;
    TRY(normalise(value, &normal));
    return session_learn(session, type, normal.text);
}

/* --- seeking --- */

/* Capitalised, and not a code of three capitals ("MIA" is an airport). */
static bool is_written_as_name(struct bytes value)
{
    return char_is(value.data[0], C_UPPER) && (value.size > 3 || char_is(value.data[1], C_LOWER));
}

/* Behind a word in lower case that is no article, and before none that has a capital: "told Will that", not "the Price
 * column", "Chase Bank". */
static bool stands_within(struct bytes text, size_t at, size_t end)
{
    size_t stop = at - 1, word = char_at(text, stop) == ' ' ? chars_run_back(text, stop, C_LOWER, 24) : stop;
    bool after_word = word < stop && chars_word_starts(text, word) &&
                      !chars_word_of(text, word, "the|a|an|this|that|each|per|no|see|every|any|all|of|our|your|my|its");
    bool before_capital = char_at(text, end) == ' ' && char_is(char_at(text, end + 1), C_UPPER | C_DIGIT);
    return at > 0 && after_word && !before_capital && char_is(char_at(text, at + 1), C_LOWER);
}

static const struct known *known_at(const struct redact_session *session, struct bytes text, size_t at, size_t size)
{
    struct bytes value = bytes_part(text, at, size);
    uint64_t hash = hash_caseless(value);
    size_t slot = hash & (session->room - 1), probes = 0;
    for (; session->table[slot].size && probes < PROBES_MOST; probes++, slot = (slot + 1) & (session->room - 1)) {
        const struct known *known = &session->table[slot];
        if (known->hash != hash || !known->sought)
            continue;
        bool same = known->exact ? bytes_equal(value_of(session, known), value)
                                 : equal_caseless(value_of(session, known), value);
        if (same && (known->type != REDACT_NAME || is_written_as_name(value)) &&
            (!known->within || stands_within(text, at, at + size)))
            return known;
    }
    return NULL;
}

/* A known value of more than `over` bytes at `at`. */
static size_t seek_at(const struct redact_session *session, struct scan *scan, size_t at, size_t over)
{
    struct bytes text = scan->text;
    uint32_t front = front_at(text, at);
    uint64_t lengths = session->lengths[front_slot(front)];
    if (session->shorts)
        lengths |= session->lengths[front_slot(front_short(front))];
    while (lengths) { /* the longest first */
        size_t size = 63 - (size_t)__builtin_clzll(lengths);
        if (size <= over)
            break;
        lengths &= ~(1ull << size);
        if (size > text.size - at ||
            (char_is(text.data[at + size - 1], C_ALNUM) && char_is(char_at(text, at + size), C_ALNUM)))
            continue;
        const struct known *known = known_at(session, text, at, size);
        if (!known || !(scan->types >> known->type & 1) || placeholder_only(bytes_part(text, at, size)))
            continue;
        scan->status = finds_add(scan->finds, (struct find){at, at + size, &known_row, (enum redact_type)known->type,
                                                            false, known_row.score, NULL});
        return at + size;
    }
    return at + 1;
}

/* Where a value may begin: behind a byte that is neither letter nor digit, or behind a JSON escape ("\nMia"), with a
 * letter, a digit or a mark that some value begins with. *alnums and *slashes carry over from the block before. */
static uint64_t word_starts(const struct redact_session *session, const struct block *block, uint64_t *alnums,
                            uint64_t *slashes)
{
    uint64_t alnum = block_alnum(block), slash = block_are(block, '\\');
    uint64_t starts = ~(alnum << 1 | *alnums >> 63) | slash << 2 | *slashes >> 62;
    *alnums = alnum;
    *slashes = slash;
    return starts & (session->marks ? alnum | block_between(block, session->mark_low, session->mark_high) : alnum);
}

/* Those of the places in the block at `base` where a value's front stands. No branch depends on the text. */
static uint64_t sift(const struct redact_session *session, struct bytes text, size_t base, uint64_t starts)
{
    uint8_t tail[64 + FRONT] = {0};
    const uint8_t *block = text.data + base;
    uint64_t passed = 0;
    if (text.size - base < sizeof tail)
        block = memcpy(tail, block, text.size - base);
    for (; starts; starts &= starts - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(starts);
        uint32_t front = front_at(bytes_of(block + bit, FRONT), 0);
        bool sought = front_sought(session, front) | (session->shorts && front_sought(session, front_short(front)));
        passed |= (uint64_t)sought << bit;
    }
    return passed;
}

void session_seek(const struct redact_session *session, struct scan *scan)
{
    struct bytes text = scan->text;
    uint64_t alnums = 0, slashes = 0;
    size_t next = 0, found = 0, already = scan->finds->count;
    if (session->sought == 0)
        return;
    for (size_t base = 0; base < text.size && scan->status == OK; base += 64) {
        struct block block = block_at(text, base);
        uint64_t hits = sift(session, text, base, word_starts(session, &block, &alnums, &slashes));
        for (; hits; hits &= hits - 1) {
            size_t at = base + (size_t)__builtin_ctzll(hits);
            if (at + 1 >= text.size)
                break;
            if (at < next)
                continue;
            while (found < already && (scan->finds->items[found].end <= at || scan->finds->items[found].flagged))
                found++;
            const struct find *here = found < already ? &scan->finds->items[found] : NULL;
            if (!here || here->start >= at)
                next = seek_at(session, scan, at, here && here->start == at ? here->end - at : 0);
        }
    }
}
