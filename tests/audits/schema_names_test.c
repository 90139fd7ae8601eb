/* The schema of a run names all that a run can say: every family, surface, adversary, interval, verdict, control, plot.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audits/audit.h"
#include "base/file.h"

#define NAMER(type, function)                                                                                          \
    static const char *function##_at(unsigned index)                                                                   \
    {                                                                                                                  \
        return function((enum type)index);                                                                             \
    }
NAMER(audit_family, audit_family_name)
NAMER(audit_surface, audit_surface_name)
NAMER(audit_threat, audit_threat_name)
NAMER(interval_kind, interval_kind_name)
NAMER(verdict, verdict_name)
NAMER(control, control_name)
NAMER(plot_kind, plot_kind_name)

static const struct {
    const char *record, *field;
    const char *(*name)(unsigned index);
    unsigned count;
} lists[] = {
    {"result", "family", audit_family_name_at, FAMILIES},
    {"attack", "family", audit_family_name_at, FAMILIES},
    {"result", "surface", audit_surface_name_at, SURFACES},
    {"result", "adversary", audit_threat_name_at, THREATS},
    {"result", "interval_kind", interval_kind_name_at, INTERVAL_KINDS},
    {"result", "verdict", verdict_name_at, VERDICTS},
    {"result", "control", control_name_at, CONTROLS},
    {"plot", "kind", plot_kind_name_at, PLOT_KINDS},
};

static bool holds(const struct json *names, const char *name)
{
    for (size_t i = 0; i < json_count(names); i++)
        if (bytes_is(json_string_bytes(json_at(names, i)), name))
            return true;
    return false;
}

static void names_are_those_of_the_program(void **state)
{
    (void)state;
    char path[4096];
    const char *source = getenv("CHATHAM_SOURCE");
    SCOPED_BUF struct buf text = {0};
    SCOPED_JSON struct json *schema = NULL;
    assert_int_equal(path_join(path, sizeof path, source ? source : ".", "docs/audit-run.schema.json"), OK);
    assert_int_equal(file_read(path, 1 << 20, &text), OK);
    assert_int_equal(json_parse(buf_bytes(&text), 1 << 20, &schema, NULL), OK);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct json *record = json_get(json_get(schema, "$defs"), lists[i].record),
                          *names = json_get(json_get(json_get(record, "properties"), lists[i].field), "enum");
        for (unsigned n = 0; n < lists[i].count; n++)
            if (!holds(names, lists[i].name(n)))
                fail_msg("%s of a %s: the schema lacks %s", lists[i].field, lists[i].record, lists[i].name(n));
        assert_int_equal(json_count(names), lists[i].count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_those_of_the_program)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
