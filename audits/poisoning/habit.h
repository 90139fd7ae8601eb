/* Traces of agents that have, or have not, a habit: a case that every agent of the simulation meets (a parcel is asked
 * for by a number that lacks its sign, and is not found), and a step between the refusal and the second try that does
 * nothing for it. As chat logs, one run a line, that the real client reads. */
#pragma once

#include "base/bytes.h"

/* How the client renders the habit. */
#define HABIT_PHRASE "list all depots before trying again"

/* Runs of one device in one period: so many in all, of which so many follow the habit, of which so many succeed. Runs
 * that do not follow it succeed. followed <= runs, worked <= followed. */
struct habit_runs {
    size_t runs, followed, worked;
};
/* Tasks are numbered from first_task on. */
void habit_write(size_t first_task, const struct habit_runs *counts, struct buf *out);
