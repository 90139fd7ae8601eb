/* The way from a name to its value. Hides which signs lead on, and which words belong to the name. */
#include "redaction/bridge.h"

#define JOINTS 4
#define BRIDGE_STEPS 24

bool bridge_is_quote(uint8_t byte)
{
    return byte == '"' || byte == '\'' || byte == '`' || byte == '\\';
}

size_t bridge_name_end(struct bytes text, size_t at)
{
    at = chars_run(text, at, C_WORD, 24);
    for (int joint = 0; joint < JOINTS && (char_at(text, at) == '-' || char_at(text, at) == '.'); joint++) {
        size_t more = chars_word_of(text, at + 1, "key|token|tok|secret|access|private|password|base|live|prod|test");
        if (!more)
            break;
        at += 1 + more;
    }
    return at;
}

/* Over quotes: those that close the name, or open the word "value". False where a value begins. */
static bool bridge_quotes(struct bytes text, struct bridge *bridge)
{
    size_t at = bridge->at;
    while (bridge_is_quote(char_at(text, at)) && at - bridge->at < 8)
        at++;
    uint8_t next = char_at(text, at);
    size_t word = bridge->opened ? chars_word_of(text, at, "value|default|params") : 0;
    if (word && bridge_is_quote(char_at(text, at + word))) {
        bridge->at = at + word;
        bridge->link = LINK_NONE;
        bridge->opened = false;
        return true;
    }
    if (bridge->link >= LINK_COMPARE || !next || !strchr(":=,])}> ", next))
        return false;
    bridge->at = at;
    bridge->opened = true;
    return true;
}

/* Over one sign; false if it is not one that leads to a value. */
static bool bridge_sign(struct bytes text, struct bridge *bridge)
{
    uint8_t sign = text.data[bridge->at], next = char_at(text, bridge->at + 1);
    if (sign == ':' && (next == ':' || (next == '/' && char_at(text, bridge->at + 2) == '/')))
        return false;
    if (sign == '=' && next == '=') {
        bridge->at = chars_run(text, bridge->at, C_EQUALS, 3);
        bridge->link = LINK_COMPARE;
        return true;
    }
    bridge->at += 1 + (sign == '=' && next == '>');
    bridge->link = LINK_SIGN;
    bridge->spaced = false;
    return true;
}

/* "is", "for acme is": what is said between a name and its value; 0 if nothing is. */
static size_t said_size(struct bytes text, size_t at)
{
    size_t start = at, of = chars_word_of(text, at, "for|of|to");
    if (of) {
        at = chars_run(text, at + of, C_SPACE, 1);
        size_t word = chars_run(text, at, C_TOKEN, 24);
        if (word == at)
            return 0;
        at = chars_run(text, word, C_SPACE, 1);
    }
    size_t is = chars_word_of(text, at, "is|was");
    return is ? at + is - start : 0;
}

/* " - ", " | ", " -> ", "|": what stands between the cells of tables and the halves of lists; 0 if nothing does. */
static size_t divider_size(struct bytes text, size_t at)
{
    uint8_t byte = char_at(text, at), next = char_at(text, at + 1);
    if (byte == '|')
        return next != '|';
    if (byte != '-' || char_at(text, at - 1) != ' ')
        return 0;
    return next == '>' ? 2 : next == ' ';
}

/* Over one more word: of the name, or one that says that the value follows; false if the value begins here. */
static bool bridge_word(struct bytes text, struct bridge *bridge)
{
    size_t word = 0;
    if (bridge->link == LINK_BLANK) {
        word = chars_word_of(text, bridge->at, "key|token|secret|access|private|code|password|apikey");
        if (word)
            bridge->name = bridge->at + word;
        else if (said_size(text, bridge->at)) {
            bridge->at += said_size(text, bridge->at);
            return true;
        }
        size_t digits = chars_run(text, bridge->at, C_DIGIT, 3) - bridge->at;
        uint8_t behind = char_at(text, bridge->at + digits);
        if (!word && digits <= 2 && (behind == ' ' || behind == ':' || behind == '='))
            word = digits; /* "key 2: ..." */
    }
    if (!word && bridge->link < LINK_TAG) {
        word = chars_word_of(text, bridge->at, "value|default");
        word = bridge->opened || char_at(text, bridge->at + word) == '=' ? word : 0;
    }
    if (!word)
        return false;
    bridge->at += word;
    bridge->link = LINK_NONE;
    bridge->spaced = false;
    return true;
}

/* Over what opens a call or closes a tag; false if it is neither. */
static bool bridge_opening(struct bytes text, struct bridge *bridge)
{
    static const char list_item[] = "</key>";
    uint8_t byte = char_at(text, bridge->at), next = char_at(text, bridge->at + 1);
    if (bridge->link != LINK_NONE)
        return false;
    if (byte == '(' && bridge->at == bridge->name && (next == '"' || next == '\'')) {
        bridge->at++;
        bridge->link = LINK_CALL;
        return true;
    }
    if (byte == '<' && chars_are(text, bridge->at, list_item)) {
        size_t tag = chars_run(text, bridge->at + sizeof list_item - 1, C_SPACE, 32);
        if (!chars_are(text, tag, "<string>"))
            return false;
        bridge->at = tag + sizeof "<string>" - 1;
        bridge->link = LINK_TAG;
        return true;
    }
    if (byte != '>')
        return false;
    bridge->at++;
    bridge->link = LINK_TAG;
    return true;
}

/* One step towards the value; false when it is reached or nothing leads on. */
static bool bridge_step(struct bytes text, struct bridge *bridge)
{
    uint8_t byte = char_at(text, bridge->at);
    if (char_is(byte, C_SPACE)) {
        bridge->at++;
        bridge->spaced = true;
        bridge->opened |= byte == '\n';
        bridge->link = bridge->link == LINK_NONE ? LINK_BLANK : bridge->link;
        return true;
    }
    if (bridge_is_quote(byte))
        return bridge_quotes(text, bridge);
    if (byte == ':' || byte == '=')
        return bridge->link != LINK_COMMA && bridge_sign(text, bridge);
    if (byte == ',' && bridge->opened && bridge->link < LINK_COMPARE) {
        bridge->at++;
        bridge->link = LINK_COMMA;
        return true;
    }
    if ((byte == ']' || byte == '}' || byte == ')') && bridge->link == LINK_NONE && bridge->opened) {
        bridge->at++;
        return true;
    }
    if (byte == '[' && bridge->link == LINK_SIGN) { /* the first of a list */
        bridge->at++;
        return true;
    }
    if (byte == '{' && (bridge->link == LINK_BLANK || bridge->link == LINK_SIGN)) {
        bridge->at++;
        bridge->opened = true;
        bridge->link = LINK_BLANK;
        return true;
    }
    size_t divider = bridge->link <= LINK_BLANK ? divider_size(text, bridge->at) : 0;
    if (divider) {
        bridge->at += divider;
        bridge->link = LINK_DIVIDED;
        return true;
    }
    if ((byte == '-' || byte == '.') && bridge->link == LINK_NONE && bridge->at == bridge->name) {
        bridge->at++;
        bridge->link = LINK_JOINT;
        return false;
    }
    return bridge_opening(text, bridge) || bridge_word(text, bridge);
}

struct bridge bridge_from(struct bytes text, size_t name)
{
    struct bridge bridge = {.name = name, .at = name};
    for (int step = 0; step < BRIDGE_STEPS && bridge_step(text, &bridge); step++)
        ;
    return bridge;
}
