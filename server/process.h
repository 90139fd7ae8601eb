/* The ritual with which each server process starts: close descriptors, no core dumps, no debugger, lock secrets, do the
 * load-time work, then give up what is left (process_confine) and only then serve.
 *
 * A child is this same program with internal arguments: chathamd --role ROLE --fd N ... Its descriptors are N, N + 1,
 * ... in the order that its role's main function names. */
#pragma once

#include "server/process_filter.h"

/* Descriptor of the first one handed over; 0, 1 and 2 are the usual ones. */
#define PROCESS_FD 3

/* First thing in a process: descriptors from `first_unused` on are closed, dumps are off, terminal signals are left to
 * the supervisor, a broken pipe is an error and not a death, and the secret memory works. */
MUST_USE enum status process_begin(enum role role, int first_unused, struct why *why);
/* Last thing before serving, and for good: no environment, no privileges and none to gain, few processes, the one
 * folder and no network where the kernel has Landlock, and the role's system call filter. */
struct confinement {
    enum role role;
    enum sandbox sandbox;
    const char *folder; /* vault: the state folder, absolute; NULL: no file at all */
};
MUST_USE enum status process_confine(const struct confinement *confinement, struct why *why);
/* "kill", "log" */
const char *sandbox_name(enum sandbox sandbox);
MUST_USE enum status sandbox_parse(const char *name, enum sandbox *out);
/* "gate" */
const char *role_name(enum role role);
MUST_USE enum status role_parse(const char *name, enum role *out);

/* The main functions of the children; each returns the exit code. */
struct child_options {
    enum role role;
    enum sandbox sandbox;
    int fd;                                            /* first descriptor */
    const char *state;                                 /* vault */
    const char *key_file, *passphrase_file, *pin_file; /* vault; NULL: what the state folder says */
    unsigned connections;                              /* gate: most at one time; 0: the default */
    unsigned patience;                                 /* gate: seconds for a head; 0: the default */
    bool has_metrics;                                  /* gate: a metrics listener was handed over */
};
int gate_main(const struct child_options *options);   /* supervisor, vault, listener, [metrics listener] */
int vault_main(const struct child_options *options);  /* supervisor, gate, distil, lock */
int distil_main(const struct child_options *options); /* supervisor, vault */

/* One line to stderr, and the exit code: how every process and command ends that failed. */
int process_fail(const char *doing, enum status status, const struct why *why);
