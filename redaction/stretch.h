/* A stretch of text around what was made plain in it: so much context goes into the view that a rule sees what it looks
 * for, and stretches that touch become one. */
#pragma once

#include "redaction/view.h"

struct stretch {
    struct bytes text;
    struct view *view;
    enum view_way way;
    bool open;
    size_t done;  /* copied up to here */
    size_t until; /* to be copied up to here */
};

/* Whether `at` lies in the open stretch. */
bool stretch_holds(const struct stretch *stretch, size_t at);
/* `plain` stands for [at, end) of the text; at >= stretch->done. */
void stretch_add(struct stretch *stretch, size_t at, size_t end, struct bytes plain);
/* Close what is open. */
void stretch_close(struct stretch *stretch);
