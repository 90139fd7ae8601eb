/* A malicious server for the client's real HTTPS: on this machine's loopback, at a port of the system's choice, in a
 * process of its own that ends when it is told to, with its parent, or after LOOPBACK_SECONDS. It has a federation's
 * world, keys and all, answers as that does, and then changes the answer as it likes; what the client uploads is noted.
 */
#pragma once

#include <sys/types.h>

#include "audits/world.h"
#include "server/gate_http.h"

#define LOOPBACK_SECONDS 60
#define LOOPBACK_UPLOADS_MAX 4096

struct upload { /* what is left of an envelope without its encryption */
    struct envelope_header header;
    size_t size;                  /* of the envelope */
    uint8_t digest[DIGEST_BYTES]; /* of the record, as the vault opened it; 0: it could not */
};
struct uploads {        /* in memory that server and client share */
    size_t count, lost; /* lost: beyond LOOPBACK_UPLOADS_MAX */
    size_t astray;      /* requests for what nobody asks a server of ours for: a redirect that was followed */
    size_t served;      /* requests that were read */
    size_t changed;     /* answers, and beginnings, that are not an honest server's */
    struct upload items[LOOPBACK_UPLOADS_MAX];
};

struct loopback_answer { /* begins as an honest one */
    int http;            /* 0: the connection is closed without a word */
    size_t more;         /* bytes that are promised and do not come */
    const char *extra;   /* header lines, each with its end; "" */
    struct buf body;     /* owned */
};
struct loopback_manner { /* in the server's process; context is as it was when that started, and the process's own */
    /* Before the first connection; or NULL. *changes: whether the world is not an honest server's any more. */
    enum status (*begin)(void *context, struct world *world, bool *changes);
    enum status (*change)(void *context, const struct gate_head *request, struct loopback_answer *answer);
    void *context;
};

struct loopback {
    int listener;
    char base[64]; /* "https://127.0.0.1:40001" */
    struct uploads *uploads;
    pid_t server; /* 0: none is running */
};
MUST_USE enum status loopback_open(struct loopback *out);
void loopback_close(struct loopback *loopback); /* stops a server that is running, however it fared */
/* From here on the world answers; it goes on from where it is at every start, in a branch of its own. manner NULL:
 * honestly. uploads are counted from 0 anew. */
MUST_USE enum status loopback_serve(struct loopback *loopback, struct world *world, struct random random,
                                    const struct loopback_manner *manner);
/* ERR_IO: it had ended by itself; what it did not do says nothing. */
MUST_USE enum status loopback_stop(struct loopback *loopback);
