/* Shared by the files of the HTTP client. */
#pragma once

#include <stdbool.h>

enum http_peer { PEER_SERVER, PEER_SERVICE }; /* a federation's server; a service that the operator names */
bool http_base_fits(const char *base, enum http_peer peer);
