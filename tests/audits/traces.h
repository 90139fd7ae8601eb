/* A small scope for tests: tenants whose agents learn the same lesson from their own customers, with planted values. */
#pragma once

#include "audits/attacks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audits/audit.h"

/* The calls of a run and its end, behind its messages. */
static inline void traces_calls(struct buf *out, const char *tool, size_t tenant, size_t task, bool succeeds)
{
    buf_addf(
        out,
        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":"
        "{\"name\":\"%s\",\"arguments\":\"{\\\"order_id\\\":\\\"W%zu%zu55501\\\"}\"}}]},"
        "{\"role\":\"tool\",\"tool_call_id\":\"a\",\"name\":\"%s\",\"content\":\"Error: order not "
        "found\"},",
        tool, tenant, task, tool);
    if (succeeds)
        buf_addf(out,
                 "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"b\",\"type\":\"function\","
                 "\"function\":{\"name\":\"%s\",\"arguments\":\"{\\\"order_id\\\":\\\"#W%zu%zu55501\\\"}\"}}]"
                 "},"
                 "{\"role\":\"tool\",\"tool_call_id\":\"b\",\"name\":\"%s\",\"content\":\"{\\\"status\\\":"
                 "\\\"delivered\\\",\\\"email\\\":\\\"customer%zu.%zu@example.com\\\"}\"},",
                 tool, tenant, task, tool, tenant, task);
    buf_addf(out, "{\"role\":\"assistant\",\"content\":\"%s\"}]}\n",
             succeeds ? "Your refund is on its way." : "I could not find the order.");
}

/* One run: an order is looked up by a wrong id, refused, and found (or not) by the id with its sign. */
static inline void traces_run(struct buf *out, const char *tool, size_t tenant, size_t task, bool succeeds)
{
    buf_addf(
        out,
        "{\"task_id\":%zu,\"trial\":%d,\"reward\":%d,\"instruction\":\"You want order W%zu%zu55501 refunded today\","
        "\"messages\":[{\"role\":\"system\",\"content\":\"You are the desk of shop %zu and follow its own rules about "
        "returns, refunds and exchanges of all goods sold here.\"},"
        "{\"role\":\"user\",\"content\":\"Hello, please refund order W%zu%zu55501. My mail is "
        "customer%zu.%zu@example.com\"},",
        task, succeeds, succeeds, tenant, task, tenant, tenant, task, tenant, task);
    traces_calls(out, tool, tenant, task, succeeds);
}

#define TRACES_TENANTS 3
#define TRACES_TASKS 6

/* An e-mail address a task as probe. tools: of each tenant. */
static inline void traces_scope_of(struct audit_scope *scope, const char *const tools[static TRACES_TENANTS])
{
    *scope = (struct audit_scope){.seed = 7, .k = 2};
    for (size_t tenant = 0; tenant < TRACES_TENANTS; tenant++) {
        char name[32], probe[64];
        SCOPED_BUF struct buf file = {0};
        snprintf(name, sizeof name, "merchant-%zu", tenant);
        assert_int_equal(audit_scope_tenant(scope, name), OK);
        for (size_t task = 0; task < TRACES_TASKS; task++) {
            traces_run(&file, tools[tenant], tenant, task, true);
            traces_run(&file, tools[tenant], tenant, task, false);
            snprintf(probe, sizeof probe, "customer%zu.%zu@example.com", tenant, task);
            assert_int_equal(audit_scope_probe(scope, tenant, "EMAIL", bytes_str(probe)), OK);
        }
        assert_int_equal(audit_scope_file(scope, tenant, "runs.jsonl", buf_bytes(&file)), OK);
    }
}

/* A tool, and so a lesson, of every task; no probes. */
static inline void traces_scope_of_tasks(struct audit_scope *scope,
                                         const char *const tools[static TRACES_TENANTS][TRACES_TASKS])
{
    *scope = (struct audit_scope){.seed = 7, .k = 2};
    for (size_t tenant = 0; tenant < TRACES_TENANTS; tenant++) {
        char name[32];
        SCOPED_BUF struct buf file = {0};
        snprintf(name, sizeof name, "merchant-%zu", tenant);
        assert_int_equal(audit_scope_tenant(scope, name), OK);
        for (size_t task = 0; task < TRACES_TASKS; task++) {
            traces_run(&file, tools[tenant][task], tenant, task, true);
            traces_run(&file, tools[tenant][task], tenant, task, false);
        }
        assert_int_equal(audit_scope_file(scope, tenant, "runs.jsonl", buf_bytes(&file)), OK);
    }
}

/* All learn the same. */
static inline void traces_scope(struct audit_scope *scope)
{
    traces_scope_of(scope, (const char *const[]){"get_order_details", "get_order_details", "get_order_details"});
}

static inline void traces_controls(const struct audit_results *results, enum control expected)
{
    for (size_t i = 0; i < results->count; i++)
        if (results->items[i].control != expected)
            fail_msg("control of %s: %s, %f", results->items[i].claim->name, control_name(results->items[i].control),
                     results->items[i].control_value);
}

static inline const struct audit_result *traces_result(const struct audit_results *results, const char *name)
{
    for (size_t i = 0; i < results->count; i++)
        if (strcmp(results->items[i].claim->name, name) == 0)
            return &results->items[i];
    fail_msg("no result %s", name);
    return NULL;
}
