/* Hides the wire: a request of ours, a reply of anybody's. */
#include "audits/prompts/model.h"

#include "base/json.h"
#include "insight/read_json.h"
#include "transport/http.h"

#define ANSWER_TOKENS 2048 /* room for a model that thinks aloud first */

struct model {
    struct http *http;
    char *name;
};

enum status model_open(const char *url, const char *name, struct model **out, struct why *why)
{
    *out = NULL;
    struct model *model = mem_new(1, sizeof *model);
    if (!model)
        return ERR_MEMORY;
    model->name = mem_copy(bytes_str(name ? name : "default"));
    enum status status = model->name ? http_new_service(url, &model->http, why) : ERR_MEMORY;
    if (status == OK)
        *out = model;
    else
        model_close(model);
    return status;
}

void model_close(struct model *model)
{
    if (!model)
        return;
    http_free(model->http);
    mem_free(model->name);
    mem_free(model);
}

static enum status write_request(const struct model *model, struct bytes question, struct buf *out)
{
    SCOPED_JSON struct json *request = json_object();
    struct json *messages = json_array(), *message = json_object();
    json_set(message, "role", json_text("user"));
    json_set(message, "content", json_string(question));
    json_push(messages, message);
    json_set(request, "model", json_text(model->name));
    json_set(request, "temperature", json_integer(0));
    json_set(request, "max_tokens", json_integer(ANSWER_TOKENS));
    json_set(request, "messages", messages);
    return json_canonical(request, out);
}

enum status model_reply(struct bytes body, struct buf *answer)
{
    struct view reply = VIEW_NONE, choice = VIEW_NONE;
    struct view_walk walk;
    struct bytes key = BYTES_NONE;
    if (view_of(body, &reply, NULL) != OK || reply.kind != JSON_OBJECT_START)
        return ERR_INPUT;
    struct view choices = view_get(reply, "choices");
    if (choices.kind != JSON_ARRAY_START)
        return ERR_INPUT;
    view_walk_start(&walk, choices);
    if (!view_walk_next(&walk, &key, &choice) || choice.kind != JSON_OBJECT_START)
        return ERR_INPUT;
    struct view message = view_get(choice, "message");
    struct view content = message.kind == JSON_OBJECT_START ? view_get(message, "content") : VIEW_NONE;
    if (content.kind != JSON_STRING)
        return ERR_INPUT;
    view_text(content, answer);
    return buf_status(answer);
}

enum status model_ask(struct model *model, struct bytes question, struct buf *answer, struct why *why)
{
    SCOPED_BUF struct buf request = {.secret = true};
    struct http_reply reply = {0};
    TRY(write_request(model, question, &request));
    TRY(http_post(model->http, "/chat/completions", "application/json", buf_bytes(&request), MODEL_ANSWER_MAX, &reply,
                  why));
    enum status status = reply.status == 200 ? model_reply(buf_bytes(&reply.body), answer)
                                             : why_set(why, ERR_UNAVAILABLE, "the model refuses", "--llm", 0);
    http_reply_free(&reply);
    return status;
}

/* --- what an answer says --- */

static struct bytes behind_thoughts(struct bytes answer)
{
    static const char end[] = "</think>";
    for (size_t at = bytes_find(answer, bytes_str(end)); at != SIZE_MAX; at = bytes_find(answer, bytes_str(end)))
        answer = bytes_part(answer, at + strlen(end), answer.size);
    return answer;
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

enum status model_number(struct bytes answer, size_t most, size_t *number)
{
    size_t found = 0;
    *number = 0;
    answer = behind_thoughts(answer);
    for (size_t at = 0; at < answer.size; at++) {
        size_t value = 0;
        if (!is_digit(answer.data[at]))
            continue;
        for (; at < answer.size && is_digit(answer.data[at]); at++)
            value = value > most ? value : value * 10 + (size_t)(answer.data[at] - '0');
        if (value < 1 || value > most || (found && found != value))
            return ERR_INPUT;
        found = value;
    }
    *number = found;
    return found ? OK : ERR_INPUT;
}
