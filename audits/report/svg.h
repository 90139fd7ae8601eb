/* Plots as inline SVG: no script, colours from the page's style, a title and a description for those who do not see
 * them. `id` must be unique on the page. */
#pragma once

#include "base/json.h"

struct svg_interval {
    const char *title;
    double value, low, high; /* finite */
    double baseline, limit;  /* NAN: not drawn */
};
/* A dot with whiskers on a line from 0 (or the least value) to a round number, with ticks at baseline and limit. */
void svg_interval(struct buf *page, size_t id, const struct svg_interval *plot);
/* A ROC curve; points: array of [false-positive rate, true-positive rate] in the order of drawing; with the band of the
 * latter, [.., .., low, high], that is drawn too. */
void svg_roc(struct buf *page, size_t id, const char *title, const struct json *points, double area);
struct svg_plot {
    const char *title, *x, *y; /* the axes' names */
    const struct json *points; /* array of [x, y] or [x, y, low, high], numbers; two or more */
    double limit;              /* of y; NAN: not drawn */
};
void svg_frontier(struct buf *page, size_t id, const struct svg_plot *plot);
