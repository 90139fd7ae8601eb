/* Injected instructions, as tables: rows of words in order, literals, tags, ranges of hidden characters. Hides how a
 * text is read for each. The rows err on the side of withholding: an insight never needs any of this. Sources: OWASP
 * LLM01 (prompt injection), the chat templates of common models (role tags), Unicode TR 36 and 39 (invisible and
 * confusable characters). */
#include "insight/gate_internal.h"

#include "insight/words.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* --- words in order, with at most `gap` others between two of them; alternatives are separated by bars --- */

static const struct word_rule {
    const char *words[4];
    size_t gap;
} word_rules[] = {
    {{"ignore|disregard|forget|override|bypass|neglect",
      "previous|prior|above|earlier|preceding|your|system|all|any|these",
      "instruction|prompt|rule|guideline|restriction"},
     2},
    {{"ignore|disregard|forget", "everything|anything", "above|before|previous|said|told|learned"}, 2},
    {{"system|developer|hidden|initial|original", "prompt"}, 0},
    {{"developer|hidden|secret|important|urgent", "instruction"}, 0},
    {{"you", "are|re", "now"}, 0},
    {{"from", "now", "on"}, 0},
    {{"pretend", "to|you|that"}, 0},
    {{"act|behave|respond|answer", "as", "if|though", "you"}, 0},
    {{"act|role", "play|as", "unrestricted|unfiltered|admin|administrator|root|dan"}, 3},
    {{"jailbreak|jailbroken"}, 0},
    {{"developer|dan|god|debug|sudo", "mode"}, 0},
    {{"as", "an", "ai"}, 0},
    {{"language", "model"}, 0},
    {{"reveal|print|output|repeat|leak|disclose|show|tell", "your",
      "prompt|instruction|credential|secret|password|key|rule"},
     1},
    {{"send|post|upload|forward|exfiltrate|email|transmit",
      "conversation|transcript|credential|secret|environment|password", "to"},
     3},
    {{"run|execute|eval|paste", "following|this|these|attached", "command|code|script|shell|program|payload"}, 1},
    {{"override|disable|bypass", "safety|guardrail|moderation"}, 2},
    {{"begin|end|start", "system|instruction|prompt"}, 0},
};

/* Whether word is one of the alternatives of a rule's place. */
static bool is_one_of(const char *alternatives, const char *word, size_t size)
{
    for (const char *at = alternatives; at; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, word, size) == 0 && (at[size] == 0 || at[size] == '|'))
            return true;
    }
    return false;
}

/* Whether the rule's words from place on follow in text, the first within `gap` words. */
static bool rule_follows(const struct word_rule *rule, size_t place, struct words words, size_t gap)
{
    if (place == COUNT(rule->words) || !rule->words[place])
        return true;
    for (size_t skipped = 0; skipped <= gap && words_next(&words); skipped++)
        if (is_one_of(rule->words[place], words.word, words.size) && rule_follows(rule, place + 1, words, rule->gap))
            return true;
    return false;
}

static bool instructs_in_words(struct bytes text)
{
    for (size_t r = 0; r < COUNT(word_rules); r++) {
        struct words words;
        words_start(&words, text);
        while (words_next(&words))
            if (is_one_of(word_rules[r].words[0], words.word, words.size) &&
                rule_follows(&word_rules[r], 1, words, word_rules[r].gap))
                return true;
    }
    return false;
}

/* --- the same, spaced out letter by letter --- */

static const char *const squeezed_rules[] = {
    "ignoreprevious",        "ignoreallprevious",      "ignoretheprevious",
    "ignoreallinstructions", "ignoreyourinstructions", "disregardprevious",
    "disregardallprevious",  "systemprompt",           "youarenow",
    "newinstructions",       "developermode",
};

void gate_squeeze(struct bytes text, struct buf *out)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        if (byte >= 'A' && byte <= 'Z')
            byte = (uint8_t)(byte - 'A' + 'a');
        if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte >= 0x80)
            buf_add_byte(out, byte);
    }
}

static bool instructs_squeezed(struct bytes squeezed)
{
    for (size_t i = 0; i < COUNT(squeezed_rules); i++)
        if (bytes_find(squeezed, bytes_str(squeezed_rules[i])) != SIZE_MAX)
            return true;
    return false;
}

/* --- literals, without case --- */

enum edge { ANYWHERE, WORD_ENDS, LINE_STARTS };
static const struct literal {
    const char *text;
    enum edge edge;
} literals[] = {
    {"<|", ANYWHERE},
    {"|>", ANYWHERE},
    {"[inst]", ANYWHERE},
    {"[/inst]", ANYWHERE},
    {"<<sys>>", ANYWHERE},
    {"### instruction", ANYWHERE},
    {"### system", ANYWHERE},
    {"### human", ANYWHERE},
    {"### assistant", ANYWHERE},
    {"### user", ANYWHERE},
    {"system:", LINE_STARTS},
    {"assistant:", LINE_STARTS},
    {"human:", LINE_STARTS},
    {"user:", LINE_STARTS},
    {"developer:", LINE_STARTS},
    {"tool:", LINE_STARTS},
    {"://", ANYWHERE},
    {"www.", ANYWHERE},
    {"mailto:", ANYWHERE},
    {"javascript:", ANYWHERE},
    {"data:text", ANYWHERE},
    {"data:image", ANYWHERE},
    {"data:application", ANYWHERE},
    {"| sh", WORD_ENDS},
    {"|sh", WORD_ENDS},
    {"| bash", WORD_ENDS},
    {"|bash", WORD_ENDS},
    {"| zsh", WORD_ENDS},
    {"| sudo", WORD_ENDS},
    {"|sudo", WORD_ENDS},
    {"| python", WORD_ENDS},
    {"| python3", WORD_ENDS},
    {"| perl", WORD_ENDS},
    {"rm -rf", WORD_ENDS},
    {"rm -fr", WORD_ENDS},
    {"$(", ANYWHERE},
    {"/bin/sh", WORD_ENDS},
    {"/bin/bash", WORD_ENDS},
    {"> /dev/tcp", ANYWHERE},
    {"base64 -d", WORD_ENDS},
    {"chmod +x", WORD_ENDS},
    {"eval(", ANYWHERE},
    {"exec(", ANYWHERE},
    {"os.system", ANYWHERE},
    {"subprocess.", ANYWHERE},
    {"invoke-expression", ANYWHERE},
    {"powershell -", ANYWHERE},
    {"](", ANYWHERE},
    {"```", ANYWHERE},
    {"<!--", ANYWHERE},
    {"-->", ANYWHERE},
    {"</", ANYWHERE},
    {"<a href", ANYWHERE},
    {"onerror=", ANYWHERE},
    {"onload=", ANYWHERE},
    {"{{", ANYWHERE},
    {"{%", ANYWHERE},
};

static bool is_name_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

static bool literal_at(const struct literal *literal, struct bytes text, size_t at)
{
    size_t size = strlen(literal->text);
    if (text.size - at < size || strncasecmp((const char *)text.data + at, literal->text, size) != 0)
        return false;
    switch (literal->edge) {
    case ANYWHERE:
        return true;
    case WORD_ENDS:
        return at + size == text.size || !is_name_byte(text.data[at + size]);
    case LINE_STARTS:
        return at == 0 || text.data[at - 1] == '\n';
    }
    return true;
}

/* --- tags that HTML or a chat template gives a meaning; placeholders such as <EMAIL_1> or <amount> are none --- */

static const char tag_names[] =
    "script|img|iframe|svg|style|object|embed|form|input|button|link|meta|base|details|video|audio|body|html|system|"
    "user|"
    "assistant|human|tool|tool_call|tool_use|tool_result|function|function_call|function_calls|invoke|thinking|think|"
    "instruction|instructions|prompt|system_prompt|system_reminder|antml|im_start|im_end";

static bool tag_at(struct bytes text, size_t at)
{
    char name[24];
    size_t size = 0;
    if (text.data[at] != '<')
        return false;
    for (at++; at < text.size && size < sizeof name && (is_name_byte(text.data[at]) || text.data[at] == '-'); at++) {
        uint8_t byte = text.data[at] == '-' ? '_' : text.data[at];
        name[size++] = (char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
    }
    return size > 0 && is_one_of(tag_names, name, size);
}

/* --- characters that hide: invisible, bidirectional, full width, controls --- */

static const struct {
    uint32_t first, last;
} hidden_characters[] = {
    {0x0000, 0x0008}, {0x000B, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD},   {0x034F, 0x034F},
    {0x061C, 0x061C}, {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},   {0x200B, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFF01, 0xFF5E}, {0xFFA0, 0xFFA0}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF},
};

/* The character at `at` of well-formed UTF-8, and its length. */
static uint32_t character_at(struct bytes text, size_t at, size_t *size)
{
    uint8_t lead = text.data[at];
    *size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t code = *size == 1 ? lead : lead & (0x7fu >> *size);
    for (size_t i = 1; i < *size; i++)
        code = code << 6 | (text.data[at + i] & 0x3f);
    return code;
}

static bool is_hidden(uint32_t code)
{
    for (size_t i = 0; i < COUNT(hidden_characters); i++)
        if (code >= hidden_characters[i].first && code <= hidden_characters[i].last)
            return true;
    return false;
}

/* A word of Latin and Cyrillic letters is a disguise. */
static bool hides_characters(struct bytes text)
{
    bool latin = false, cyrillic = false;
    for (size_t at = 0, size; at < text.size; at += size) {
        uint32_t code = character_at(text, at, &size);
        if (is_hidden(code))
            return true;
        bool letter = code >= 0x80 || is_name_byte((uint8_t)code);
        latin = letter && (latin || (code < 0x80 && code > '9' && code != '_'));
        cyrillic = letter && (cyrillic || (code >= 0x0400 && code <= 0x052F));
        if (latin && cyrillic)
            return true;
    }
    return false;
}

/* A long run of base64: letters of both cases and digits, nothing that reads. */
#define BLOB_BYTES 40

static bool has_blob(struct bytes text)
{
    size_t run = 0, kinds = 0;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        bool lower = byte >= 'a' && byte <= 'z', upper = byte >= 'A' && byte <= 'Z', digit = byte >= '0' && byte <= '9';
        if (!lower && !upper && !digit && byte != '+' && byte != '/' && byte != '=') {
            run = kinds = 0;
            continue;
        }
        kinds |= (size_t)lower | (size_t)upper << 1 | (size_t)digit << 2;
        if (++run >= BLOB_BYTES && kinds == 7)
            return true;
    }
    return false;
}

static bool has_markup(struct bytes text)
{
    for (size_t at = 0; at < text.size; at++) {
        if (tag_at(text, at))
            return true;
        for (size_t i = 0; i < COUNT(literals); i++)
            if (literal_at(&literals[i], text, at))
                return true;
    }
    return false;
}

enum status gate_check_instructions(struct bytes text)
{
    if (hides_characters(text) || has_blob(text) || has_markup(text) || instructs_in_words(text))
        return ERR_POLICY;
    SCOPED_BUF struct buf squeezed = {0};
    gate_squeeze(text, &squeezed);
    TRY(buf_status(&squeezed));
    return instructs_squeezed(buf_bytes(&squeezed)) ? ERR_POLICY : OK;
}
