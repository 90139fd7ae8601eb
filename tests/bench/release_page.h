/* The page of `./dev bench release`: a table and a plot of how much of what `threshold` mode publishes is left at each
 * ε. */
#pragma once

#include <math.h>

#include "audits/report/page.h"
#include "base/file.h"

struct release_point { /* one federation at one ε: medians over draws */
    const char *data;
    uint32_t tenants;
    double epsilon;    /* INFINITY: threshold mode */
    double released;   /* insights in the library */
    double wide;       /* threshold insights that at least half of the tenants support */
    double wide_share; /* of them, the part that is covered; NAN: there are none */
    double held_share; /* of held-out traces' methods, the part that is covered */
};

static inline void release_cell(struct buf *page, double share)
{
    if (isnan(share))
        page_add(page, "<td class=\"n\">none</td>");
    else
        page_add(page, "<td class=\"n\">%.1f %%</td>", 100 * share);
}

static inline void release_table(struct buf *page, const struct release_point *points, size_t count)
{
    page_add(page,
             "<table><thead><tr><th>traces</th><th>tenants</th><th>epsilon</th><th>insights</th>"
             "<th>of those that half of the tenants support</th><th>of held-out methods</th></tr></thead><tbody>");
    for (size_t i = 0; i < count; i++) {
        page_add(page, "<tr><td>%s</td><td class=\"n\">%zu</td>", points[i].data, (size_t)points[i].tenants);
        if (isinf(points[i].epsilon))
            page_add(page, "<td class=\"n\">threshold</td>");
        else
            page_add(page, "<td class=\"n\">%.1f</td>", points[i].epsilon);
        page_add(page, "<td class=\"n\">%.1f</td>", points[i].released);
        release_cell(page, points[i].wide_share);
        release_cell(page, points[i].held_share);
        page_add(page, "</tr>");
    }
    page_add(page, "</tbody></table>");
}

#define PLOT_WIDTH 560.0
#define PLOT_HEIGHT 230.0
#define PLOT_LEFT 50.0
#define PLOT_TOP 12.0

/* ε on a logarithmic axis, the threshold at its right end. */
static inline double plot_x(double epsilon)
{
    double place = isinf(epsilon) ? 5 : log2(epsilon / 0.5);
    return PLOT_LEFT + (PLOT_WIDTH - PLOT_LEFT - 70) * place / 5;
}

static inline double plot_y(double share)
{
    return PLOT_TOP + (PLOT_HEIGHT - PLOT_TOP - 50) * (1 - share);
}

static inline void plot_axes(struct buf *page)
{
    static const double ticks[] = {0.5, 1, 2, 4, 8, INFINITY};
    for (int part = 0; part <= 4; part++) {
        double y = plot_y(part / 4.0);
        page_add(page,
                 "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"currentColor\" opacity=\"0.2\"/>",
                 PLOT_LEFT, y, plot_x(INFINITY), y);
        page_add(
            page,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\" font-size=\"11\" fill=\"currentColor\">%.1f %%</text>",
            PLOT_LEFT - 6, y + 4, 25.0 * part);
    }
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        page_add(page, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" font-size=\"11\" fill=\"currentColor\">",
                 plot_x(ticks[i]), PLOT_HEIGHT - 20);
        if (isinf(ticks[i]))
            page_add(page, "threshold</text>");
        else
            page_add(page, "%.1f</text>", ticks[i]);
    }
}

/* A line of its own kind for each number of tenants, told below the plot. */
static inline const char *plot_dashes(size_t line)
{
    static const char *const dashes[] = {"1 4", "4 4", "9 4", "14 3 2 3", "none"};
    return dashes[line % (sizeof dashes / sizeof *dashes)];
}

static inline void plot_segment(struct buf *page, double x1, double y1, double x2, double y2, size_t line)
{
    page_add(page,
             "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"currentColor\" stroke-width=\"1.5\""
             " stroke-dasharray=\"%s\"/>",
             x1, y1, x2, y2, plot_dashes(line));
}

static inline void plot_legend(struct buf *page, uint32_t tenants, size_t line)
{
    double x = PLOT_LEFT + 100 * (double)line;
    plot_segment(page, x, PLOT_HEIGHT, x + 28, PLOT_HEIGHT, line);
    page_add(page, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"11\" fill=\"currentColor\">%zu tenants</text>", x + 34,
             PLOT_HEIGHT + 4, (size_t)tenants);
}

static inline void release_plot(struct buf *page, const struct release_point *points, size_t count, const char *data)
{
    page_add(page,
             "<figure><figcaption>%s: part of held-out methods that the library covers, by epsilon of a round"
             "</figcaption><svg viewBox=\"0 0 %.1f %.1f\" role=\"img\" aria-label=\"coverage by epsilon\">",
             data, PLOT_WIDTH, PLOT_HEIGHT + 12);
    plot_axes(page);
    size_t line = 0;
    for (size_t i = 0; i < count; i++) {
        const struct release_point *point = &points[i];
        if (strcmp(point->data, data) != 0)
            continue;
        double x = plot_x(point->epsilon), y = plot_y(point->held_share);
        page_add(page, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"currentColor\"/>", x, y);
        if (i + 1 < count && points[i + 1].tenants == point->tenants)
            plot_segment(page, x, y, plot_x(points[i + 1].epsilon), plot_y(points[i + 1].held_share), line);
        else
            plot_legend(page, point->tenants, line++);
    }
    page_add(page, "</svg></figure>");
}

static inline enum status release_page(const char *path, const struct release_point *points, size_t count)
{
    SCOPED_BUF struct buf page = {0};
    page_start(&page, "Private release");
    page_add(&page,
             "<h1>What is left of a library at each epsilon</h1><p>Simulated tenants over real traces; "
             "unit: tenant; delta 0.00001 a round. The threshold is of 3 tenants and is not differential privacy."
             "</p>");
    const char *data = "";
    for (size_t i = 0; i < count; i++) {
        if (strcmp(points[i].data, data) != 0)
            release_plot(&page, points, count, points[i].data);
        data = points[i].data;
    }
    release_table(&page, points, count);
    page_end(&page);
    TRY(buf_status(&page));
    return file_write(path, buf_bytes(&page), 0644);
}
