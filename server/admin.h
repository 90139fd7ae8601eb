/* Room-internal: the operator's commands. Each takes its fields, ends them (json_fields_end), acts, fills the reply. */
#pragma once

#include "server/vault_state.h"

typedef enum status (*admin_run)(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);

/* server/admin.c */
enum status admin_policy(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_library(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_time_accept(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_status(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
/* server/admin_tenant.c */
enum status admin_tenant_add(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_tenant_token(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_tenant_list(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_tenant_suspend(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_tenant_resume(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_tenant_erase(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_tenant_rotate(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
/* The role that a command names, a device's if it names none. ERR_USAGE. */
MUST_USE enum status admin_take_role(struct json_fields *fields, enum member_role *role, struct why *why);
/* The tenant that a command names; the last of its fields. */
MUST_USE enum status admin_take_tenant(struct vault *vault, struct json_fields *fields, struct tenant *tenant,
                                       struct why *why);
/* server/admin_device.c */
enum status admin_device_list(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_device_revoke(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_token_list(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_token_revoke(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
/* server/admin_backup.c */
enum status admin_backup(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_backup_end(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
/* server/admin_log.c */
enum status admin_log(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_log_verify(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_log_tiles(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_log_thaw(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
/* server/admin_trail.c */
enum status admin_trail(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_trail_verify(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
/* server/admin_budget.c */
enum status admin_budget(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_budget_replay(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_survey(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_ledger(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
/* server/admin_guarantee.c */
enum status admin_guarantee(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
/* server/admin_key.c */
enum status admin_key_rotate(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_key_destroy(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
enum status admin_key_list(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
/* server/admin_root.c */
enum status admin_root_change(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
/* server/evidence.c */
enum status admin_evidence(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why);
