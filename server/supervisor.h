/* The supervisor: starts the other three (fork and exec of this program), holds the lock and the listening sockets,
 * carries operators' commands from S/control to the vault, and restarts all when one dies. It has no keys and reads no
 * network: the listening sockets, its own or those that a service manager opened,
 * are handed to the gate, so that a restart refuses nobody. */
#pragma once

#include <stdbool.h>

#include "server/process_filter.h"
#include "server/process_user.h"

struct activation;
struct supervisor_options {
    const char *state;
    const struct activation *activation; /* sockets handed over by a service manager are used instead of: */
    const char *listen;                  /* "127.0.0.1:8443"; port 0: any */
    const char *metrics;                 /* loopback address and port, or NULL */
    const char *key_file, *passphrase_file, *pin_file;
    unsigned connections; /* 0: the gate's default */
    enum sandbox sandbox;
    struct process_user gate_user, distil_user;
    int ready_fd; /* gets "ADDRESS:PORT\n" when all serve; -1: none */
};
/* Serves until SIGTERM or SIGINT (OK), or until the children cannot be kept alive (ERR_UNAVAILABLE), or a child failed
 * at its first start, having said why: its exit code is in *child_exit. */
MUST_USE enum status supervisor_run(const struct supervisor_options *options, int *child_exit, struct why *why);

/* S/lock, exclusively. ERR_UNAVAILABLE: another process has it. ERR_DENIED: others may write in the folder. *fd is
 * closed by the caller, which releases it. */
MUST_USE enum status state_lock(const char *state, int *fd, struct why *why);
