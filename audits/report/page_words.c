/* What the report says in plain words, once, for the page and for the JSON. */
#include "audits/report/page_report.h"

#include <stdio.h>

/* --- the audit --- */

const char *words_outcome(const struct report *report)
{
    if (!report->run)
        return "No audit was run. Nothing on this page has been attacked.";
    if (report->is_void)
        return "This audit is void: a positive control failed, so its attacks could not have seen a leak. None of its "
               "results counts as a pass.";
    if (report->verdicts[VERDICT_LEAK] > 0)
        return "A leak was found.";
    bool open = report->verdicts[VERDICT_NOT_EVALUATED] > 0;
    if (report->verdicts[VERDICT_EXPECTED] > 0)
        return open ? "The only leaks found are those that the design states. Some attacks could not be evaluated: "
                      "they are not passes."
                    : "The only leaks found are those that the design states.";
    if (report->verdicts[VERDICT_NO_LEAK_ABOVE] == 0)
        return "No attack could be evaluated. This is not a pass.";
    return open ? "No attack that was evaluated found a leak above its limit. Some could not be evaluated: they are "
                  "not passes."
                : "No attack found a leak above its limit.";
}

const char *words_family(enum audit_family family)
{
    static const char *const words[FAMILIES + 1] = {
        [FAMILY_BOUNDARY] = "Does anything private show where data leave a machine, or in the server's files?",
        [FAMILY_RECONSTRUCTION] = "Can a private task be rebuilt from how the library, or an adapter, changed?",
        [FAMILY_SPLIT] = "Can words be rebuilt from the noisy features and answers that members send?",
        [FAMILY_OVERLAP] = "Does what is shared repeat private prompts, tasks or traces?",
        [FAMILY_PROMPT] = "Can a member's prompt be guessed from what was released?",
        [FAMILY_MEMBERSHIP] = "Can someone tell from the releases who or what took part?",
        [FAMILY_EPSILON] = "Does a measured loss of privacy exceed the one that is promised?",
        [FAMILY_EXPOSURE] = "Does a secret that was planted in a trace become easier to guess?",
        [FAMILY_LINKAGE] = "Can an organisation be singled out, linked or guessed at?",
        [FAMILY_PHANTOM] = "Are seeming disclosures more than coincidence?",
        [FAMILY_DIFFERENCE] = "Do two versions of the library show who left, came or was erased?",
        [FAMILY_EVASION] = "Can values be hidden so that the scrubber misses them?",
        [FAMILY_SIDE_CHANNEL] = "Do sizes, times, counts or errors tell what the content does not?",
        [FAMILY_POISONING] = "Can members who work together publish, suppress or plant what they like?",
        [FAMILIES] = "Other attacks",
    };
    INVARIANT(family <= FAMILIES);
    return words[family];
}

const char *words_question(const struct finding *finding)
{
    if (finding->question[0])
        return finding->question;
    static const struct {
        const char *prefix, *question;
    } rows[] = {
        {"probes.", "Can values planted in private traces be found here?"},
        {"rescan.", "Does the library hold personal data or secrets?"},
        {"at_rest.", "Does the server's disk show anything without its keys?"},
        {"isolation.", "Can one member read or alter what is another's?"},
        {"overlap.", "Does what is shared repeat private prompts, tasks or traces?"},
        {"membership.", "Can someone tell from the releases who took part?"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (bytes_starts(bytes_str(finding->name), rows[i].prefix))
            return rows[i].question;
    return "Does this attack succeed?";
}

const char *words_answer(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_LEAK:
        return "Leak found";
    case VERDICT_NO_LEAK_ABOVE:
        return "No leak above the limit";
    case VERDICT_NOT_EVALUATED:
        return "Not evaluated";
    case VERDICT_EXPECTED:
        return "Leaks, as stated";
    case VERDICTS:
        break;
    }
    return "Not evaluated";
}

const char *words_origin(enum run_origin origin)
{
    switch (origin) {
    case RUN_NONE:
        return "There is no audit in the bundle, and none was given.";
    case RUN_EMBEDDED:
        return "These results are part of the signed bundle; their hash is in it, and the log records an audit.";
    case RUN_GIVEN:
        return "These results were given beside the bundle: the federation's signature does not cover them.";
    }
    return "";
}

/* --- the log --- */

const char *words_logged(enum log_kind kind)
{
    static const char *const names[LOGGED_KINDS] = {
        [LOGGED_GENESIS] = "Founding of the federation",
        [LOGGED_ENROLMENT] = "Enrolment of a device",
        [LOGGED_CONTRIBUTION] = "Contribution received",
        [LOGGED_WITHDRAWAL] = "Withdrawal",
        [LOGGED_POLICY] = "Change of the policy",
        [LOGGED_RELEASE] = "Release of a library",
        [LOGGED_SUSPENSION] = "Suspension of a member",
        [LOGGED_RESUMPTION] = "Resumption of a member",
        [LOGGED_ROTATION] = "Rotation of a member's key",
        [LOGGED_ERASURE] = "Erasure of a member's data",
        [LOGGED_AUDIT] = "Audit",
        [LOGGED_REVOCATION] = "Revocation of a device",
        [LOGGED_TRAIL] = "Head of the server's audit trail",
        [LOGGED_INTAKE] = "Batch of contributions and withdrawals received",
    };
    INVARIANT(kind < LOGGED_KINDS);
    return names[kind];
}

uint32_t words_support(const struct library *library, size_t insight)
{
    static const uint32_t least[SUPPORT_BANDS] = {0, 5, 10, 20, 50, 100};
    enum support_band band = library->insights[insight].support;
    uint32_t lowest = library->mode == RELEASE_DP ? 1 : library->k; /* a band of noisy sums begins at no number */
    return band == SUPPORT_K ? lowest : least[band];
}

/* --- the policy and its limits --- */

#define SENTENCE 320
#define SAY(list, ...)                                                                                                 \
    do {                                                                                                               \
        char sentence_[SENTENCE];                                                                                      \
        snprintf(sentence_, sizeof sentence_, __VA_ARGS__);                                                            \
        json_push(list, json_text(sentence_));                                                                         \
    } while (0)

static void say_sending(const struct policy *policy, struct json *list)
{
    if (policy->allow_text)
        SAY(list, "Members may send scrubbed text: proposals that their own machine wrote from templates and general "
                  "phrases. This class makes no claim of differential privacy.");
    if (policy->allow_noised)
        SAY(list, "Members may send noised features and votes, with a stated ε of at most %.6g.",
            (double)policy->noise_epsilon_max_micro / 1e6);
    SAY(list, "Traces are scrubbed before anything leaves, at least as strictly as the redaction policy “%s”.",
        policy->redaction);
    SAY(list, "Shared text may have no run of more than %u content words in common with a task or system prompt.",
        (unsigned)policy->overlap_tokens);
    SAY(list, "A contribution holds at most %u proposals; a member sends at most %u contributions a month.",
        (unsigned)policy->max_candidates, (unsigned)policy->max_contributions);
}

static void say_releasing(const struct policy *policy, struct json *list)
{
    if (policy->mode == RELEASE_THRESHOLD)
        SAY(list,
            "An insight is released only if at least %u different members proposed it, from at least %u "
            "different task%s, and each of its phrases needs %u members too.",
            (unsigned)policy->k, (unsigned)policy->min_tasks, policy->min_tasks == 1 ? "" : "s", (unsigned)policy->k);
    else
        SAY(list,
            "Releases are differentially private: a round costs each member at most ε = %.6g at δ = %.3g, and a "
            "member's "
            "lifetime budget is ε = %.6g. At most %u statements of a member count in a round.",
            (double)policy->dp_epsilon_micro / 1e6, (double)policy->dp_delta_pico / 1e12,
            (double)policy->budget_epsilon_micro / 1e6, (unsigned)policy->dp_statements);
    if (policy->round_seconds)
        SAY(list, "Contributions are aggregated every %u hours.", (unsigned)((policy->round_seconds + 1800) / 3600));
    else
        SAY(list, "Contributions are aggregated when the operator says so.");
}

struct json *words_policy(const struct policy *policy)
{
    struct json *list = json_array();
    say_sending(policy, list);
    say_releasing(policy, list);
    return list;
}

static void say_threshold(const struct policy *policy, struct json *list)
{
    SAY(list,
        "A threshold is not differential privacy. That %u members proposed an insight hides which of them said "
        "it first; it puts no number (ε) on what can be inferred.",
        (unsigned)policy->k);
    if (policy->k == 2)
        SAY(list, "One member alone can tell with certainty whether another proposed an insight: it knows its own "
                  "proposals, and sees whether the insight was released.");
    else
        SAY(list,
            "%u members who put their knowledge together can tell with certainty whether one more proposed an "
            "insight: they know their own proposals, and see whether it was released.",
            (unsigned)policy->k - 1);
}

struct json *words_limits(const struct policy *policy)
{
    static const char *const rest[] = {
        "The server is trusted centrally: its vault and its distiller see scrubbed text in clear. There is no enclave.",
        "Scrubbing removes what its rules know. What no rule knows, and what a paraphrase still tells, can remain.",
        "A passed audit means that these attacks, on these data, found no more than the stated limit. It does not mean "
        "that no attack can.",
        "An attack that failed to run, had too few samples, or whose positive control did not succeed is not "
        "evaluated. It is never counted as safe.",
        "Copies of a library that were already pulled cannot be called back, and backups outlive a deletion.",
        "The log proves order and completeness of what it holds. That all members are shown the same log they learn by "
        "comparing checkpoints.",
        "Counts, key dates and budget are statements of the server: the signature proves who states them, not that "
        "they are true.",
    };
    struct json *list = json_array();
    if (policy->mode == RELEASE_THRESHOLD)
        say_threshold(policy, list);
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        json_push(list, json_text(rest[i]));
    return list;
}
