/* A gate as it runs in front of a server: the real process on loopback, with its metrics, between the real client's
 * HTTP and a vault that the caller plays. Every request comes from a process of its own, as a command of a member does.
 */
#pragma once

#include "server/message.h"

struct gatehouse;
/* A certificate authority, a server's certificate and one of each device are made. ERR_UNAVAILABLE: no gate runs here
 * (no loopback, no fork). */
MUST_USE enum status gatehouse_open(size_t devices, struct gatehouse **out, struct why *why);
void gatehouse_close(struct gatehouse *house); /* takes NULL; waits until the gate has ended */

/* What the vault answers: the whole payload of a reply (server/message.h). */
typedef enum status (*gatehouse_vault)(void *context, enum message_type type, struct bytes payload, struct buf *reply);
/* A sealed message posted by a device. ERR_UNAVAILABLE: it came to no answer within some seconds. */
MUST_USE enum status gatehouse_post(struct gatehouse *house, size_t device, const char *path, struct bytes envelope,
                                    gatehouse_vault vault, void *context);
/* The text of /metrics when no connection of a member is open any more; *scrapes is how many times it was asked for,
 * which it counts too. */
MUST_USE enum status gatehouse_metrics(struct gatehouse *house, struct buf *out, size_t *scrapes);
