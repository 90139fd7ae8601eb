/* Hides that a word is looked for among the names that are written. */
#include "audits/run_words.h"

#include <math.h>

struct json *run_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static unsigned choice(const struct json *word, const char *(*name)(unsigned index), unsigned count)
{
    unsigned index = 0;
    while (index < count && !bytes_is(json_string_bytes(word), name(index)))
        index++;
    return index;
}

static const char *verdict_at(unsigned index)
{
    return verdict_name((enum verdict)index);
}

static const char *control_at(unsigned index)
{
    return control_name((enum control)index);
}

static const char *family_at(unsigned index)
{
    return audit_family_name((enum audit_family)index);
}

static const char *interval_kind_at(unsigned index)
{
    return interval_kind_name((enum interval_kind)index);
}

static const char *plot_kind_at(unsigned index)
{
    return plot_kind_name((enum plot_kind)index);
}

enum verdict run_verdict(const struct json *word)
{
    return (enum verdict)choice(word, verdict_at, VERDICTS);
}

enum control run_control(const struct json *word)
{
    return (enum control)choice(word, control_at, CONTROLS);
}

enum audit_family run_family(const struct json *word)
{
    return (enum audit_family)choice(word, family_at, FAMILIES);
}

enum interval_kind run_interval_kind(const struct json *word)
{
    return (enum interval_kind)choice(word, interval_kind_at, INTERVAL_KINDS);
}

enum plot_kind run_plot_kind(const struct json *word)
{
    return (enum plot_kind)choice(word, plot_kind_at, PLOT_KINDS);
}
