/* A client's home: its keys, its pinned federation and policy, its encrypted store. One folder, mode 0700:
 *   config.json   server address, federation document, tenant, device, certificate, pinned policy, scrubbing policy
 *   root.key      root key (or root.salt, with a passphrase)
 *   secrets.box   device TLS key, signing seed and device key, sealed under the root key
 *   client.db     outbox, receipts, last checkpoint, library (SQLCipher under the device key)
 *   search.db     the search index (likewise)
 *   charge.json   the last charge of the privacy budget that was seen (client/budget.h) */
#pragma once

#include "base/clock.h"
#include "crypto/db.h"
#include "protocol/federation.h"
#include "redaction/redaction.h"

#define HOME_PATH_MAX 4096

struct home {
    char folder[HOME_PATH_MAX];
    bool enrolled;
    char *server;                 /* owned; "https://..." */
    struct federation federation; /* pinned; its policy is the pinned one */
    uint8_t tenant[ID_BYTES], device[ID_BYTES];
    char *certificate_pem;         /* owned */
    char scrubbing[HOME_PATH_MAX]; /* policy name, or path of a policy file; "default" */
    struct secret root, tls_key, sign_seed, device_key;
    struct db *db;
    struct clock clock;
};

/* XDG data folder for chatham, or the value of --home. ERR_USAGE when there is neither HOME nor --home. */
MUST_USE enum status home_path(const char *option, char out[static HOME_PATH_MAX], struct why *why);
/* Make a home: keys and an empty store. passphrase: BYTES_NONE for a key file. ERR_EXISTS. */
MUST_USE enum status home_create(const char *folder, struct bytes passphrase, struct why *why);
/* ERR_NOT_FOUND with a hint when there is none; ERR_DENIED for a wrong passphrase. */
MUST_USE enum status home_open(const char *folder, struct bytes passphrase, struct home *home, struct why *why);
void home_close(struct home *home); /* wipes */
bool home_needs_passphrase(const char *folder);
/* Write config.json anew (atomically) from the struct. */
MUST_USE enum status home_save(const struct home *home);
MUST_USE enum status home_require_enrolled(const struct home *home, struct why *why);
/* The scrubber of this home's configuration, or that of the pinned policy if it is stricter. Only names can be
 * compared: a policy file is taken at its owner's word. ERR_POLICY for "off" where the pinned policy asks for more. */
MUST_USE enum status home_redactor(const struct home *home, struct redactor **out, struct why *why);
/* This device's keyed pseudonym of a task identity: the tag of struct extract_options, state a const struct home *. */
void home_task_tag(void *state, struct bytes identity, uint8_t out[static TASK_TAG_BYTES]);
