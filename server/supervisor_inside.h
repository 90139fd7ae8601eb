/* What the parts of the supervisor share: the children and the sockets they are given. Seen by supervisor*.c only. */
#pragma once

#include <sys/types.h>

#include "server/process.h"
#include "server/process_link.h"
#include "server/supervisor.h"
#include "server/supervisor_activation.h"

struct child {
    pid_t pid; /* 0: not running */
    struct process_link link;
    bool started;
};
struct sockets {
    int listener, metrics; /* metrics -1: none */
    char address[64];      /* "127.0.0.1:8443", the real port */
};
struct children {
    const struct supervisor_options *options;
    const struct sockets *sockets;
    int lock;
    struct child of[ROLES]; /* the supervisor's own place stays empty */
};
/* supervisor_socket.c */
MUST_USE enum status sockets_open(const struct supervisor_options *options, struct sockets *out, struct why *why);
void sockets_close(struct sockets *sockets);
bool address_is_loopback(const struct sockaddr *address);

/* supervisor_children.c */
MUST_USE enum status children_start(struct children *children, struct why *why);
/* Those that have ended, by now: for each the exit code (128 + signal) is reported once. */
typedef void (*child_ended)(void *context, enum role role, int code);
void children_reap(struct children *children, child_ended ended, void *context);
bool children_all_started(const struct children *children);
bool children_any(const struct children *children);
/* Close their links, which ends them; after `patience_ms` kill those that are left. Returns when none is left. */
void children_end(struct children *children, int patience_ms);
