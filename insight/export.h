/* Exports of a library: FoT's insight.json and insight.md, and INSIGHTS.md for agents, each marked as data, not
 * instructions. */
#pragma once

#include "protocol/library.h"

enum export_format { EXPORT_FOT_JSON, EXPORT_FOT_MD, EXPORT_INSIGHTS_MD, EXPORT_FORMATS };
const char *export_format_file(enum export_format format); /* "insight.json", "insight.md", "INSIGHTS.md" */
MUST_USE enum status library_export(const struct library *library, enum export_format format, struct buf *out);
