/* The vault's process: reads the root key, opens the stores, tells the gate who it is, then serves its links. It
 * inherits the state folder's lock, so that the folder stays locked until the last one who writes in it is gone. */
#include "base/log.h"
#include "server/process.h"
#include "server/process_link.h"
#include "server/process_root.h"
#include "server/vault.h"

static enum status on_message(void *state, const struct message *in, struct outbox *out)
{
    return vault_handle(state, in, out);
}

static enum status on_tick(void *state, struct outbox *out)
{
    const struct message tick = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_TICK};
    return vault_handle(state, &tick, out);
}

static enum status on_flush(void *state, struct outbox *out)
{
    return vault_flush(state, out);
}

static enum status on_work(void *state, bool idle, int *wait_ms)
{
    return vault_work(state, idle ? VAULT_IDLE : VAULT_BUSY, wait_ms);
}

static enum status open_vault(const struct child_options *options, struct root_provider **root, struct vault **vault,
                              struct why *why)
{
    const struct root_source source = {.state = options->state,
                                       .key_file = options->key_file,
                                       .passphrase_file = options->passphrase_file,
                                       .pin_file = options->pin_file};
    TRY(root_open(&source, root, why));
    TRY(root_settle(options->state, why));
    const struct vault_options open = {
        .state = options->state, .root = *root, .clock = clock_system(), .random = random_system()};
    return vault_open(&open, vault, why);
}

static enum status serve(struct vault *vault, const struct child_options *options, struct why *why)
{
    static const enum role peers[] = {ROLE_SUPERVISOR, ROLE_GATE, ROLE_DISTIL};
    const struct confinement confinement = {ROLE_VAULT, options->sandbox, options->state};
    struct process_loop loop = {
        .handle = on_message, .tick = on_tick, .flush = on_flush, .work = on_work, .state = vault};
    enum status status = OK;
    for (; status == OK && loop.count < 3; loop.count++)
        status =
            process_link_open(&loop.links[loop.count], ROLE_VAULT, peers[loop.count], options->fd + (int)loop.count);
    if (status == OK)
        status = process_confine(&confinement, why);
    if (status == OK)
        status = vault_start(vault, &loop.waiting);
    if (status == OK && !outbox_add(&loop.waiting, ROLE_SUPERVISOR, MESSAGE_STARTED, 0))
        status = ERR_MEMORY;
    if (status == OK)
        status = process_loop_run(&loop);
    enum status stopped = vault_stop(vault, status);
    if (status == OK)
        status = stopped;
    process_loop_free(&loop);
    return status;
}

int vault_main(const struct child_options *options)
{
    struct why why = {0};
    SCOPED_ROOT struct root_provider *root = NULL;
    struct vault *vault = NULL;
    enum status status = process_begin(ROLE_VAULT, options->fd + 4, &why);
    if (status == OK)
        status = open_vault(options, &root, &vault, &why);
    if (status == OK)
        status = serve(vault, options, &why);
    vault_close(vault);
    log_event(LOG_STOPPED, (struct log_fields){.status = status});
    return status == OK ? 0 : process_fail("vault", status, &why);
}
