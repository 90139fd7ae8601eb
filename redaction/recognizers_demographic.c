/* What somebody is: health, sexuality, politics, profession, where it is said of a person. Nations and beliefs are
 * found by list (recognizers_place.c). Hides the words that make a condition somebody's. */
#include "redaction/recognizer.h"

#define SOMEBODY                                                                                                       \
    "he|she|they|i|my|his|her|their|patient|patients|diagnosed|suffers|suffered|treated|who|male|female|man|woman|"    \
    "mother|father|son|daughter|wife|husband|brother|sister|child|born|identifies|mr|mrs|ms"

/* Is one of `words` among the `most` words before `at`, in its sentence? */
static bool speaks_of(struct bytes text, size_t at, int most, const char *words)
{
    for (; most > 0 && at > 0; most--) {
        size_t end = at;
        while (end > 0 && at - end < 3 &&
               (text.data[end - 1] == ' ' || text.data[end - 1] == ',' || text.data[end - 1] == '\''))
            end--;
        size_t word = chars_run_back(text, end, C_ALPHA | C_DASH, 24);
        if (word == end)
            return false;
        if (chars_word_of(text, word, words))
            return true;
        at = word;
    }
    return false;
}

/* The anchor itself, if somebody is spoken of shortly before. */
static size_t match_said_of(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end;
    while (start > 0 && end - start < 32 && char_is(text.data[start - 1], C_ALPHA | C_DASH))
        start--;
    if (speaks_of(text, start, 8, SOMEBODY))
        scan_found(scan, row, start, end);
    return end;
}

/* "diagnosed with ", "works as a ": up to three words behind, to the next mark or joint. ROW_WIDE: things do that too,
 * so somebody must be spoken of. */
static size_t match_words_behind(struct scan *scan, const struct recognizer *row, size_t end)
{
    static const char ends[] =
        "and|or|in|at|on|for|since|when|after|before|but|who|which|that|with|by|to|from|as|because|"
        "last|this|is|was|the|of|now|while|during|so|if";
    struct bytes text = scan_text(scan);
    size_t at = end, stop = end;
    if (row->flags & ROW_WIDE &&
        !chars_near_before(text, end, 32, "he |she |i |i've |who |father |mother |wife |husband "))
        return end;
    size_t article = chars_word_of(text, at, "a|an|the|his|her|my");
    at += article ? article + 1 : 0;
    for (int words = 0; words < 3; words++) {
        size_t next = at;
        while (next < text.size && next - at < 24 &&
               (char_is(text.data[next], C_ALPHA | C_DASH) || text.data[next] == '\''))
            next++;
        if (next < at + 2 || chars_word_of(text, at, ends) || !chars_word_ends(text, next))
            break;
        stop = next;
        if (char_at(text, next) != ' ')
            break;
        at = next + 1;
    }
    size_t start = end + (article ? article + 1 : 0);
    if (stop > start)
        scan_found(scan, row, start, stop);
    return stop > end ? stop : end;
}

static const struct recognizer rows[] = {
    {"demographic.sexuality",
     REDACT_DEMOGRAPHIC,
     "gay|lesbian|bisexual|homosexual|heterosexual|transgender|transsexual|non-binary|nonbinary|pansexual|intersex|"
     "queer",
     match_said_of,
     NULL,
     0.75f,
     ROW_LIST,
     "GDPR, art. 9(1): sex life, sexual orientation",
     {0}},
    {"demographic.health",
     REDACT_DEMOGRAPHIC,
     "diabetes|diabetic|cancer|leukemia|leukaemia|lymphoma|depression|schizophrenia|schizophrenic|bipolar|epilepsy|"
     "epileptic|asthma|dementia|alzheimer's|parkinson's|autism|autistic|hepatitis|tuberculosis|arthritis|hypertension|"
     "anorexia|bulimia|alcoholism|alcoholic|pregnant|pregnancy|miscarriage|abortion|chemotherapy|dialysis|stroke|HIV|"
     "HIV-positive|ADHD|PTSD|multiple sclerosis|cirrhosis|anemia|psoriasis|endometriosis|suicidal|insomnia|paraplegic|"
     "overdose|addiction|heart attack|seizures|hiv positive",
     match_said_of,
     NULL,
     0.7f,
     ROW_LIST,
     "GDPR, art. 9(1): health",
     {0}},
    {"demographic.diagnosis",
     REDACT_DEMOGRAPHIC,
     "diagnosed with |suffers from |suffering from |suffered from |diagnosis of |treated for |tested positive for |"
     "complaining of |complains of |allergic to |hospitalized for |hospitalised for |recovering from ",
     match_words_behind,
     NULL,
     0.75f,
     ROW_LIST,
     "GDPR, art. 9(1): health",
     {0}},
    {"demographic.union",
     REDACT_DEMOGRAPHIC,
     "voted for |votes for |member of the communist |supporter of the ",
     match_words_behind,
     NULL,
     0.65f,
     ROW_LIST,
     "GDPR, art. 9(1): political opinions",
     {0}},
    {"demographic.profession",
     REDACT_DEMOGRAPHIC,
     "works as |worked as |working as |employed as |occupation: |profession: |job title: |by profession, |retired as |"
     "trained as |career as ",
     match_words_behind,
     NULL,
     0.7f,
     ROW_LIST | ROW_WIDE,
     "prose",
     {0}},
};

const struct recognizers recognizers_demographic = {rows, sizeof rows / sizeof rows[0]};
