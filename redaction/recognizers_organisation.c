/* Companies, authorities, schools: by their legal form, by what they are ("... Hospital", "University of ..."), or by
 * what is said of them ("works at ..."). Hides how far a name reaches to either side. */
#include "redaction/names.h"

#include "redaction/occupation.h"

#define WORDS_MOST 5

static const struct recognizer rows[];
enum { ROW_EMPLOYED_AS };

/* A capitalised word, "&" or a small joint that goes on to one, ending before `end`; its start, or `end`. */
static size_t word_back(struct bytes text, size_t end)
{
    if (end < 3 || text.data[end - 1] != ' ')
        return end;
    size_t stop = end - 1 - (text.data[end - 2] == ',');
    size_t start = stop;
    while (start > 0 && stop - start < 32 &&
           (char_is(text.data[start - 1], C_ALNUM | C_DASH) || text.data[start - 1] == '&' ||
            text.data[start - 1] == '\'' ||
            (text.data[start - 1] == '.' && start < stop && char_is(text.data[start], C_ALPHA))))
        start--;
    if (start == stop)
        return end;
    bool joint = chars_word_of(text, start, "of|and|de|for|the|du|la|und|y|e|&|et") > 0 || text.data[start] == '&';
    return joint || char_is(text.data[start], C_UPPER) || char_is(text.data[start], C_DIGIT) ? start : end;
}

static bool is_joint(struct bytes text, size_t at)
{
    return char_is(text.data[at], C_LOWER) || text.data[at] == '&';
}

/* Back from `end` over the words of a name to its first; *own: one of them is no ordinary word. */
static size_t name_start(const struct scan *scan, size_t end, bool *own)
{
    struct bytes text = scan_text(scan);
    size_t start = end, first = end;
    *own = false;
    for (int words = 0; words < WORDS_MOST; words++) {
        size_t word = word_back(text, start);
        if (word == start)
            break;
        start = word;
        if (is_joint(text, word))
            continue;
        size_t stop = chars_run(text, word, C_ALPHA, 32);
        bool article =
            chars_word_of(text, word, "the|a|an|our|my|your|his|her|their|this|that|in|at|on|if|when|from|to");
        if (article)
            break;
        *own |= !names_plain(scan_names(scan), bytes_part(text, word, stop - word)) || stop - word < 2;
        if (char_is(text.data[word], C_UPPER) || char_is(char_at(text, word + 1), C_UPPER))
            first = word;
    }
    return first;
}

/* " Inc.", " Hospital": the words before are the name. ROW_LOOSE: the form says enough, whatever they are. */
static size_t match_suffix(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    if (!chars_word_ends(text, end))
        return end;
    size_t blank = end;
    while (blank > 0 && end - blank < 24 && text.data[blank - 1] != ' ')
        blank--;
    bool own;
    size_t start = name_start(scan, blank, &own);
    bool shouted = blank > 1 && !char_is(text.data[blank - 2], C_LOWER); /* "53 45 AB", "TOTAL AS" */
    if (start == blank || !chars_word_starts(text, start) || !(own || row->flags & ROW_WIDE) ||
        (shouted && end - blank < 3))
        return end;
    size_t stop = end;
    size_t of = chars_word_of(text, stop + 1, "of|for|de");
    size_t next = of ? stop + 1 + of + 1 : stop;
    size_t word = of ? chars_run(text, next, C_ALPHA | C_DASH, 32) : next;
    if (of && char_at(text, stop) == ' ' && char_is(char_at(text, next), C_UPPER))
        stop = word;
    scan_found(scan, row, start, stop);
    return stop;
}

/* End of up to four capitalised words at `at`; *own as in name_start. */
static size_t name_end(const struct scan *scan, size_t at, bool *own)
{
    struct bytes text = scan_text(scan);
    size_t end = at;
    *own = false;
    for (int words = 0; words < WORDS_MOST; words++) {
        size_t joint = chars_word_of(text, at, "of|and|de|for|&|du|la|the");
        size_t start = words && joint && char_at(text, at + joint) == ' ' ? at + joint + 1 : at;
        size_t stop = start;
        while (stop < text.size && stop - start < 40 &&
               (char_is(text.data[stop], C_ALNUM | C_DASH) || text.data[stop] == '&' ||
                ((text.data[stop] == '\'' || text.data[stop] == '.') && char_is(char_at(text, stop + 1), C_ALPHA))))
            stop++;
        if (stop - start > 2 && text.data[stop - 2] == '\'' && text.data[stop - 1] == 's')
            stop -= 2;
        if (stop < start + 2 || !char_is(text.data[start], C_UPPER) || char_is(char_at(text, stop), C_UNDER))
            break;
        *own |= !names_plain(scan_names(scan), bytes_part(text, start, stop - start));
        end = stop;
        if (char_at(text, stop) != ' ')
            break;
        at = stop + 1;
    }
    return end;
}

/* "... for Brelko as a dairy scientist": what somebody is there. */
static void find_employed_as(struct scan *scan, size_t stop)
{
    struct bytes text = scan_text(scan);
    size_t at = stop + (chars_are(text, stop, " as ") ? 4 : 0);
    size_t article = at > stop ? chars_word_of(text, at, "a|an|the|their|its") : 0;
    at += article ? article + 1 : 0;
    size_t end = at > stop ? occupation_end(text, at) : 0;
    if (end)
        scan_found(scan, &rows[ROW_EMPLOYED_AS], at, end);
}

/* "University of ", "works at ": the capitalised words behind. ROW_INSIDE: the anchor belongs to the name. */
static size_t match_prefix(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end;
    at += chars_word_of(text, at, "the") ? 4 : 0;
    bool own;
    size_t stop = name_end(scan, at, &own);
    if (stop == at || !(own || row->flags & ROW_WIDE))
        return end;
    size_t start = at;
    if (row->flags & ROW_INSIDE) {
        size_t of = chars_run_back(text, end - 1, C_ALPHA, 6);
        start = chars_run_back(text, of - 1, C_ALPHA, 20);
        size_t before = word_back(text, start);
        start = before < start && char_is(text.data[before], C_UPPER) &&
                        !chars_word_of(text, before, "the|a|an|our|in|at|from|to|if|when|and|of")
                    ? before
                    : start;
    }
    scan_found(scan, row, start, stop);
    if (!(row->flags & ROW_INSIDE))
        find_employed_as(scan, stop);
    return stop;
}

/* "... was founded", "...'s headquarters": the capitalised words before, none of them ordinary. */
static size_t match_subject(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t blank = end;
    while (blank > 0 && end - blank < 40 && !char_is(text.data[blank - 1], C_UPPER))
        blank--;
    size_t start = blank ? blank - 1 : 0;
    bool own;
    size_t stop = blank ? name_end(scan, start, &own) : 0;
    if (!blank || !chars_word_starts(text, start) || stop >= end || stop <= start || !own)
        return end;
    size_t verb = stop + (char_at(text, stop) == '\'' ? 2 : 0) + 1;
    if (!chars_word_of(text, verb,
                       "was|is|has|were|website|headquarters|head|customer|ceo|founder|office|employees|"
                       "products|shares|board|stock|store|stores"))
        return end;
    bool before;
    start = name_start(scan, start, &before) < start ? name_start(scan, start, &before) : start;
    scan_found(scan, row, start, stop);
    return end;
}

static const struct recognizer rows[] = {
    {"demographic.employed_as", REDACT_DEMOGRAPHIC, NULL, NULL, NULL, 0.79f, 0, "ISCO-08, SOC 2018", {0}},
    {"organisation.form",
     REDACT_ORGANISATION,
     " Inc| Inc.| Incorporated| Ltd| Ltd.| Limited| LLC| L.L.C.| LLP| PLC| plc| GmbH| AG| KG| e.V.| Corp| Corp.| S.A.| "
     "S.A.S.| "
     "SAS| SARL| S.p.A.| SpA| S.r.l.| Srl| N.V.| B.V.| BV| AB| A/S| ApS| ASA| Oy| Oyj| Kft.| Kft| Zrt.| d.o.o.| "
     "s.r.o.| "
     "Sp. z o.o.| Pty| Pty Ltd| Pvt Ltd| Pvt. Ltd.| K.K.| Ltda| S.L.| Sdn Bhd| & Co| & Co.| & Sons| Bros.",
     match_suffix,
     NULL,
     0.93f,
     ROW_LEARN | ROW_LIST | ROW_CASED | ROW_WIDE | ROW_LOOSE,
     "legal forms, ISO 20275",
     {0}},
    {"organisation.kind",
     REDACT_ORGANISATION,
     " Corporation| Company| Group| Holdings| Bank| Partners| Associates| Foundation| Institute| University| College| "
     "Hospital| Clinic| School| Academy| Association| Society| Ministry| Orchestra| Philharmonic| Council| Court| "
     "Church| "
     "Cathedral| Union| Agency| Authority| Committee| Commission| Club| Airlines| Airways| Industries| Enterprises| "
     "Solutions| Technologies| Systems| Laboratories| Labs| Pharmaceuticals| Insurance| Restaurant| Hotel| Motors| "
     "Electronics| Software| Consulting| Logistics| Media| Press| Times| Weekly| Magazine| Records| Studios| Pictures| "
     "Entertainment| Museum| Theatre| Theater| Stores| Supermarket| Pharmacy| Cafe| Bakery| Savings| Realty| "
     "Properties| "
     "Trust| League| Federation| Party| Team| Brothers| Services| Center| Centre| Library| Band| Choir| Ensemble| "
     "Quartet",
     match_suffix,
     NULL,
     0.79f,
     ROW_LIST | ROW_CASED | ROW_LOOSE,
     "kinds of organisations",
     {0}},
    {"organisation.of",
     REDACT_ORGANISATION,
     "University of |Universidad de |Universite de |Bank of |Ministry of |Department of |Institute of |College of "
     "|Church of "
     "|Court of |School of |City of |Bureau of |Office of |Council of |Academy of |Association of |Society of |Order "
     "of ",
     match_prefix,
     NULL,
     0.79f,
     ROW_LIST | ROW_CASED | ROW_WIDE | ROW_INSIDE,
     "kinds of organisations",
     {0}},
    {"organisation.employer",
     REDACT_ORGANISATION,
     "works at |work at |worked at |working at |works for |work for |worked for |working for |employed by |employed at "
     "|employee of |employees of |ceo of |cto of |founder of |cofounder of |co-founder of |director of |chairman of "
     "|interned at |internship at |hired by |fired by |fired from |job at |company called |company named |studied at "
     "|studies at |student at |customer of |client of |founder and ceo of |president of |shares of |subsidiary of "
     "|owner of |headquarters of |manager at |engineer at |website of |acquired by |invested in |head of ",
     match_prefix,
     NULL,
     0.79f,
     ROW_LIST,
     "prose",
     {0}},
    {"organisation.subject",
     REDACT_ORGANISATION,
     " was founded| is headquartered| was established| has been founded|'s headquarters|'s head office|'s customer "
     "service|'s "
     "website| website|'s ceo|'s founder|'s employees|'s products|'s board| customer service| headquarters| office is| "
     "offices are| is a company| is a "
     "startup| has offices| employees| shares",
     match_subject,
     NULL,
     0.65f,
     ROW_LIST | ROW_LOOSE,
     "prose",
     {0}},
};

const struct recognizers recognizers_organisation = {rows, sizeof rows / sizeof rows[0]};
