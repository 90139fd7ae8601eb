/* Skills from behaviour books: the topic from a table, the steps from another. A sentence of a book never gets through;
 * what the tables don't know is left out, and a skill of which less than two steps are known is not told. */
#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#include "insight/extract_inside.h"

/* Every word of `needs` starts a word of the skill's name or its "when": then this is what it is for. First hit wins.
 */
static const struct {
    const char *needs[3];
    const char *when;
} topics[] = {
    {{"linearity", "expect"}, "an expected value is asked of a sum"},
    {{"inclusion", "exclusion"}, "a union of overlapping sets is counted"},
    {{"shoelace"}, "the area of a polygon is wanted and its vertices are known"},
    {{"heron"}, "the area of a triangle is wanted and its three sides are known"},
    {{"law", "cosines"}, "a triangle has two known sides and the angle between, or three known sides"},
    {{"law", "sines"}, "a triangle has a known side with its opposite angle"},
    {{"fermat", "point"}, "the point with the least total distance to given points is wanted"},
    {{"distance", "minim"}, "the point with the least total distance to given points is wanted"},
    {{"quadratic"}, "an equation or expression is quadratic in one unknown"},
    {{"polynomial", "factor"}, "a polynomial can be factored"},
    {{"prime", "factor"}, "a question turns on divisors or multiples"},
    {{"divisor"}, "a question turns on divisors or multiples"},
    {{"modular"}, "remainders or divisibility are asked for"},
    {{"chinese", "remainder"}, "remainders or divisibility are asked for"},
    {{"recurrence"}, "each term or case follows from smaller ones"},
    {{"recursive"}, "each term or case follows from smaller ones"},
    {{"fixed", "point"}, "a sequence is iterated towards a steady value"},
    {{"geometric", "probability"}, "a probability is a ratio of lengths or areas"},
    {{"probability"}, "a probability is asked for"},
    {{"combination"}, "selections or arrangements are counted"},
    {{"permutation"}, "selections or arrangements are counted"},
    {{"counting"}, "selections or arrangements are counted"},
    {{"tangent", "quadrilateral"}, "a quadrilateral has an inscribed circle"},
    {{"trapezoid"}, "a trapezoid is part of the figure"},
    {{"similar", "triangle"}, "a figure contains similar triangles"},
    {{"right", "triangle"}, "a figure contains a right triangle"},
    {{"centroid"}, "the centroid of a triangle is wanted"},
    {{"circumference"}, "the length around a circle is wanted"},
    {{"area", "circle"}, "the area of a circle is wanted"},
    {{"coordinate", "geometry"}, "a figure can be put into coordinates"},
    {{"coordinate"}, "a figure can be put into coordinates"},
    {{"linear", "system"}, "several linear equations share their unknowns"},
    {{"linear", "equation"}, "an equation is linear in its unknowns"},
    {{"linear", "algebra"}, "conditions form a linear system over a small field"},
    {{"substitution"}, "one unknown can be written through the others"},
    {{"logarithm"}, "logarithms of different bases meet"},
    {{"radical"}, "an expression contains roots"},
    {{"exponent"}, "an expression contains powers"},
    {{"tangent", "point"}, "a curve touches an axis or a line"},
    {{"derivative"}, "an extreme value or a slope is asked for"},
    {{"optimi"}, "an extreme value is asked for"},
    {{"symmetr"}, "a figure or an expression is symmetric"},
    {{"sequence"}, "the behaviour of a sequence is asked for"},
    {{"graph"}, "a function is easier seen than solved"},
};

/* What a step does: its words begin with all of `needs` (the first near the front of the step), then the phrase stands
 * for it. One spelling for each idea, so that equal ideas of different books get equal phrases; the first hit wins. */
static const struct {
    const char *needs[3];
    const char *phrase;
} steps[] = {
    {{"quadratic", "formula"}, "apply the quadratic formula"},
    {{"pythagorean"}, "apply the Pythagorean theorem"},
    {{"shoelace"}, "apply the shoelace formula"},
    {{"heron"}, "apply Heron's formula"},
    {{"law", "cosines"}, "apply the law of cosines"},
    {{"law", "sines"}, "apply the law of sines"},
    {{"inclusion", "exclusion"}, "add and subtract the intersections in turn"},
    {{"intersections", "pairwise"}, "count the pairwise intersections, then the larger ones"},
    {{"subsets", "identify"}, "name the subsets and the whole set"},
    {{"cardinality"}, "count each subset"},
    {{"zero", "product"}, "set each factor to zero"},
    {{"factor", "equal", "zero"}, "set each factor to zero"},
    {{"polynomial", "pattern"}, "look for a difference of squares, a perfect square or a common factor"},
    {{"difference", "squares"}, "look for a difference of squares, a perfect square or a common factor"},
    {{"factoring", "technique"}, "factor along the pattern found"},
    {{"linearity", "expect"}, "split the expectation into a sum of parts"},
    {{"expected", "contribution"}, "find the expected contribution of each part"},
    {{"sample", "space"}, "define the sample space and the event"},
    {{"random", "variable", "define"}, "define the random variable"},
    {{"favorable"}, "compare the favourable cases with all cases"},
    {{"base", "case"}, "settle the base cases"},
    {{"recurrence", "formulate"}, "write each case through smaller ones"},
    {{"smaller", "express"}, "write each case through smaller ones"},
    {{"characteristic", "equation"}, "solve the characteristic equation"},
    {{"prime", "factor"}, "factor into primes"},
    {{"greatest", "common"}, "take out the greatest common divisor"},
    {{"divisors", "list"}, "list the divisors in order"},
    {{"divisor", "test"}, "test each divisor"},
    {{"modulus", "identify"}, "choose the modulus"},
    {{"residue"}, "sort the cases by their remainders"},
    {{"modular", "propert"}, "calculate with remainders only"},
    {{"coordinate", "system"}, "put the figure into a coordinate system"},
    {{"coordinates", "represent"}, "write the points as coordinates"},
    {{"vertices", "list"}, "list the vertices in order around the figure"},
    {{"vertex", "list"}, "list the vertices in order around the figure"},
    {{"coordinates", "list"}, "list the vertices in order around the figure"},
    {{"midpoint"}, "find the midpoints"},
    {{"semi", "perimeter"}, "compute half the perimeter"},
    {{"right", "triangle"}, "look for right triangles"},
    {{"similar", "triangle"}, "look for similar triangles"},
    {{"scale", "factor"}, "find the scale factor"},
    {{"tangent", "length"}, "compare the tangent lengths"},
    {{"tangent", "equal"}, "compare the tangent lengths"},
    {{"radius", "identify"}, "find the radius"},
    {{"radius", "measure"}, "find the radius"},
    {{"standard", "form"}, "bring the equation to standard form"},
    {{"rearrange"}, "bring all terms to one side"},
    {{"discriminant"}, "compute the discriminant"},
    {{"coefficients", "identify"}, "read off the coefficients"},
    {{"complete", "square"}, "complete the square"},
    {{"completing", "square"}, "complete the square"},
    {{"vertex", "find"}, "find the vertex"},
    {{"axis", "symmetry"}, "use the symmetry"},
    {{"symmetr"}, "use the symmetry"},
    {{"derivative", "zero"}, "set the derivative to zero"},
    {{"derivative", "compute"}, "compute the derivative"},
    {{"initial", "guess"}, "choose a starting value"},
    {{"converge"}, "check that the steps settle"},
    {{"coordinates", "average"}, "average the coordinates"},
    {{"bounds"}, "bound the search before looking through it"},
    {{NULL}, NULL}, /* what follows fits any topic: alone it is no lesson */
    {{"substitut", "original"}, "check the solution in the original equation"},
    {{"extraneous"}, "check the solution in the original equation"},
    {{"substituting", "back"}, "check the solution in the original equation"},
    {{"original", "equation"}, "check the solution in the original equation"},
    {{"original", "problem"}, "check the result against the question"},
    {{"original", "context"}, "check the result against the question"},
    {{"edge", "cases"}, "check the smallest and largest cases"},
    {{"simpler", "cases"}, "check the result on a simpler case"},
    {{"isolate"}, "isolate one unknown"},
    {{"substitute", "expression"}, "substitute it into the other equations"},
    {{"equation", "solve"}, "solve the resulting equation"},
    {{"equations", "translate"}, "write the conditions as equations"},
    {{"equation", "set"}, "write the conditions as equations"},
    {{"formula", "substitute"}, "put the known values into the formula"},
    {{"constraint"}, "write down the constraints"},
    {{"restriction"}, "write down the constraints"},
    {{"order", "matters"}, "decide whether the order counts"},
    {{"regard", "order"}, "decide whether the order counts"},
    {{"stars", "bars"}, "place bars between the items"},
    {{"pattern"}, "look for a pattern"},
    {{"diagram"}, "draw the figure"},
    {{"visualize"}, "draw the figure"},
    {{"like", "terms"}, "combine like terms"},
    {{"simplif"}, "simplify the result"},
};

/* Insights that warn: what the text hints at, and the phrase for it. */
static const struct {
    const char *hint, *avoid;
} warnings[] = {
    {"double-count", "counting the same case twice"},
    {"overcount", "counting the same case twice"},
    {"sign error", "losing a sign on the way"},
    {"extraneous", "keeping solutions that the original equation refuses"},
    {"brute force", "trying cases before looking for a pattern"},
    {"arithmetic error", "trusting a calculation without checking it"},
    {"calculation error", "trusting a calculation without checking it"},
};

static const char *find_folded(const char *text, const char *what)
{
    size_t size = strlen(what);
    for (; *text; text++)
        if (strncasecmp(text, what, size) == 0)
            return text;
    return NULL;
}

/* Whether a word of text starts with `start`. */
static bool has_start(const char *text, const char *start)
{
    for (const char *at = find_folded(text, start); at; at = find_folded(at + 1, start))
        if (at == text || !isalpha((unsigned char)at[-1]))
            return true;
    return false;
}

static bool has_all(const char *text, const char *const needs[static 3])
{
    for (size_t i = 0; i < 3 && needs[i]; i++)
        if (!has_start(text, needs[i]))
            return false;
    return true;
}

/* "skill_lawOfCosines" → " law Of Cosines". */
static void spread_name(const char *name, char out[static PHRASE_MAX])
{
    size_t size = 0;
    for (; *name && size + 3 < PHRASE_MAX; name++) {
        if (isupper((unsigned char)*name))
            out[size++] = ' ';
        out[size++] = isalnum((unsigned char)*name) ? *name : ' ';
    }
    out[size] = 0;
}

/* The first sentence says what a skill is for; later ones wander. */
static void first_sentence(const char *text, char out[static PHRASE_MAX])
{
    const char *end = strstr(text, ". ");
    snprintf(out, PHRASE_MAX, "%.*s", (int)(end && end - text < PHRASE_MAX ? end - text : PHRASE_MAX - 1), text);
}

static const char *topic_of(const struct trace_skill *skill)
{
    char name[PHRASE_MAX] = "", when[PHRASE_MAX] = "";
    if (skill->name)
        spread_name(skill->name, name);
    if (skill->when)
        first_sentence(skill->when, when);
    const char *const sources[] = {name, when};
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
            bool told = s == 1 || !skill->when || has_start(skill->when, topics[i].needs[0]) ||
                        (skill->steps && has_start(skill->steps, topics[i].needs[0])); /* some books mix up names */
            if (has_all(sources[s], topics[i].needs) && told)
                return topics[i].when;
        }
    return NULL;
}

static const char *phrase_of_step(const char *step, bool *specific)
{
    char front[100]; /* what comes later belongs to something else */
    snprintf(front, sizeof front, "%.99s", step);
    *specific = true;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (!steps[i].phrase)
            *specific = false;
        else if (has_all(front, steps[i].needs))
            return steps[i].phrase;
    }
    return NULL;
}

/* The next "N) ..." of a list of steps, cut into out; NULL at the end. */
static const char *next_step(const char *text, char out[static PHRASE_MAX])
{
    while (*text && !(isdigit((unsigned char)text[0]) && (text[1] == ')' || text[1] == '.') && text[2] == ' '))
        text++;
    if (!*text)
        return NULL;
    text += 3;
    size_t size = 0;
    while (text[size] && !(isdigit((unsigned char)text[size]) && text[size + 1] == ')'))
        size++;
    snprintf(out, PHRASE_MAX, "%.*s", (int)(size < PHRASE_MAX ? size : PHRASE_MAX - 1), text);
    return text + size;
}

static bool has_phrase(const struct phrases *phrases, const char *text)
{
    for (size_t i = 0; i < phrases->count; i++)
        if (strcmp(phrases->items[i], text) == 0)
            return true;
    return false;
}

static enum status add_steps(struct candidate *candidate, const char *text, bool *specific)
{
    char step[PHRASE_MAX];
    while (text && candidate->act.count < 4 && (text = next_step(text, step)) != NULL) {
        bool own = false;
        const char *phrase = phrase_of_step(step, &own);
        if (!phrase || has_phrase(&candidate->act, phrase))
            continue;
        TRY(phrases_add(&candidate->act, phrase));
        *specific = *specific || own;
    }
    return OK;
}

static enum status add_warnings(struct candidate *candidate, const char *text)
{
    for (size_t i = 0; text && i < sizeof warnings / sizeof *warnings; i++)
        if (find_folded(text, warnings[i].hint) && !has_phrase(&candidate->avoid, warnings[i].avoid) &&
            candidate->avoid.count < 2)
            TRY(phrases_add(&candidate->avoid, warnings[i].avoid));
    return OK;
}

static enum status describe(struct candidate *candidate, const struct trace_skill *skill, const char *topic,
                            bool *specific)
{
    TRY(phrases_add(&candidate->when, topic));
    TRY(add_steps(candidate, skill->steps, specific));
    TRY(add_warnings(candidate, skill->steps));
    return add_warnings(candidate, skill->insights);
}

static enum status emit_skill(struct corpus *corpus, const struct trace *trace, const struct trace_skill *skill,
                              size_t task)
{
    const char *topic = topic_of(skill);
    if (!topic || !skill->steps)
        return OK;
    struct candidate candidate = {.kind = CANDIDATE_SKILL, .outcome = trace->outcome};
    candidate.runs_for = trace->outcome == OUTCOME_SUCCESS;
    candidate.runs_against = trace->outcome == OUTCOME_FAILURE;
    bool specific = false;
    enum status status = describe(&candidate, skill, topic, &specific);
    bool known = specific && candidate.act.count >= 2 && trace->outcome != OUTCOME_FAILURE;
    if (status == OK && known)
        status = corpus_emit(corpus, &candidate, task);
    candidate_free(&candidate);
    return status;
}

enum status learn_from_skills(struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->count; i++)
        for (size_t k = 0; k < corpus->traces[i].skill_count; k++)
            TRY(emit_skill(corpus, &corpus->traces[i], &corpus->traces[i].skills[k], corpus->runs[i].task));
    return OK;
}
