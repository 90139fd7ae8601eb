/* Words for tools, arguments and errors: the canonical spelling from which equal experiences get equal phrases. */
#pragma once

#include "protocol/candidate.h"

#define TOOL_MAX 80

/* What a call does, as an action name: the tool's own, or "$ git push" for a command line (program and subcommand).
 * False when it says nothing (thinking aloud, an unnameable script). */
bool action_of_call(const char *tool, const char *arguments, char out[static TOOL_MAX]);
bool action_is_shell(const char *action);
/* "book_reservation" → "booking a reservation" / "book a reservation"; "$ git push" → "running git push" / "run git
 * push". */
void action_doing(const char *action, char out[static PHRASE_MAX]);
void action_do(const char *action, char out[static PHRASE_MAX]);
/* As a step of instructions: "cancel the reservation", but "book a reservation". */
void action_step(const char *action, char out[static PHRASE_MAX]);
/* Whether an action changes something, by its verb (update, book, cancel, Edit, git push); looking and computing don't.
 */
bool action_changes(const char *action);
/* "payment_methods[].amount" → "amount in payment methods". Empty if nothing of it can be said. */
void argument_words(const char *path, char out[static SLOT_MAX]);
/* An error without its case: "Error: payment method certificate_7504069 not found" → "payment method not found".
 * Words outside the public vocabulary, numbers, quotes, paths and placeholders go, and what error_cut cuts. False when
 * nothing is left. */
bool error_words(const char *result, char out[static SLOT_MAX]);
/* The same uncut: for comparing it with what must not be told, never to be sent. */
bool error_report(const char *result, char out[static SLOT_MAX]);
/* Of an error's words (in lower case, a space between) the part that says what went wrong: the first turn of errors
 * ("denied", "expired", what is "not ...", "already ...", "must ...") and what follows, as far as no more than
 * ERROR_ASIDE_MAX other words that carry content stand before it, or after a turn. Without a turn, as many from the
 * start. What it keeps turns on the text alone, so that devices with the same error send the same words. */
#define ERROR_ASIDE_MAX 2
void error_cut(char text[static SLOT_MAX]);
/* A command line's options ("--rebase", "-n"), sorted, distinct, without values; at most `room`. */
#define OPTION_MAX 24
size_t command_options(const char *arguments, char (*out)[OPTION_MAX], size_t room);
