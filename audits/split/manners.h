/* What a server can answer that is no honest answer: one manner a row. */
#pragma once

#include "audits/split/loopback.h"

enum manner {
    MANNER_POISONED,   /* a library, really signed, of what k colluders want to be in it */
    MANNER_NO_LIBRARY, /* 404 */
    MANNER_REFUSES,    /* every contribution, by the policy, with a text of its own */
    MANNER_BUSY,       /* 503 */
    MANNER_REDIRECTS,  /* 307, to another path of its own */
    MANNER_GARBAGE,    /* 200, and bytes by chance */
    MANNER_CUT,        /* bodies shorter than their head says */
    MANNER_HUGE,       /* bodies of megabytes */
    MANNER_SILENT,     /* the connection is closed */
    MANNER_SWAPS,      /* each receipt is that of the upload before */
    MANNER_WORDY,      /* documents with a field that nobody asked for */
    MANNER_LAXER,      /* a policy that allows more than the pinned one */
    MANNER_KEYS,       /* a sealing key that no authority certified */
    MANNER_LOG,        /* checkpoints that do not verify */
    MANNER_RESTORED,   /* it says that it lost everything in a restore */
    MANNERS
};
struct manners {
    enum manner manner;
    const char *base;              /* borrowed: the server's own address */
    const struct prepared *turned; /* borrowed: what colluders share */
    size_t colluders, first;       /* as members of the world: from first on */
    struct random random;
    struct buf kept; /* owned by the server's process: a receipt */
    char extra[160];
};
/* manners must outlive the server's start. */
struct loopback_manner manner_of(struct manners *manners);
/* A lesson of the tenant's, turned round, with an instruction beside it; for `turned`. ids are those of `honest`. */
MUST_USE enum status manner_turn(const struct prepared *honest, struct prepared *out);
