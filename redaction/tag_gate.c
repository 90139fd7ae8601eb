/* Two walks over a line, eight types at a time. Hides the saturation. */
#include "redaction/tag_gate.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <math.h>

#define MOST 4000 /* steps that a transition can gain */
#define RIVALS 4  /* labellings that share what speaks for withholding */

typedef tag_eight eight;

static inline eight load(const int16_t *from)
{
    return *(const eight *)from;
}

#ifdef __SSE2__

static inline eight higher(eight a, eight b)
{
    return (eight)_mm_max_epi16((__m128i)a, (__m128i)b);
}

static inline eight plus(eight a, eight b)
{
    return (eight)_mm_adds_epi16((__m128i)a, (__m128i)b);
}

static inline eight minus(eight a, eight b)
{
    return (eight)_mm_subs_epi16((__m128i)a, (__m128i)b);
}
#else
static inline eight higher(eight a, eight b)
{
    eight first = (eight)(a > b);
    return (a & first) | (b & ~first);
}

static inline int16_t saturated(int value)
{
    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

static inline eight plus(eight a, eight b)
{
    for (size_t type = 0; type < TAG_TYPES; type++)
        a[type] = saturated(a[type] + b[type]);
    return a;
}

static inline eight minus(eight a, eight b)
{
    for (size_t type = 0; type < TAG_TYPES; type++)
        a[type] = saturated(a[type] - b[type]);
    return a;
}
#endif

static int16_t steps(float gain, float step)
{
    return (int16_t)fminf(fmaxf(ceilf(gain / step), -MOST), MOST);
}

/* Most that `label` gains over outside towards what follows and does not go on with it. */
static float leaving(const struct tag_model *model, size_t label)
{
    float most = model->follow[label][TAG_OUTSIDE] - model->follow[TAG_OUTSIDE][TAG_OUTSIDE];
    for (size_t next = 0; next < TAG_LABELS; next++)
        if (!tag_is_inside(next))
            most = fmaxf(most, model->follow[label][next] - model->follow[TAG_OUTSIDE][next]);
    return most;
}

static float entering(const struct tag_model *model, size_t begin)
{
    float most = model->first[begin] - model->first[TAG_OUTSIDE];
    for (size_t before = 0; before < TAG_LABELS; before++)
        most = fmaxf(most, model->follow[before][begin] - model->follow[before][TAG_OUTSIDE]);
    return most;
}

void tag_gate_init(struct tag_gate *gate, const struct tag_model *model)
{
    float outside = model->follow[TAG_OUTSIDE][TAG_OUTSIDE];
    for (size_t type = 0; type < TAG_TYPES; type++) {
        size_t inside = type + TAG_INSIDE;
        gate->enter[type] = steps(entering(model, type), model->step);
        gate->leave[0][type] = steps(leaving(model, type), model->step);
        gate->leave[1][type] = steps(leaving(model, inside), model->step);
        gate->on[0][type] = steps(model->follow[type][inside] - outside, model->step);
        gate->on[1][type] = steps(model->follow[inside][inside] - outside, model->step);
    }
}

int tag_bar(const struct tag_model *model, float chance)
{
    chance = fminf(fmaxf(chance, 0.01f), 0.99f);
    return -(int)(logf(RIVALS * (1 - chance) / chance) / model->step);
}

/* Scores of a word's begins and insides over its score of staying outside. */
static inline void leads(const int16_t sums[static TAG_LANES], eight *begin, eight *inside)
{
    eight outside = {0};
    outside += sums[TAG_OUTSIDE];
    *begin = minus(load(sums), outside);
    *inside = minus(load(sums + TAG_INSIDE), outside);
}

/* A bit for each claim that is true. */
static uint8_t bits_of(eight claims)
{
    uint64_t halves[2];
    uint8_t bits = 0;
    memcpy(halves, &claims, sizeof halves);
    if (halves[0] | halves[1])
        for (size_t type = 0; type < TAG_TYPES; type++)
            bits |= (uint8_t)((claims[type] & 1) << type);
    return bits;
}

void tag_gate_open(const struct tag_gate *gate, const int16_t (*sums)[TAG_LANES], size_t from, size_t to,
                   const tag_types bar, uint8_t open[static TAG_LINE])
{
    const eight bars = load(bar), enter = load(gate->enter), leave[2] = {load(gate->leave[0]), load(gate->leave[1])},
                on[2] = {load(gate->on[0]), load(gate->on[1])}, nothing = (eight){0} + INT16_MIN;
    eight up_to[TAG_LINE][2], begin, inside, gone_on = nothing; /* best find that ends here, in a begin or an inside */
    for (size_t i = from; i < to; i++) {
        leads(sums[i], &begin, &inside);
        up_to[i][0] = plus(begin, enter);
        up_to[i][1] = plus(inside, gone_on);
        gone_on = higher(plus(up_to[i][0], on[0]), plus(up_to[i][1], on[1]));
    }
    eight ahead[2] = {nothing, nothing}; /* best that is to come if the find goes on, from a begin or an inside */
    for (size_t i = to; i-- > from;) {
        const eight here[2] = {higher(leave[0], ahead[0]), higher(leave[1], ahead[1])};
        eight best = higher(plus(up_to[i][0], here[0]), plus(up_to[i][1], here[1]));
        open[i] = bits_of((eight)(best >= bars));
        leads(sums[i], &begin, &inside);
        eight rest = plus(inside, here[1]);
        ahead[0] = plus(on[0], rest);
        ahead[1] = plus(on[1], rest);
    }
}
