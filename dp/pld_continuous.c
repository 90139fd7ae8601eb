/* Continuous noise. Hides the quadrature: it is eight atoms a panel, the nodes of Gauss and Legendre's rule, whose
 * error on panels as narrow as these is below the margin of a mass (docs/decisions/0028). */
#include "dp/pld_noise.h"

#include <math.h>

static double density(double z)
{
    return exp(-z * z / 2) * 0.3989422804014327;
}

/* A coordinate that grows with the loss, and P's density of it. */
struct continuous {
    double (*offset)(const struct continuous *, double from, double by); /* loss at from + by, less that at from */
    double (*loss)(const struct continuous *, double x);
    double (*inverse)(const struct continuous *, double loss); /* where the loss is reached */
    double (*weight)(const struct continuous *, double x);     /* P's density */
    double from, to, panel;                                    /* panels are no wider */
    double mu, q;                                              /* 1 / sigma; the part that is sampled */
};

/* One panel of the cell of point `index`; `into` is the loss at x above that point. */
static void add_panel(struct pld_grid *grid, const struct continuous *c, int64_t index, double into, double x,
                      double wide)
{
    static const double nodes[] = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363};
    static const double weights[] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763};
    for (size_t i = 0; i < 8; i++) {
        double by = wide / 2 * (i % 2 ? 1 + nodes[i / 2] : 1 - nodes[i / 2]);
        double mass = wide / 2 * weights[i / 2] * c->weight(c, x + by);
        pld_grid_add(grid, index, into + c->offset(c, x, by), mass);
    }
}

static void add_cell(struct pld_grid *grid, const struct continuous *c, int64_t index, double from, double to)
{
    size_t panels = (size_t)ceil((to - from) / c->panel);
    double wide = (to - from) / (double)panels;
    double into = fmax(c->loss(c, from) - (double)index * grid->width, 0);
    for (size_t i = 0; i < panels; i++) {
        double by = wide * (double)i;
        add_panel(grid, c, index, into + c->offset(c, from, by), from + by, wide);
    }
}

static void add_continuous(struct pld_grid *grid, const struct continuous *c)
{
    double x = c->from;
    for (int64_t index = (int64_t)floor(c->loss(c, x) / grid->width); x < c->to; index++) {
        double border = c->inverse(c, (double)(index + 1) * grid->width);
        double end = fmin(fmax(border, x), c->to);
        if (end > x)
            add_cell(grid, c, index, x, end);
        x = end;
    }
}

/* --- where the coordinate is the loss itself --- */

static double same_offset(const struct continuous *c, double from, double by)
{
    (void)c;
    (void)from;
    return by;
}

static double same(const struct continuous *c, double x)
{
    (void)c;
    return x;
}

/* The loss of Gaussian noise is N(mu² / 2, mu²) under P. */
static double gaussian_weight(const struct continuous *c, double x)
{
    return density(x / c->mu - c->mu / 2) / c->mu;
}

enum status pld_grid_gaussian(struct pld_grid *grid, double mu, enum pld_rounding rounding, double width, double tail)
{
    double up = pld_deviations(tail), down = pld_deviations(PLD_BELOW), middle = mu * mu / 2;
    const struct continuous c = {.offset = same_offset,
                                 .loss = same,
                                 .inverse = same,
                                 .weight = gaussian_weight,
                                 .from = middle - down * mu,
                                 .to = middle + up * mu,
                                 .panel = mu / 8,
                                 .mu = mu};
    TRY(pld_grid_init(grid, width, rounding, c.from, c.to));
    add_continuous(grid, &c);
    pld_add_tails(grid, c.from, pld_gaussian_above(down), pld_gaussian_above(up));
    return OK;
}

static double laplace_weight(const struct continuous *c, double x)
{
    return exp((x - c->to) / 2) / 4;
}

enum status pld_grid_laplace(struct pld_grid *grid, double epsilon, enum pld_rounding rounding, double width)
{
    const struct continuous c = {.offset = same_offset,
                                 .loss = same,
                                 .inverse = same,
                                 .weight = laplace_weight,
                                 .from = -epsilon,
                                 .to = epsilon,
                                 .panel = 1};
    TRY(pld_grid_init(grid, width, rounding, c.from, c.to));
    pld_grid_add_loss(grid, epsilon, 0.5);
    pld_grid_add_loss(grid, -epsilon, exp(-epsilon) / 2);
    add_continuous(grid, &c);
    return OK;
}

/* --- the sampled Gaussian: N(0, sigma²) against (1 - q) N(0, sigma²) + q N(1, sigma²), in units of the sensitivity ---
 * With y = (x - 1/2) / sigma² the ratio of the mixture to the other is 1 - q + q e^y, and its log the loss where the
 * mixture is P (remove). Where it is Q (add) the coordinate is -y. */

static double position(const struct continuous *c, double y) /* x / sigma */
{
    return y / c->mu + c->mu / 2;
}

static double share(const struct continuous *c, double y) /* q e^y / (1 - q + q e^y) */
{
    return 1 / (1 + exp(-y) * (1 - c->q) / c->q);
}

static double remove_offset(const struct continuous *c, double from, double by)
{
    return log1p(share(c, from) * expm1(by));
}

static double remove_loss(const struct continuous *c, double y)
{
    double far = y + log(c->q);
    return far > 30 ? far + log1p((1 - c->q) * exp(-far)) : log1p(c->q * expm1(y));
}

static double remove_inverse(const struct continuous *c, double loss)
{
    double least = log1p(-c->q), over = loss - least;
    return over > 0 ? over + log(-expm1(-over)) + least - log(c->q) : -INFINITY;
}

static double remove_weight(const struct continuous *c, double y)
{
    double z = position(c, y);
    return ((1 - c->q) * density(z) + c->q * density(z - c->mu)) / c->mu;
}

static double add_offset(const struct continuous *c, double from, double by)
{
    return -log1p(share(c, -from) * expm1(-by));
}

static double add_loss(const struct continuous *c, double x)
{
    return -remove_loss(c, -x);
}

static double add_inverse(const struct continuous *c, double loss)
{
    return -remove_inverse(c, -loss);
}

static double add_weight(const struct continuous *c, double x)
{
    return density(position(c, -x)) / c->mu;
}

enum status pld_grid_sampled(struct pld_grid *grid, double mu, double q, enum pld_direction direction,
                             enum pld_rounding rounding, double width, double tail)
{
    double removed = direction == PLD_REMOVE ? 1 : 0, up = pld_deviations(tail), down = pld_deviations(PLD_BELOW);
    /* ends in units of sigma; adding turns the axis round */
    double most = removed ? mu + up : down, least = removed ? -down : -up;
    double high = (most - mu / 2) * mu, low = (least - mu / 2) * mu;
    struct continuous c = {.offset = remove_offset,
                           .loss = remove_loss,
                           .inverse = remove_inverse,
                           .weight = remove_weight,
                           .from = low,
                           .to = high,
                           .panel = fmin(mu, 1) / 8,
                           .mu = mu,
                           .q = q};
    if (direction == PLD_ADD) {
        c.offset = add_offset;
        c.loss = add_loss;
        c.inverse = add_inverse;
        c.weight = add_weight;
        c.from = -high;
        c.to = -low;
    }
    TRY(pld_grid_init(grid, width, rounding, c.loss(&c, c.from), c.loss(&c, c.to)));
    add_continuous(grid, &c);
    double below = pld_gaussian_above(down); /* P of a mixture is nearer 1 */
    double beyond =
        removed ? (1 - q) * pld_gaussian_above(up + mu) + q * pld_gaussian_above(up) : pld_gaussian_above(up);
    pld_add_tails(grid, c.loss(&c, c.from), below, beyond);
    return OK;
}
