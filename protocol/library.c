/* The library's document: insights and the set of them. Hides the bands of support and the spelling of an insight. */
#include "protocol/library.h"

#include <stdio.h>

#include "protocol/candidate_fields.h"
#include "protocol/record.h"

static const char *const mode_names[] = {[RELEASE_THRESHOLD] = "threshold", [RELEASE_DP] = "dp"};
#define MODES (sizeof mode_names / sizeof *mode_names)

static const char *const band_names[SUPPORT_BANDS] = {
    [SUPPORT_K] = "k+",   [SUPPORT_5] = "5+",   [SUPPORT_10] = "10+",
    [SUPPORT_20] = "20+", [SUPPORT_50] = "50+", [SUPPORT_100] = "100+",
};
static const uint32_t band_least[SUPPORT_BANDS] = {0, 5, 10, 20, 50, 100};

const char *support_band_name(enum support_band band)
{
    return band < SUPPORT_BANDS ? band_names[band] : "unknown";
}

enum support_band support_band_of(uint32_t tenants)
{
    unsigned band = SUPPORT_BANDS - 1;
    while (tenants < band_least[band])
        band--;
    return (enum support_band)band;
}

void support_text(enum release_mode mode, uint32_t k, enum support_band band, char out[static SUPPORT_TEXT])
{
    if (band != SUPPORT_K)
        snprintf(out, SUPPORT_TEXT, "%s", support_band_name(band));
    else if (mode == RELEASE_DP)
        snprintf(out, SUPPORT_TEXT, "several");
    else
        snprintf(out, SUPPORT_TEXT, "%u+", k);
}

/* --- one insight --- */

void insight_free(struct insight *insight)
{
    candidate_free(&insight->text);
    *insight = (struct insight){0};
}

static struct json *ids_array(const uint8_t (*ids)[INSIGHT_ID_BYTES], size_t count)
{
    struct json *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_push(array, json_hex(bytes_of(ids[i], INSIGHT_ID_BYTES)));
    return array;
}

struct json *insight_encode(const struct insight *insight)
{
    struct json *object = json_object();
    candidate_fields_set(object, &insight->text);
    json_set(object, "id", json_hex(bytes_of(insight->id, INSIGHT_ID_BYTES)));
    json_set(object, "links", ids_array(insight->links, insight->link_count));
    if (insight->rate != INSIGHT_RATE_UNKNOWN)
        json_set(object, "rate", json_integer(insight->rate));
    json_set(object, "support", json_text(support_band_name(insight->support)));
    return object;
}

static void take_ids(struct json_fields *fields, const struct json *array, const char *key,
                     uint8_t (*out)[INSIGHT_ID_BYTES], size_t *count)
{
    for (size_t i = 0; fields->status == OK && i < json_count(array); i++) {
        if (record_hex(json_string_bytes(json_at(array, i)), out[i], INSIGHT_ID_BYTES) != OK)
            record_fail(fields, ERR_INPUT, "not an insight's id", key);
        *count = i + 1;
    }
}

enum status insight_decode(const struct json *value, struct insight *out, struct why *why)
{
    struct json_fields fields;
    memset(out, 0, sizeof *out);
    json_fields(&fields, value, "insight", why);
    candidate_fields_take(&fields, &out->text);
    record_take_hex(&fields, "id", out->id, INSIGHT_ID_BYTES);
    const struct json *links = json_take_array(&fields, "links", INSIGHT_LINKS_MAX);
    take_ids(&fields, links, "links", out->links, &out->link_count);
    out->rate = INSIGHT_RATE_UNKNOWN;
    if (json_has(&fields, "rate"))
        out->rate = (uint8_t)json_take_integer(&fields, "rate", 0, 10);
    out->support = (enum support_band)json_take_choice(&fields, "support", band_names, SUPPORT_BANDS);
    enum status status = json_fields_end(&fields);
    if (status != OK)
        insight_free(out);
    return status;
}

/* --- the set --- */

void library_free(struct library *library)
{
    for (size_t i = 0; i < library->insight_count; i++)
        insight_free(&library->insights[i]);
    mem_free(library->insights);
    mem_free(library->retractions);
    *library = (struct library){0};
}

enum status library_encode(const struct library *library, struct buf *out)
{
    if (library->mode >= MODES || !record_is_epoch(library->epoch))
        return ERR_USAGE;
    struct json *object = record_new(), *insights = json_array();
    for (size_t i = 0; i < library->insight_count; i++)
        json_push(insights, insight_encode(&library->insights[i]));
    json_set(object, "epoch", json_text(library->epoch));
    json_set(object, "federation", json_hex(bytes_of(library->federation, FEDERATION_ID_BYTES)));
    json_set(object, "insights", insights);
    json_set(object, "k", json_integer(library->k));
    json_set(object, "mode", json_text(mode_names[library->mode]));
    json_set(object, "policy", json_hex(bytes_of(library->policy, HASH_BYTES)));
    json_set(object, "retractions",
             ids_array((const uint8_t(*)[INSIGHT_ID_BYTES])library->retractions, library->retraction_count));
    json_set(object, "round", record_count(library->round));
    json_set(object, "version", record_count(library->version));
    return record_close(object, out);
}

static void take_insights(struct json_fields *fields, struct library *out)
{
    const struct json *array = json_take_array(fields, "insights", LIBRARY_INSIGHTS_MAX);
    size_t count = json_count(array);
    out->insights = record_room(fields, "insights", count, sizeof *out->insights);
    if (!out->insights)
        return;
    for (size_t i = 0; fields->status == OK && i < count; i++) {
        fields->status = insight_decode(json_at(array, i), &out->insights[i], fields->why);
        out->insight_count = i + 1;
    }
}

static void take_retractions(struct json_fields *fields, struct library *out)
{
    const struct json *array = json_take_array(fields, "retractions", LIBRARY_INSIGHTS_MAX);
    out->retractions = record_room(fields, "retractions", json_count(array), sizeof *out->retractions);
    if (!out->retractions)
        return;
    take_ids(fields, array, "retractions", out->retractions, &out->retraction_count);
}

enum status library_decode(struct bytes text, struct library *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    *out = (struct library){0};
    TRY(record_open(text, LIBRARY_MAX, "library", &json, &fields, why));
    record_take_epoch(&fields, "epoch", out->epoch);
    record_take_hex(&fields, "federation", out->federation, FEDERATION_ID_BYTES);
    out->k = (uint32_t)json_take_integer(&fields, "k", 1, UINT32_MAX);
    out->mode = (enum release_mode)json_take_choice(&fields, "mode", mode_names, MODES);
    record_take_hex(&fields, "policy", out->policy, HASH_BYTES);
    out->round = record_take_count(&fields, "round");
    out->version = record_take_count(&fields, "version");
    if (fields.status == OK && out->version == 0)
        record_fail(&fields, ERR_INPUT, "versions begin with one", "version");
    take_insights(&fields, out);
    take_retractions(&fields, out);
    enum status status = json_fields_end(&fields);
    if (status != OK)
        library_free(out);
    return status;
}
