/* chatham budget: what this tenant has been charged, as the server tells it, and what of that was checked here. */
#include <inttypes.h>

#include "client/ask.h"
#include "client/budget.h"
#include "client/command.h"
#include "client/print.h"

/* --- showing --- */

static const char *text_of(const struct json *object, const char *key)
{
    const char *text = json_string_text(json_get(object, key));
    return text ? text : "-";
}

static void show_sum(const struct json *answer, const char *name, const char *key)
{
    const struct json *sum = json_get(answer, key);
    printf("%-18s epsilon %s, rho %s, delta %s\n", name, text_of(sum, "epsilon"), text_of(sum, "rho"),
           text_of(sum, "delta"));
}

static void show(const struct json *answer, const struct budget_seen *now)
{
    printf("unit               %s: its contributions replaced by none\n", text_of(answer, "unit"));
    printf("lifetime cap       epsilon %s at delta %s\n", text_of(answer, "lifetime_cap"), text_of(answer, "delta"));
    show_sum(answer, "charged, ever", "lifetime");
    show_sum(answer, "in this period", "period");
    if (json_is_string(json_get(answer, "rounds_refused")))
        printf("rounds refused     %s\n", text_of(answer, "rounds_refused"));
    if (!now->is_there) {
        printf("\nNo round has been charged. The figures are the server's word.\n");
        return;
    }
    printf("\nVerified: charge %" PRIu64 " is entry %" PRIu64 " of a log of %" PRIu64
           " that the federation signed, and no charge that this device has seen was taken back.\n",
           now->anchor.number, now->charge.leaf, now->checkpoint.size);
    printf("What of it is this tenant's, and what its devices' own noise cost, is the server's word.\n");
}

static enum status ask_and_check(const struct arguments *arguments, struct home *home, struct why *why)
{
    struct budget_seen now;
    struct request request = {.command = REQUEST_BUDGET};
    SCOPED_JSON struct json *answer = NULL;
    TRY(remote_ask(home, &request, &answer, why));
    TRY(budget_check(home, answer, &now, why));
    if (arguments_have(arguments, OPTION_JSON))
        return print_json(answer);
    show(answer, &now);
    return OK;
}

enum status command_budget(const struct arguments *arguments, struct why *why)
{
    struct home home;
    TRY(arguments_home(arguments, &home, why));
    enum status status = ask_and_check(arguments, &home, why);
    home_close(&home);
    return status;
}
