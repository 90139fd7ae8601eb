/* Hides the reading of arithmetic annotations and the table of cues. Operands are told apart by value only: given in
 * the problem, or the result of a step before. */
#include "insight/extract_math.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>

static const struct {
    const char *act, *doing;
} wording[MATH_STEPS] = {
    [STEP_HALVE] = {"halve the known quantity", "halving the known quantity"},
    [STEP_DOUBLE] = {"double the known quantity", "doubling the known quantity"},
    [STEP_PERCENT] = {"take the percentage of the whole", "taking the percentage of the whole"},
    [STEP_UNITS] = {"convert to one unit", "converting to one unit"},
    [STEP_RATE] = {"multiply each count by the amount for each", "multiplying a count by the amount for each"},
    [STEP_SCALE] = {"multiply the result by how often it occurs", "multiplying the result by how often it occurs"},
    [STEP_SUM_GIVEN] = {"add up the given amounts", "adding up the given amounts"},
    [STEP_SUM_RESULTS] = {"add up the partial results", "adding up the partial results"},
    [STEP_SUM_MIXED] = {"add the given amount to the result", "adding the given amount to the result"},
    [STEP_DIFFERENCE] = {"take the difference of the given amounts", "taking the difference of the given amounts"},
    [STEP_TAKE_RESULT] = {"subtract the result from the given whole", "subtracting the result from the given whole"},
    [STEP_TAKE_GIVEN] = {"subtract the given amount from the result", "subtracting the given amount from the result"},
    [STEP_TAKE_RESULTS] = {"take the difference of the two results", "taking the difference of the two results"},
    [STEP_SHARE_GIVEN] = {"divide one given amount by the other", "dividing one given amount by the other"},
    [STEP_SHARE] = {"divide the result by the given number", "dividing the result by the given number"},
    [STEP_SHARE_BY] = {"divide by the result", "dividing by the result"},
    [STEP_SEVERAL] = {"combine products and sums in one expression", "combining products and sums in one expression"},
};

const char *math_step_act(enum math_step step)
{
    return wording[step].act;
}
const char *math_step_doing(enum math_step step)
{
    return wording[step].doing;
}

/* --- one annotation --- */

#define OPERANDS 12
struct expression {
    size_t count;
    double operands[OPERANDS];
    char operators[OPERANDS]; /* operators[i] stands before operands[i]; the first is '+' */
    bool brackets;
};

static bool read_expression(struct bytes text, struct expression *out)
{
    *out = (struct expression){0};
    char next = '+';
    for (size_t at = 0; at < text.size;) {
        char c = (char)text.data[at];
        char number[24];
        size_t size = 0;
        while (at + size < text.size && size + 1 < sizeof number &&
               (isdigit(text.data[at + size]) || text.data[at + size] == '.')) {
            number[size] = (char)text.data[at + size];
            size++;
        }
        if (size > 0) {
            number[size] = 0;
            if (out->count == OPERANDS)
                return false;
            out->operands[out->count] = strtod(number, NULL);
            out->operators[out->count++] = next;
            at += size;
            continue;
        }
        if (c == 'x' || c == 'X')
            c = '*';
        if (c == '(' || c == ')')
            out->brackets = true;
        else if (strchr("+-*/", c))
            next = c;
        else if (!isspace((unsigned char)c) && !strchr("$%,.", c))
            return false;
        at++;
    }
    return out->count > 0;
}

/* Products before sums; brackets are not evaluated (NAN). */
static double evaluate(const struct expression *e)
{
    double sum = 0, product = e->operands[0], sign = 1;
    if (e->brackets)
        return NAN;
    for (size_t i = 1; i < e->count; i++) {
        if (e->operators[i] == '*') {
            product *= e->operands[i];
        } else if (e->operators[i] == '/') {
            product /= e->operands[i];
        } else {
            sum += sign * product;
            sign = e->operators[i] == '-' ? -1 : 1;
            product = e->operands[i];
        }
    }
    return sum + sign * product;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 0.011 * (1 + fabs(b) * 0.01);
}

/* Whether a number is spelled in the problem. */
static bool is_given(double value, const char *problem)
{
    for (const char *at = problem; *at;) {
        if (!isdigit((unsigned char)*at)) {
            at++;
            continue;
        }
        char number[24];
        size_t size = 0;
        for (; isdigit((unsigned char)*at) || ((*at == '.' || *at == ',') && isdigit((unsigned char)at[1])); at++)
            if (*at != ',' && size + 1 < sizeof number)
                number[size++] = *at;
        number[size] = 0;
        if (strtod(number, NULL) == value)
            return true;
    }
    return false;
}

static bool has_cue(const char *text, const char *cue)
{
    size_t size = strlen(cue);
    for (const char *at = text; *at; at++)
        if (strncasecmp(at, cue, size) == 0 && (at == text || !isalpha((unsigned char)at[-1])) &&
            !isalpha((unsigned char)at[size]))
            return true;
    return false;
}

static bool is_unit(double value)
{
    static const double units[] = {60, 24, 7, 12, 52, 365, 30, 1000, 3600, 16};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (value == units[i])
            return true;
    return false;
}

/* The one operator of an expression, '?' when there are several. */
static char only_operator(const struct expression *e)
{
    for (size_t i = 2; i < e->count; i++)
        if (e->operators[i] != e->operators[1])
            return '?';
    return e->count > 1 ? e->operators[1] : '?';
}

struct reading {
    const char *problem;
    double results[SOLUTION_STEPS];
    size_t count;
};

static bool is_result(const struct reading *reading, double value)
{
    for (size_t i = 0; i < reading->count; i++)
        if (near(reading->results[i], value) && !(is_given(value, reading->problem) && i + 1 < reading->count))
            return true;
    return false;
}

static enum math_step product_step(const struct expression *e, const struct reading *reading, size_t results)
{
    const char *problem = reading->problem;
    for (size_t i = 0; i < e->count; i++) {
        double value = e->operands[i];
        bool divides = e->operators[i] == '/';
        if (((divides && value == 2) || (!divides && value == 0.5)) && has_cue(problem, "half"))
            return STEP_HALVE;
        if (!divides && value == 2 && (has_cue(problem, "twice") || has_cue(problem, "double")))
            return STEP_DOUBLE;
        bool fraction = value > 0 && value < 1;
        if ((value == 100 || fraction) && (has_cue(problem, "percent") || strchr(problem, '%')))
            return STEP_PERCENT;
        if (is_unit(value) && !is_given(value, problem))
            return STEP_UNITS;
    }
    if (only_operator(e) == '*')
        return results > 0 ? STEP_SCALE : STEP_RATE;
    if (e->count == 2 && is_result(reading, e->operands[1]))
        return STEP_SHARE_BY;
    return results > 0 ? STEP_SHARE : STEP_SHARE_GIVEN;
}

static enum math_step step_of(const struct expression *e, const struct reading *reading)
{
    size_t results = 0;
    for (size_t i = 0; i < e->count; i++)
        results += is_result(reading, e->operands[i]);
    bool first = is_result(reading, e->operands[0]);
    switch (only_operator(e)) {
    case '+':
        return results == 0 ? STEP_SUM_GIVEN : results == e->count ? STEP_SUM_RESULTS : STEP_SUM_MIXED;
    case '-':
        if (first)
            return results == e->count ? STEP_TAKE_RESULTS : STEP_TAKE_GIVEN;
        return results > 0 ? STEP_TAKE_RESULT : STEP_DIFFERENCE;
    case '*':
    case '/':
        return product_step(e, reading, results);
    default:
        break;
    }
    for (size_t i = 1; i < e->count; i++)
        if (e->operators[i] == '+' || e->operators[i] == '-')
            return STEP_SEVERAL;
    return product_step(e, reading, results);
}

static bool add_annotation(struct bytes text, struct reading *reading, struct solution *out)
{
    size_t equals = bytes_find(text, bytes_str("="));
    struct expression expression, value;
    if (equals == SIZE_MAX || !read_expression(bytes_part(text, 0, equals), &expression) ||
        !read_expression(bytes_part(text, equals + 1, text.size), &value) || out->count == SOLUTION_STEPS)
        return false;
    if (expression.count < 2)
        return true; /* "<<5=5>>" says nothing */
    double result = value.operands[0], expected = evaluate(&expression);
    out->slips = out->slips || (!isnan(expected) && !near(fabs(expected), fabs(result)));
    out->operators[out->count] = only_operator(&expression);
    out->steps[out->count++] = step_of(&expression, reading);
    reading->results[reading->count++] = result;
    return true;
}

bool solution_parse(const char *text, const char *problem, struct solution *out)
{
    *out = (struct solution){0};
    struct reading reading = {.problem = problem};
    while ((text = strstr(text, "<<")) != NULL) {
        const char *end = strstr(text, ">>");
        if (!end)
            return false;
        if (!add_annotation(bytes_of(text + 2, (size_t)(end - text - 2)), &reading, out))
            return false;
        text = end + 2;
    }
    return out->count > 0;
}

/* --- cues --- */

struct cue {
    const char *words[5];
    const char *phrase;
};

static const struct cue gives[] = {
    {{"percent", "%", "percentage"}, "a quantity is given as a percentage of another"},
    {{"half", "half as many", "half as much"}, "one quantity is given as half of another"},
    {{"twice", "double", "twice as many"}, "one quantity is given as twice another"},
    {{"times as many", "times as much", "times more", "times the"}, "one quantity is given as a multiple of another"},
    {{"third", "quarter", "fourth", "fifth", "thirds"}, "a quantity is given as a fraction of another"},
    {{"average"}, "an average is given or asked for"},
    {{"more than", "less than", "fewer than", "older than", "younger than"},
     "one quantity is given by its difference from another"},
    {{"equally", "split", "evenly"}, "a total is shared equally"},
    {{"per", "each", "every", "an hour", "a day"}, "an amount is given for each of several things"},
};
static const struct cue asks[] = {
    {{"left", "remain", "remaining", "left over"}, "the question is what remains"},
    {{"total", "altogether", "in all", "combined"}, "the question is a total"},
    {{"how many more", "how much more", "difference", "how many fewer", "how much less"},
     "the question is a difference"},
    {{"percent", "percentage", "%"}, "the question is a percentage"},
    {{"each", "per"}, "the question is the amount for one"},
    {{"how long", "hours", "minutes", "days", "weeks"}, "the question is a time"},
    {{"cost", "spend", "pay", "money", "earn"}, "the question is an amount of money"},
};

static const char *find_cue(const struct cue *table, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < 5 && table[i].words[k]; k++)
            if (table[i].words[k][0] == '%' ? strchr(text, '%') != NULL : has_cue(text, table[i].words[k]))
                return table[i].phrase;
    return NULL;
}

const char *problem_gives(const char *problem)
{
    return find_cue(gives, sizeof gives / sizeof *gives, problem);
}

/* The last sentence that ends in a question mark. */
const char *problem_asks(const char *problem)
{
    const char *end = strrchr(problem, '?');
    if (!end)
        return NULL;
    const char *start = end;
    while (start > problem && !(strchr(".!?", start[-1]) && isspace((unsigned char)*start)))
        start--;
    SCOPED_MEM char *question = mem_copy(bytes_of(start, (size_t)(end - start)));
    return question ? find_cue(asks, sizeof asks / sizeof *asks, question) : NULL;
}
