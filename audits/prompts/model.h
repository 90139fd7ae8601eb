/* A language model behind an OpenAI-compatible endpoint that the operator names. It is asked one question at a time,
 * at temperature 0, and nothing of an answer is believed but its text. */
#pragma once

#include "base/bytes.h"

#define MODEL_ANSWER_MAX (1u << 20) /* bytes of a reply */

struct model;
/* url: up to and with "/v1"; what follows is "/chat/completions" (transport/http.h, http_new_service). ERR_USAGE. */
MUST_USE enum status model_open(const char *url, const char *name, struct model **out, struct why *why);
void model_close(struct model *model);
/* The text of the first choice, appended. ERR_UNAVAILABLE: no answer, or a refusal by status code; ERR_INPUT: an answer
 * without a text; ERR_TOO_LARGE. */
MUST_USE enum status model_ask(struct model *model, struct bytes question, struct buf *answer, struct why *why);
/* The text in a reply's body. ERR_INPUT. */
MUST_USE enum status model_reply(struct bytes body, struct buf *answer);
/* The one number of 1 .. most that an answer names, whatever stands around it; what comes before a closing "</think>"
 * is not read. ERR_INPUT: none, or several. */
MUST_USE enum status model_number(struct bytes answer, size_t most, size_t *number);
