/* Problem documents. Hides the table from statuses to HTTP; what failed inside the server all looks the same from
 * outside. */
#include "protocol/problem.h"

#include "base/json.h"
#include "protocol/record.h"

#define PROBLEM_MAX 4096
#define URN "urn:chatham:problem:"

static const struct {
    enum status code, heard_as; /* what the other side takes it for */
    int http;
    const char *type;
} rows[] = {
    {ERR_USAGE, ERR_USAGE, 400, URN "usage"},
    {ERR_INPUT, ERR_INPUT, 400, URN "input"},
    {ERR_VERSION, ERR_VERSION, 400, URN "version"},
    {ERR_TOO_LARGE, ERR_TOO_LARGE, 413, URN "too-large"},
    {ERR_NOT_FOUND, ERR_NOT_FOUND, 404, URN "not-found"},
    {ERR_EXISTS, ERR_EXISTS, 409, URN "exists"},
    {ERR_DENIED, ERR_DENIED, 403, URN "denied"},
    {ERR_POLICY, ERR_POLICY, 422, URN "policy"},
    {ERR_LIMIT, ERR_LIMIT, 429, URN "limit"},
    {ERR_UNAVAILABLE, ERR_UNAVAILABLE, 503, URN "unavailable"},
    {ERR_IO, ERR_UNAVAILABLE, 500, URN "internal"},
    {ERR_CORRUPT, ERR_UNAVAILABLE, 500, URN "internal"},
    {ERR_MEMORY, ERR_UNAVAILABLE, 500, URN "internal"},
    {ERR_BUG, ERR_UNAVAILABLE, 500, URN "internal"},
};
#define ROWS (sizeof rows / sizeof *rows)

static size_t row_of(enum status code)
{
    size_t i = 0;
    while (i < ROWS - 1 && rows[i].code != code)
        i++;
    return i;
}

int problem_http(enum status code)
{
    return code == OK ? 200 : rows[row_of(code)].http;
}

enum status problem_encode(enum status code, const char *detail, struct buf *out)
{
    size_t row = row_of(code);
    struct json *object = json_object();
    if (detail)
        json_set(object, "detail", json_text(detail));
    json_set(object, "status", json_integer(rows[row].http));
    json_set(object, "title", json_text(status_text(rows[row].heard_as)));
    json_set(object, "type", json_text(rows[row].type));
    return record_close(object, out);
}

enum status problem_decode(struct bytes body, int http)
{
    SCOPED_JSON struct json *json = NULL;
    if (json_parse(body, PROBLEM_MAX, &json, NULL) != OK)
        return ERR_UNAVAILABLE;
    struct bytes type = json_string_bytes(json_get(json, "type"));
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].http == http && bytes_is(type, rows[i].type))
            return rows[i].heard_as;
    return ERR_UNAVAILABLE;
}
