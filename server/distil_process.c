/* The distil process: candidates in, proposals out. No keys, no files, no socket but its two links. */
#include "base/log.h"
#include "server/process.h"
#include "server/process_link.h"
#include "server/vault.h"

static enum status on_message(void *state, const struct message *in, struct outbox *out)
{
    return distil_handle(state, in, out);
}

static enum status serve(const struct child_options *options, struct why *why)
{
    struct distiller distiller = distiller_embedded();
    struct process_loop loop = {.count = 2, .handle = on_message, .state = &distiller};
    enum status status = process_link_open(&loop.links[0], ROLE_DISTIL, ROLE_SUPERVISOR, options->fd);
    if (status == OK)
        status = process_link_open(&loop.links[1], ROLE_DISTIL, ROLE_VAULT, options->fd + 1);
    if (status == OK)
        status = process_confine(&(struct confinement){.role = ROLE_DISTIL, .sandbox = options->sandbox}, why);
    if (status == OK && !outbox_add(&loop.waiting, ROLE_SUPERVISOR, MESSAGE_STARTED, 0))
        status = ERR_MEMORY;
    if (status == OK)
        status = process_loop_run(&loop);
    process_loop_free(&loop);
    return status;
}

int distil_main(const struct child_options *options)
{
    struct why why = {0};
    enum status status = process_begin(ROLE_DISTIL, options->fd + 2, &why);
    if (status == OK)
        status = serve(options, &why);
    log_event(LOG_STOPPED, (struct log_fields){.status = status});
    return status == OK ? 0 : process_fail("distil", status, &why);
}
