/* The federation's keys as time goes by. Hides which document may replace the one that this device knows: the server
 * may have new keys, and only the authority that it enrolled with can say so, never the server's own connection. */
#include "client/remote_internal.h"

#define DOCUMENT_MAX (1u << 20)
#define CHANGES_MAX 8 /* rotations that one sending or pull goes along with */

enum status federation_ask(struct http *http, struct federation *out, struct why *why)
{
    struct http_reply reply = {0};
    *out = (struct federation){0};
    enum status status = http_get(http, "/v1/federation", NULL, DOCUMENT_MAX, &reply, why);
    if (status == OK)
        status = remote_status(&reply, why);
    if (status == OK)
        status = federation_decode(buf_bytes(&reply.body), out, why);
    http_reply_free(&reply);
    return status;
}

/* All but the policy, which is followed by other rules. */
static enum status pin(struct home *home, struct federation *now)
{
    struct federation before = home->federation;
    struct policy theirs = now->policy;
    home->federation = *now;
    home->federation.policy = before.policy;
    enum status status = home_save(home);
    if (status != OK) {
        home->federation = before;
        return status;
    }
    *now = before; /* for its owner to free, and with what he asked for */
    now->policy = theirs;
    return OK;
}

enum status keys_follow(struct home *home, struct federation *now, bool *changed, struct why *why)
{
    *changed = false;
    TRY(federation_follows(&home->federation, now, why));
    if (now->serial == home->federation.serial)
        return OK;
    TRY(pin(home, now));
    *changed = true;
    return OK;
}

enum status keys_refresh(struct home *home, struct http *http, bool *changed, struct why *why)
{
    struct federation now;
    *changed = false;
    enum status status = federation_ask(http, &now, why);
    if (status == OK)
        status = keys_follow(home, &now, changed, why);
    federation_free(&now);
    return status;
}

bool keys_changed(struct home *home, struct http *http, size_t changes)
{
    bool changed = false;
    return changes < CHANGES_MAX && keys_refresh(home, http, &changed, NULL) == OK && changed;
}
