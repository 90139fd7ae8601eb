/* The geometry of a frontier. Both axes go from their least to their greatest value; y from zero where it can. */
#include "audits/report/svg.h"

#include <math.h>

#include "audits/report/page.h"

#define SIDE 180.0
#define ORIGIN_X 44.0
#define ORIGIN_Y 190.0
#define LOG_FROM 50.0 /* x over so many times its least value is drawn by its logarithm */

struct axis {
    double least, most;
    bool is_log;
};

static double number_at(const struct json *point, size_t index)
{
    return json_number_value(json_at(point, index));
}

static void widen(struct axis *axis, double value)
{
    axis->least = fmin(axis->least, value);
    axis->most = fmax(axis->most, value);
}

static double share(const struct axis *axis, double value)
{
    double least = axis->is_log ? log(axis->least) : axis->least, most = axis->is_log ? log(axis->most) : axis->most,
           at = axis->is_log ? log(value) : value;
    return most > least ? fmin(fmax((at - least) / (most - least), 0), 1) : .5;
}

static double place_x(const struct axis *axis, double value)
{
    return ORIGIN_X + SIDE * share(axis, value);
}

static double place_y(const struct axis *axis, double value)
{
    return ORIGIN_Y - SIDE * share(axis, value);
}

static void axes_of(const struct svg_plot *plot, struct axis *x, struct axis *y)
{
    *x = (struct axis){INFINITY, -INFINITY, false};
    *y = (struct axis){0, 0, false};
    for (size_t i = 0; i < json_count(plot->points); i++) {
        const struct json *point = json_at(plot->points, i);
        widen(x, number_at(point, 0));
        for (size_t n = 1; n < json_count(point); n++)
            widen(y, number_at(point, n));
    }
    if (isfinite(plot->limit))
        widen(y, plot->limit);
    x->is_log = x->least > 0 && x->most / LOG_FROM > x->least;
}

static void frame(struct buf *page, const struct svg_plot *plot, const struct axis *x, const struct axis *y)
{
    char a[PAGE_NUMBER], b[PAGE_NUMBER], c[PAGE_NUMBER], d[PAGE_NUMBER];
    page_add(page, "<rect class=\"axis\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", ORIGIN_X,
             ORIGIN_Y - SIDE, SIDE, SIDE);
    if (isfinite(plot->limit))
        page_add(page, "<line class=\"limit\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", ORIGIN_X,
                 place_y(y, plot->limit), ORIGIN_X + SIDE, place_y(y, plot->limit));
    page_add(page,
             "<text x=\"44\" y=\"204\">%s</text><text class=\"end\" x=\"224\" y=\"204\">%s</text>"
             "<text class=\"end\" x=\"39\" y=\"190\">%s</text><text class=\"end\" x=\"39\" y=\"19\">%s</text>",
             page_value(x->least, a), page_value(x->most, b), page_value(y->least, c), page_value(y->most, d));
    page_add(page,
             "<text class=\"mid\" x=\"134\" y=\"220\">%s%s</text>"
             "<text class=\"mid\" transform=\"translate(12 100) rotate(-90)\">%s</text>",
             plot->x, x->is_log ? " (logarithmic)" : "", plot->y);
}

static void bar(struct buf *page, const struct json *point, const struct axis *x, const struct axis *y)
{
    double at = place_x(x, number_at(point, 0));
    if (json_count(point) == 4)
        page_add(page, "<line class=\"whisker\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", at,
                 place_y(y, number_at(point, 2)), at, place_y(y, number_at(point, 3)));
    page_add(page, "<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", at, place_y(y, number_at(point, 1)));
}

void svg_frontier(struct buf *page, size_t id, const struct svg_plot *plot)
{
    struct axis x, y;
    axes_of(plot, &x, &y);
    page_add(page,
             "<svg class=\"roc\" viewBox=\"0 0 234 228\" role=\"img\" aria-labelledby=\"t%zu d%zu\">"
             "<title id=\"t%zu\">%s</title><desc id=\"d%zu\">%s against %s in %zu points.</desc>",
             id, id, id, plot->title, id, plot->y, plot->x, json_count(plot->points));
    frame(page, plot, &x, &y);
    buf_add_str(page, "<polyline class=\"curve\" points=\"");
    for (size_t i = 0; i < json_count(plot->points); i++) {
        const struct json *point = json_at(plot->points, i);
        page_add(page, "%.1f,%.1f ", place_x(&x, number_at(point, 0)), place_y(&y, number_at(point, 1)));
    }
    buf_add_str(page, "\"/>");
    for (size_t i = 0; i < json_count(plot->points); i++)
        bar(page, json_at(plot->points, i), &x, &y);
    buf_add_str(page, "</svg>");
}
