/* The offline check of a bundle, in lines for people. What is checked is written in protocol/evidence.h; here is what
 * each check lets a reader conclude, and what it does not. */
#include "audits/report/report.h"

#include "audits/report/page_report.h"
#include "base/encode.h"

static void add_hex(struct buf *summary, const uint8_t *data, size_t size)
{
    encode_hex(bytes_of(data, size), summary);
    buf_add_byte(summary, '\n');
}

static void say_signer(const struct evidence_facts *facts, const uint8_t keys_hash[static HASH_BYTES],
                       struct buf *summary)
{
    buf_add_str(summary, "signature   holds, by the evidence key ");
    add_hex(summary, facts->federation.evidence_key, SIGN_PUBLIC_BYTES);
    buf_add_str(summary, "federation  ");
    add_hex(summary, facts->federation.id, FEDERATION_ID_BYTES);
    buf_add_str(summary, "keys        ");
    add_hex(summary, keys_hash, HASH_BYTES);
    buf_add_str(summary, facts->pinned ? "            the keys that were expected\n"
                                       : "            not compared: check this against the keys that you trust\n");
}

static void say_content(const struct evidence_facts *facts, struct buf *summary)
{
    buf_addf(summary, "log         all %llu entries give the root of the signed checkpoint ",
             (unsigned long long)facts->checkpoint.size);
    add_hex(summary, facts->checkpoint.root, MERKLE_BYTES);
    if (facts->has_library)
        buf_addf(summary, "library     version %llu, %zu insights: signed, and the last release of the log\n",
                 (unsigned long long)facts->library.version, facts->library.insight_count);
    else
        buf_add_str(summary, "library     none was released\n");
    buf_add_str(summary, facts->has_audit ? "audit       embedded, with the hash that is stated\n"
                                          : "audit       none embedded\n");
    buf_add_str(summary, "unproved    that the counts, events and budget are true: the server states them;\n"
                         "            that members see the same log: compare checkpoints\n");
}

static enum status summarise(const struct evidence_facts *facts, struct buf *summary)
{
    uint8_t keys_hash[HASH_BYTES];
    TRY(federation_keys_hash(&facts->federation, keys_hash));
    say_signer(facts, keys_hash, summary);
    say_content(facts, summary);
    return buf_status(summary);
}

enum status report_check(const struct evidence *evidence, const uint8_t *keys_hash, struct evidence_facts *facts,
                         struct why *why)
{
    TRY(evidence_check(evidence, keys_hash, facts, why));
    if (!facts->has_audit || facts->entries[LOGGED_AUDIT] > 0)
        return OK;
    evidence_facts_free(facts);
    return why_set(why, ERR_DENIED, "the audit is not in the log", "evidence", 0);
}

static enum status verify(struct bytes text, const uint8_t *keys_hash, struct buf *summary, struct why *why)
{
    struct evidence evidence;
    struct evidence_facts facts;
    TRY(evidence_decode(text, &evidence, why));
    enum status status = report_check(&evidence, keys_hash, &facts, why);
    if (status == OK) {
        status = summarise(&facts, summary);
        evidence_facts_free(&facts);
    }
    evidence_free(&evidence);
    return status;
}

enum status report_verify(struct bytes evidence, struct buf *summary, struct why *why)
{
    return verify(evidence, NULL, summary, why);
}

enum status report_verify_expected(struct bytes evidence, const uint8_t keys_hash[static HASH_BYTES],
                                   struct buf *summary, struct why *why)
{
    return verify(evidence, keys_hash, summary, why);
}
