/* Hides where sums end. */
#include "ledger/loss.h"

#define END LEDGER_NO_EPSILON.micro

static uint64_t add(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) || sum > END ? END : sum;
}

static uint64_t less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static bool has_epsilon(struct ledger_loss loss)
{
    return loss.epsilon.micro < END;
}

struct ledger_loss ledger_loss_of_pure(struct dp_epsilon epsilon)
{
    return (struct ledger_loss){dp_zcdp_of_pure(epsilon), epsilon};
}

struct ledger_loss ledger_loss_of_approximate(struct dp_epsilon epsilon, uint64_t delta)
{
    return (struct ledger_loss){dp_zcdp_of_approximate(epsilon, delta), epsilon};
}

struct ledger_loss ledger_loss_of_zcdp(struct dp_zcdp loss)
{
    return (struct ledger_loss){loss, LEDGER_NO_EPSILON};
}

struct ledger_loss ledger_loss_add(struct ledger_loss a, struct ledger_loss b)
{
    return (struct ledger_loss){{add(a.zcdp.rho, b.zcdp.rho), add(a.zcdp.delta, b.zcdp.delta)},
                                {add(a.epsilon.micro, b.epsilon.micro)}};
}

struct ledger_loss ledger_loss_less(struct ledger_loss a, struct ledger_loss b)
{
    bool known = has_epsilon(a) && has_epsilon(b);
    return (struct ledger_loss){{less(a.zcdp.rho, b.zcdp.rho), less(a.zcdp.delta, b.zcdp.delta)},
                                {known ? less(a.epsilon.micro, b.epsilon.micro) : END}};
}

bool ledger_loss_is_nothing(struct ledger_loss loss)
{
    return loss.zcdp.rho == 0 && loss.zcdp.delta == 0;
}

bool ledger_loss_fits(struct ledger_loss sum, struct ledger_loss cap)
{
    if (sum.zcdp.delta >= DP_DELTA_ONE || sum.zcdp.delta > cap.zcdp.delta)
        return false;
    return sum.zcdp.rho <= cap.zcdp.rho || sum.epsilon.micro <= cap.epsilon.micro;
}

enum status ledger_loss_epsilon(struct ledger_loss loss, uint64_t delta, struct dp_epsilon *out)
{
    *out = (struct dp_epsilon){0};
    if (delta == 0 || delta >= DP_DELTA_ONE)
        return ERR_USAGE;
    if (ledger_loss_is_nothing(loss))
        return OK;
    bool is_basic = has_epsilon(loss) && loss.zcdp.delta <= delta;
    enum status status = dp_zcdp_epsilon(loss.zcdp, delta, out);
    if (is_basic && (status != OK || dp_epsilon_compare(loss.epsilon, *out) < 0))
        *out = loss.epsilon;
    return status == OK || is_basic ? OK : ERR_POLICY;
}

enum status ledger_cap_of(struct dp_epsilon epsilon, uint64_t delta, struct ledger_loss *out)
{
    *out = (struct ledger_loss){0};
    if (delta == 0 || delta >= DP_DELTA_ONE || epsilon.micro > LEDGER_MOST)
        return ERR_USAGE;
    if (epsilon.micro == 0)
        return OK;
    const uint64_t own = delta / 4;
    enum status status = dp_zcdp_for(epsilon, delta - own, own, &out->zcdp);
    out->epsilon = epsilon;
    if (status == ERR_POLICY) /* so little that no ρ fits */
        out->zcdp.rho = 0;
    out->zcdp.delta = own;
    return status == ERR_POLICY ? OK : status;
}
