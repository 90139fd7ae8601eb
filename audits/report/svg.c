/* The geometry of the plots. All coordinates are computed here and printed as numbers; texts go through page_add. */
#include "audits/report/svg.h"

#include <math.h>

#include "audits/report/page.h"

/* --- dot and whisker --- */

#define WIDTH 220.0
#define LEFT 8.0
#define RIGHT 212.0
#define MIDDLE 13.0

struct scale {
    double least, most;
};

/* 1, 2 or 5 times a power of ten, at least `value`. */
static double round_up(double value)
{
    double power = pow(10, floor(log10(value)));
    static const double steps[] = {1, 2, 5, 10};
    for (size_t i = 0; i < 4; i++)
        if (steps[i] * power >= value * (1 - 1e-9))
            return steps[i] * power;
    return 10 * power;
}

static struct scale scale_of(const struct svg_interval *plot)
{
    double most = fmax(fabs(plot->high), fabs(plot->value)), least = fmin(plot->low, plot->value);
    const double marks[] = {plot->baseline, plot->limit};
    for (size_t i = 0; i < 2; i++) {
        if (!isfinite(marks[i]))
            continue;
        most = fmax(most, marks[i]);
        least = fmin(least, marks[i]);
    }
    most = round_up(fmax(most, 0.01));
    return (struct scale){least < 0 ? -round_up(fmax(-least, 0.01)) : 0, most};
}

static double place(const struct scale *scale, double value)
{
    double share = (value - scale->least) / (scale->most - scale->least);
    return LEFT + fmin(fmax(share, 0), 1) * (RIGHT - LEFT);
}

static void describe_interval(struct buf *page, size_t id, const struct svg_interval *plot)
{
    char value[PAGE_NUMBER], low[PAGE_NUMBER], high[PAGE_NUMBER], baseline[PAGE_NUMBER], limit[PAGE_NUMBER];
    page_add(page,
             "<svg class=\"dot\" viewBox=\"0 0 220 38\" role=\"img\" aria-labelledby=\"t%zu d%zu\">"
             "<title id=\"t%zu\">%s</title>"
             "<desc id=\"d%zu\">Measured %s, 95 %% interval %s to %s, baseline %s, limit %s.</desc>",
             id, id, id, plot->title, id, page_value(plot->value, value), page_value(plot->low, low),
             page_value(plot->high, high), page_value(plot->baseline, baseline), page_value(plot->limit, limit));
}

static void tick(struct buf *page, const struct scale *scale, double value, const char *class)
{
    if (isfinite(value))
        page_add(page, "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"3\" y2=\"23\"/>", class, place(scale, value),
                 place(scale, value));
}

void svg_interval(struct buf *page, size_t id, const struct svg_interval *plot)
{
    struct scale scale = scale_of(plot);
    char least[PAGE_NUMBER], most[PAGE_NUMBER];
    double low = place(&scale, plot->low), high = place(&scale, plot->high);
    describe_interval(page, id, plot);
    page_add(page, "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"23\" y2=\"23\"/>", LEFT, RIGHT);
    tick(page, &scale, plot->baseline, "base");
    tick(page, &scale, plot->limit, "limit");
    page_add(page,
             "<path class=\"whisker\" d=\"M%.1f %.1fH%.1fM%.1f 9v8M%.1f 9v8\"/>"
             "<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>",
             low, MIDDLE, high, low, high, place(&scale, plot->value), MIDDLE);
    page_add(page, "<text x=\"%.1f\" y=\"35\">%s</text><text class=\"end\" x=\"%.1f\" y=\"35\">%s</text></svg>", LEFT,
             page_value(scale.least, least), RIGHT, page_value(scale.most, most));
}

/* --- ROC --- */

#define SIDE 180.0
#define ORIGIN_X 34.0
#define ORIGIN_Y 190.0

static double unit(double value)
{
    return fmin(fmax(value, 0), 1);
}

static void roc_frame(struct buf *page)
{
    page_add(page,
             "<rect class=\"axis\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>"
             "<line class=\"base\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
             ORIGIN_X, ORIGIN_Y - SIDE, SIDE, SIDE, ORIGIN_X, ORIGIN_Y, ORIGIN_X + SIDE, ORIGIN_Y - SIDE);
    page_add(page, "<text x=\"34\" y=\"204\">0</text><text class=\"end\" x=\"214\" y=\"204\">1</text>"
                   "<text class=\"end\" x=\"29\" y=\"190\">0</text><text class=\"end\" x=\"29\" y=\"19\">1</text>"
                   "<text class=\"mid\" x=\"124\" y=\"220\">false-positive rate</text>"
                   "<text class=\"mid\" transform=\"translate(12 100) rotate(-90)\">true-positive rate</text>");
}

static void roc_corner(struct buf *page, const struct json *point, size_t y)
{
    page_add(page, "%.1f,%.1f ", ORIGIN_X + SIDE * unit(json_number_value(json_at(point, 0))),
             ORIGIN_Y - SIDE * unit(json_number_value(json_at(point, y))));
}

/* There along the upper ends and back along the lower ones, if every point has them. */
static void roc_band(struct buf *page, const struct json *points)
{
    for (size_t i = 0; i < json_count(points); i++)
        if (json_count(json_at(points, i)) < 4)
            return;
    buf_add_str(page, "<polygon class=\"band\" points=\"");
    for (size_t i = 0; i < json_count(points); i++)
        roc_corner(page, json_at(points, i), 3);
    for (size_t i = json_count(points); i > 0; i--)
        roc_corner(page, json_at(points, i - 1), 2);
    buf_add_str(page, "\"/>");
}

void svg_roc(struct buf *page, size_t id, const char *title, const struct json *points, double area)
{
    char value[PAGE_NUMBER];
    page_add(page,
             "<svg class=\"roc\" viewBox=\"0 0 224 228\" role=\"img\" aria-labelledby=\"t%zu d%zu\">"
             "<title id=\"t%zu\">%s</title><desc id=\"d%zu\">True-positive rate against false-positive rate in %zu "
             "points; measured %s. The diagonal is guessing.</desc>",
             id, id, id, title, id, json_count(points), page_value(area, value));
    roc_frame(page);
    roc_band(page, points);
    buf_add_str(page, "<polyline class=\"curve\" points=\"");
    for (size_t i = 0; i < json_count(points); i++)
        roc_corner(page, json_at(points, i), 1);
    buf_add_str(page, "\"/></svg>");
}
