/* Room-internal: a state folder from a backup, and from a tail of after it.
 *
 * The tail brings all that the federation's store knew later: log, ledger, releases, members, suspensions, revocations,
 * rotations, erasures; and what was withdrawn. The backup brings the contributions up to its own size of the log. What
 * was erased meanwhile stays erased, and its files are gone before the folder is there. The folder appears whole, by
 * one rename, or not at all.
 *
 * A checkpoint that a member or the operator has kept tells how far the log had come: the restored log must contain it.
 * If it doesn't reach it, or none is given, charges and erasures may be missing: releases are frozen until the operator
 * thaws them. A log that contradicts it is refused. A checkpoint that the backup by itself holds shows nothing of what
 * was charged later: private rounds stay refused then, whatever is thawed. */
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "server/process_root.h"

struct restore_options {
    const char *backup, *tail, *keys; /* folders; tail may be NULL */
    struct bytes note;                /* a signed checkpoint, or BYTES_NONE */
    struct root_source root;          /* its state: the folder to make, which must not be there */
    struct clock clock;
    struct random random;
};
struct restore_report {
    uint64_t log, contributions; /* size of the log; up to which its contributions are here */
    uint64_t erased, withdrawn;  /* done again */
    bool is_proved;              /* the log reaches the checkpoint */
    bool has_charges;            /* and that is of after the backup: private rounds go on */
};
MUST_USE enum status restore_run(const struct restore_options *options, struct restore_report *report, struct why *why);
