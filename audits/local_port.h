/* A listening socket of this machine alone, at a port of the system's choice: for the audits' own servers. */
#pragma once

#include <stdint.h>

#define LOCAL_PORT_WAITING 16 /* connections, in the system's queue */
/* Its descriptor, closed on exec, and its port; -1: none can be had. */
int local_port_listen(uint16_t *port);
