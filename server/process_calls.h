/* The table of system calls: which role may make which, and with which arguments. process_filter.c makes a role's
 * filter of it; what is in no row ends the process.
 *
 * A row allows its call to its roles when all its conditions hold; rows of one call are alternatives, and the first
 * that fits decides. A condition is about the low 32 bits of one argument (what the kernel reads of a descriptor, a
 * command or a flag), but for CALL_ZERO, which is about all 64. Pointers and what they point at cannot be judged. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum call_test {
    CALL_ANY = 0, /* no condition */
    CALL_IS,      /* the argument is the value */
    CALL_LACKS,   /* the argument has none of the value's bits */
    CALL_ZERO,    /* the argument is 0, a null pointer */
    CALL_SELF,    /* the argument is this process's id */
};
struct call_condition {
    enum call_test test;
    unsigned argument; /* 0 to 5 */
    uint32_t value;
};
#define CALL_CONDITIONS 2
struct call_row {
    uint32_t call;
    unsigned roles; /* bits, 1 << role */
    struct call_condition when[CALL_CONDITIONS];
    int error; /* 0: allowed. Else the call fails with this errno, quietly: for what libraries try and can do without */
};
struct call_table {
    const struct call_row *rows;
    size_t count;
};
extern const struct call_table process_calls;              /* on every architecture */
extern const struct call_table process_calls_legacy;       /* older forms, which not every architecture has */
extern const struct call_table process_calls_instrumented; /* what sanitizers and coverage need; empty in the product */
/* No leak is looked for when this process ends: it may not look. Does nothing in the product. */
void process_calls_no_leak_check(void);
