/* The numbers and words of a run's JSON (docs/audit-run.schema.json), for all who write or read some of it. */
#pragma once

#include "audits/audit.h"

struct json *run_number(double value); /* null where it is not finite; NULL: out of memory */
/* What has that name; the count of its kind (VERDICTS, ...) where nothing has, or where it is no text. */
enum verdict run_verdict(const struct json *word);
enum control run_control(const struct json *word);
enum audit_family run_family(const struct json *word);
enum interval_kind run_interval_kind(const struct json *word);
enum plot_kind run_plot_kind(const struct json *word);
