/* Hides the tree that a pattern is read into, the program that is made of it, and the set of its states that a walk
 * carries along (Thompson's construction: each byte costs at most one visit of each state). */
#include "redaction/pattern.h"

#include "redaction/chars.h"

#define NODES_MAX 1024
#define SETS_MAX 512
#define NONE 0
#define NO_END UINT16_MAX

enum kind { EMPTY, SET, ASSERT, CAT, ALT, REPEAT };
enum assertion { TEXT_START, TEXT_END, WORD_EDGE, NO_WORD_EDGE };

struct node {
    uint8_t kind;
    uint16_t left, right; /* nodes; SET: left is its set; ASSERT: left is its assertion */
    uint16_t least, most; /* REPEAT; most NO_END: any number */
};
struct set {
    uint8_t bits[32];
};

enum op { OP_SET, OP_ASSERT, OP_SPLIT, OP_MATCH };
struct instruction {
    uint8_t op;
    uint16_t argument; /* set or assertion; SPLIT: the other way */
    uint16_t next;
};

struct pattern {
    struct set *sets;
    struct instruction *program;
    size_t size, start, least;
};

struct parser {
    struct bytes text;
    size_t at, depth;
    bool caseless;
    struct node *nodes;
    struct set *sets;
    size_t node_count, set_count;
    const char *bad; /* what is wrong, */
    size_t bad_at;   /* where */
};

/* --- reading --- */

static uint16_t fail(struct parser *parser, const char *what, size_t at)
{
    if (!parser->bad) {
        parser->bad = what;
        parser->bad_at = at;
    }
    return NONE;
}

static uint16_t node_new(struct parser *parser, struct node node)
{
    if (parser->node_count == NODES_MAX)
        return fail(parser, "is too large", parser->at);
    parser->nodes[parser->node_count] = node;
    return (uint16_t)parser->node_count++;
}

static void set_add(struct set *set, uint8_t byte)
{
    set->bits[byte >> 3] |= (uint8_t)(1u << (byte & 7));
}

static bool set_has(const struct set *set, uint8_t byte)
{
    return set->bits[byte >> 3] >> (byte & 7) & 1;
}

static void set_turn(struct set *set)
{
    for (size_t i = 0; i < sizeof set->bits; i++)
        set->bits[i] = (uint8_t)~set->bits[i];
}

static void set_fold(struct set *set)
{
    for (unsigned byte = 'a'; byte <= 'z'; byte++) {
        if (set_has(set, (uint8_t)byte))
            set_add(set, (uint8_t)(byte - 32));
        if (set_has(set, (uint8_t)(byte - 32)))
            set_add(set, (uint8_t)byte);
    }
}

static uint16_t set_node(struct parser *parser, struct set set)
{
    if (parser->set_count == SETS_MAX)
        return fail(parser, "is too large", parser->at);
    parser->sets[parser->set_count] = set;
    return node_new(parser, (struct node){.kind = SET, .left = (uint16_t)parser->set_count++});
}

/* The class of \d, \w, \s and their opposites. */
static bool class_add(struct set *set, uint8_t letter)
{
    struct set class = {{0}};
    for (unsigned byte = 0; byte < 256; byte++) {
        bool digit = byte >= '0' && byte <= '9', word = char_is((uint8_t)byte, C_WORD);
        bool space = byte == ' ' || (byte >= 9 && byte <= 13);
        if ((letter | 32) == 'd' ? digit : (letter | 32) == 'w' ? word : space)
            set_add(&class, (uint8_t)byte);
    }
    if (!strchr("dwsDWS", letter))
        return false;
    if (letter < 'a')
        set_turn(&class);
    for (size_t i = 0; i < sizeof set->bits; i++)
        set->bits[i] |= class.bits[i];
    return true;
}

/* The byte that an escape stands for; at the backslash. */
static uint8_t read_escape(struct parser *parser)
{
    static const char letters[] = "tnrf", bytes[] = "\t\n\r\f";
    size_t start = parser->at;
    uint8_t letter = char_at(parser->text, parser->at + 1), byte = letter;
    parser->at += 2;
    if (letter == 'x') {
        unsigned value = 0;
        for (int i = 0; i < 2; i++, parser->at++) {
            uint8_t hex = char_at(parser->text, parser->at);
            if (!char_is(hex, C_HEX))
                fail(parser, "has an escape that is not known", start);
            value = value * 16 + (unsigned)(hex <= '9' ? hex - '0' : (hex | 32) - 'a' + 10) % 16;
        }
        return (uint8_t)value;
    }
    const char *known = letter ? strchr(letters, letter) : NULL;
    if (known)
        return (uint8_t)bytes[known - letters];
    if (letter >= '1' && letter <= '9')
        fail(parser, "refers back to a group: that cannot be linear", start);
    else if (letter < 0x21 || letter > 0x7e || char_is(letter, C_ALNUM))
        fail(parser, "has an escape that is not known", start);
    return byte;
}

/* One end of a range in a class, or a class of its own (*whole). */
static uint8_t read_member(struct parser *parser, struct set *set, bool *whole)
{
    uint8_t byte = char_at(parser->text, parser->at);
    *whole = false;
    if (byte == '[' && strchr(":.=", char_at(parser->text, parser->at + 1)) && char_at(parser->text, parser->at + 1))
        fail(parser, "has a class by name: write its ranges", parser->at);
    if (byte != '\\') {
        parser->at++;
        return byte;
    }
    uint8_t letter = char_at(parser->text, parser->at + 1);
    if (letter && class_add(set, letter)) {
        *whole = true;
        parser->at += 2;
        return 0;
    }
    return read_escape(parser);
}

static uint16_t read_class(struct parser *parser)
{
    struct set set = {{0}};
    size_t open = parser->at++, first;
    bool turned = char_at(parser->text, parser->at) == '^', whole;
    parser->at += turned;
    for (first = parser->at; !parser->bad;) {
        if (parser->at >= parser->text.size)
            return fail(parser, "has a class without its end", open);
        if (parser->text.data[parser->at] == ']' && parser->at > first)
            break;
        size_t start = parser->at;
        uint8_t low = read_member(parser, &set, &whole), high = low;
        if (whole)
            continue;
        if (char_at(parser->text, parser->at) == '-' && char_at(parser->text, parser->at + 1) != ']' &&
            parser->at + 1 < parser->text.size) {
            parser->at++;
            high = read_member(parser, &set, &whole);
            if (whole || high < low)
                return fail(parser, "has a range that ends before it starts", start);
        }
        for (unsigned byte = low; byte <= high; byte++)
            set_add(&set, (uint8_t)byte);
    }
    parser->at++;
    if (parser->caseless)
        set_fold(&set);
    if (turned)
        set_turn(&set);
    return set_node(parser, set);
}

static uint16_t read_alternatives(struct parser *parser);

static uint16_t read_group(struct parser *parser)
{
    size_t open = parser->at++;
    if (char_at(parser->text, parser->at) == '?') {
        uint8_t what = char_at(parser->text, parser->at + 1), then = char_at(parser->text, parser->at + 2);
        if (what == '=' || what == '!' || (what == '<' && (then == '=' || then == '!')))
            return fail(parser, "looks ahead or behind: that cannot be linear", open);
        if (what != ':')
            return fail(parser, "has a group of a kind that is not known", open);
        parser->at += 2;
    }
    if (++parser->depth > PATTERN_DEPTH_MAX)
        return fail(parser, "is too deep", open);
    uint16_t inner = read_alternatives(parser);
    parser->depth--;
    if (char_at(parser->text, parser->at) != ')')
        return fail(parser, "has a group without its end", open);
    parser->at++;
    return inner;
}

static uint16_t read_byte(struct parser *parser, uint8_t byte)
{
    struct set set = {{0}};
    set_add(&set, byte);
    if (parser->caseless)
        set_fold(&set);
    return set_node(parser, set);
}

static uint16_t assertion(struct parser *parser, enum assertion which, size_t bytes)
{
    parser->at += bytes;
    return node_new(parser, (struct node){.kind = ASSERT, .left = (uint16_t)which});
}

static uint16_t read_backslash(struct parser *parser)
{
    uint8_t letter = char_at(parser->text, parser->at + 1);
    struct set set = {{0}};
    if (letter == 'b' || letter == 'B')
        return assertion(parser, letter == 'b' ? WORD_EDGE : NO_WORD_EDGE, 2);
    if (!letter || !class_add(&set, letter))
        return read_byte(parser, read_escape(parser));
    parser->at += 2;
    return set_node(parser, set);
}

static uint16_t read_atom(struct parser *parser)
{
    uint8_t byte = parser->text.data[parser->at];
    struct set set = {{0}};
    switch (byte) {
    case '(':
        return read_group(parser);
    case '[':
        return read_class(parser);
    case '\\':
        return read_backslash(parser);
    case '^':
        return assertion(parser, TEXT_START, 1);
    case '$':
        return assertion(parser, TEXT_END, 1);
    case '.':
        set_add(&set, '\n');
        set_turn(&set);
        parser->at++;
        return set_node(parser, set);
    case '*':
    case '+':
    case '?':
        return fail(parser, "repeats nothing", parser->at);
    default:
        parser->at++;
        return read_byte(parser, byte);
    }
}

/* Digits of a count; false if there are none. */
static bool read_count(struct parser *parser, size_t *at, uint16_t *out)
{
    size_t start = *at;
    unsigned value = 0;
    for (; char_is(char_at(parser->text, *at), C_DIGIT); ++*at)
        value = value > PATTERN_REPEAT_MAX ? value : value * 10 + (parser->text.data[*at] - '0');
    *out = (uint16_t)value;
    if (value > PATTERN_REPEAT_MAX)
        fail(parser, "repeats more than 255 times", start);
    return *at > start;
}

/* {2}, {2,} or {2,5}; any other brace stands for itself. */
static bool read_braces(struct parser *parser, uint16_t *least, uint16_t *most)
{
    size_t at = parser->at + 1;
    if (!read_count(parser, &at, least))
        return false;
    *most = *least;
    if (char_at(parser->text, at) == ',') {
        at++;
        if (!read_count(parser, &at, most))
            *most = NO_END;
    }
    if (char_at(parser->text, at) != '}')
        return false;
    if (*most == 0 || *most < *least)
        fail(parser, "has a range that ends before it starts", parser->at);
    parser->at = at + 1;
    return true;
}

static bool read_quantifier(struct parser *parser, uint16_t *least, uint16_t *most)
{
    uint8_t byte = char_at(parser->text, parser->at);
    *least = byte == '+';
    *most = byte == '?' ? 1 : NO_END;
    if (byte == '{')
        return read_braces(parser, least, most);
    if (byte != '*' && byte != '+' && byte != '?')
        return false;
    parser->at++;
    return true;
}

static uint16_t read_repeat(struct parser *parser, uint16_t atom)
{
    uint16_t least, most;
    size_t start = parser->at;
    if (parser->bad || !read_quantifier(parser, &least, &most))
        return atom;
    if (parser->nodes[atom].kind == ASSERT)
        return fail(parser, "repeats nothing", start);
    parser->at += char_at(parser->text, parser->at) == '?'; /* lazy */
    start = parser->at;
    if (read_quantifier(parser, &(uint16_t){0}, &(uint16_t){0}))
        return fail(parser, "repeats what repeats", start);
    return node_new(parser, (struct node){.kind = REPEAT, .left = atom, .least = least, .most = most});
}

static uint16_t read_sequence(struct parser *parser)
{
    uint16_t all = node_new(parser, (struct node){.kind = EMPTY});
    while (!parser->bad && parser->at < parser->text.size && parser->text.data[parser->at] != '|' &&
           parser->text.data[parser->at] != ')') {
        uint16_t next = read_repeat(parser, read_atom(parser));
        all = node_new(parser, (struct node){.kind = CAT, .left = all, .right = next});
    }
    return all;
}

static uint16_t read_alternatives(struct parser *parser)
{
    uint16_t all = read_sequence(parser);
    while (!parser->bad && char_at(parser->text, parser->at) == '|') {
        parser->at++;
        uint16_t next = read_sequence(parser);
        all = node_new(parser, (struct node){.kind = ALT, .left = all, .right = next});
    }
    return all;
}

static enum status read_all(struct parser *parser, const char *where, uint16_t *root, struct why *why)
{
    parser->caseless = bytes_starts(parser->text, "(?i)");
    parser->at = parser->caseless ? 4 : 0;
    *root = read_alternatives(parser);
    if (!parser->bad && parser->at < parser->text.size)
        fail(parser, "has an end of a group without its start", parser->at);
    return parser->bad ? why_set(why, ERR_INPUT, parser->bad, where, parser->bad_at) : OK;
}

/* Bytes of the shortest match of a node. */
static size_t least_of(const struct node *nodes, uint16_t at)
{
    size_t left, right, sum = 0;
    for (; nodes[at].kind == CAT; at = nodes[at].left)
        sum += least_of(nodes, nodes[at].right);
    switch ((enum kind)nodes[at].kind) {
    case SET:
        return sum + 1;
    case ALT:
        left = least_of(nodes, nodes[at].left);
        right = least_of(nodes, nodes[at].right);
        return sum + (left < right ? left : right);
    case REPEAT:
        return sum + nodes[at].least * least_of(nodes, nodes[at].left);
    case EMPTY:
    case ASSERT:
    case CAT:
        break;
    }
    return sum;
}

/* --- the program, from its end: what comes last in the text is asked first --- */

static uint16_t emit_one(struct pattern *pattern, enum op op, uint16_t argument, uint16_t next)
{
    if (pattern->size == PATTERN_STATES_MAX)
        return NONE;
    pattern->program[pattern->size] = (struct instruction){(uint8_t)op, argument, next};
    return (uint16_t)pattern->size++;
}

static uint16_t emit(struct pattern *pattern, const struct node *nodes, uint16_t at, uint16_t next);

static uint16_t emit_repeat(struct pattern *pattern, const struct node *nodes, const struct node *node, uint16_t next)
{
    uint16_t tail = next;
    if (node->most == NO_END) {
        tail = emit_one(pattern, OP_SPLIT, NONE, next);
        pattern->program[tail].argument = emit(pattern, nodes, node->left, tail);
    }
    for (uint16_t i = node->least; i < node->most && node->most != NO_END; i++)
        tail = emit_one(pattern, OP_SPLIT, emit(pattern, nodes, node->left, tail), next);
    for (uint16_t i = 0; i < node->least; i++)
        tail = emit(pattern, nodes, node->left, tail);
    return tail;
}

static uint16_t emit(struct pattern *pattern, const struct node *nodes, uint16_t at, uint16_t next)
{
    const struct node *node = &nodes[at];
    if (pattern->size == PATTERN_STATES_MAX)
        return NONE; /* refused anyway: nested repeats would go on for ever */
    switch ((enum kind)node->kind) {
    case EMPTY:
        return next;
    case SET:
        return emit_one(pattern, OP_SET, node->left, next);
    case ASSERT:
        return emit_one(pattern, OP_ASSERT, node->left, next);
    case CAT:
        return emit(pattern, nodes, node->right, emit(pattern, nodes, node->left, next));
    case ALT:
        return emit_one(pattern, OP_SPLIT, emit(pattern, nodes, node->left, next),
                        emit(pattern, nodes, node->right, next));
    case REPEAT:
        return emit_repeat(pattern, nodes, node, next);
    }
    return NONE;
}

static enum status compile(struct pattern *pattern, const struct parser *parser, uint16_t root, const char *where,
                           struct why *why)
{
    pattern->sets = mem_new(parser->set_count + 1, sizeof *pattern->sets);
    pattern->program = mem_new(PATTERN_STATES_MAX, sizeof *pattern->program);
    if (!pattern->sets || !pattern->program)
        return ERR_MEMORY;
    memcpy(pattern->sets, parser->sets, parser->set_count * sizeof *pattern->sets);
    pattern->least = least_of(parser->nodes, root);
    uint16_t match = emit_one(pattern, OP_MATCH, NONE, NONE);
    pattern->start = emit(pattern, parser->nodes, root, match);
    return pattern->size < PATTERN_STATES_MAX ? OK : why_set(why, ERR_INPUT, "is too large", where, 0);
}

enum status pattern_new(struct bytes text, const char *where, struct pattern **out, struct why *why)
{
    struct parser parser = {.text = text};
    struct pattern *pattern = mem_new(1, sizeof *pattern);
    uint16_t root = NONE;
    *out = NULL;
    parser.nodes = mem_new(NODES_MAX, sizeof *parser.nodes);
    parser.sets = mem_new(SETS_MAX, sizeof *parser.sets);
    enum status status = pattern && parser.nodes && parser.sets ? read_all(&parser, where, &root, why) : ERR_MEMORY;
    if (status == OK)
        status = compile(pattern, &parser, root, where, why);
    mem_free(parser.nodes);
    mem_free(parser.sets);
    if (status != OK) {
        pattern_free(pattern);
        return status;
    }
    *out = pattern;
    return OK;
}

void pattern_free(struct pattern *pattern)
{
    if (!pattern)
        return;
    mem_free(pattern->sets);
    mem_free(pattern->program);
    mem_free(pattern);
}

size_t pattern_least(const struct pattern *pattern)
{
    return pattern->least;
}

/* --- running --- */

struct states {
    uint16_t list[PATTERN_STATES_MAX]; /* those that take a byte */
    size_t count;
    bool matched;
};
struct run {
    const struct pattern *pattern;
    struct bytes text;
    struct states states[2];
    size_t seen[PATTERN_STATES_MAX]; /* the step, from 1, in which a state was entered last */
    size_t step;
};

static bool is_word(struct bytes text, size_t at)
{
    return char_is(char_at(text, at), C_WORD);
}

static bool holds(struct bytes text, size_t at, enum assertion assertion)
{
    switch (assertion) {
    case TEXT_START:
        return at == 0;
    case TEXT_END:
        return at == text.size || (at + 1 == text.size && text.data[at] == '\n');
    case WORD_EDGE:
        return is_word(text, at - 1) != is_word(text, at);
    case NO_WORD_EDGE:
        return is_word(text, at - 1) == is_word(text, at);
    }
    return false;
}

/* Enter a state at offset `at`, and all that it leads to without a byte. */
static void enter(struct run *run, struct states *into, size_t first, size_t at)
{
    uint16_t stack[2 * PATTERN_STATES_MAX];
    size_t depth = 0;
    stack[depth++] = (uint16_t)first;
    while (depth) {
        uint16_t state = stack[--depth];
        const struct instruction *instruction = &run->pattern->program[state];
        if (run->seen[state] == run->step)
            continue;
        run->seen[state] = run->step;
        if (instruction->op == OP_SET)
            into->list[into->count++] = state;
        else if (instruction->op == OP_MATCH)
            into->matched = true;
        else if (instruction->op == OP_SPLIT || holds(run->text, at, instruction->argument))
            stack[depth++] = instruction->next;
        if (instruction->op == OP_SPLIT)
            stack[depth++] = instruction->argument;
    }
}

size_t pattern_start(const struct pattern *pattern, struct bytes text, size_t from, size_t end, bool *alive)
{
    struct run run;
    size_t best = SIZE_MAX, at = end;
    run.pattern = pattern;
    run.text = text;
    run.step = 1;
    run.states[0].count = 0;
    run.states[0].matched = false;
    memset(run.seen, 0, pattern->size * sizeof run.seen[0]);
    enter(&run, &run.states[0], pattern->start, at);
    for (;; at--) {
        struct states *now = &run.states[run.step % 2 == 0], *next = &run.states[run.step % 2];
        if (now->matched)
            best = at;
        *alive = now->count > 0;
        if (at == from || now->count == 0)
            return best;
        run.step++;
        next->count = 0;
        next->matched = false;
        for (size_t i = 0; i < now->count; i++) {
            const struct instruction *instruction = &pattern->program[now->list[i]];
            if (set_has(&pattern->sets[instruction->argument], text.data[at - 1]))
                enter(&run, next, instruction->next, at - 1);
        }
    }
}
