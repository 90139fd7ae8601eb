/* The two ways in which a checked identifier is found: behind (or before) its label, loosely written, and alone, in the
 * exact form that only it has. Both ask the document's check. */
#pragma once

#include "redaction/id_check.h"
#include "redaction/recognizer.h"

/* Behind the label that ends at `end`: row->shape is the form (redaction/id_form.h). Looks at
 * the next words too, since a check says more than closeness, and just before the label. */
size_t id_match_behind(struct scan *scan, const struct recognizer *row, size_t end, id_check holds);
/* Around the run of digits that ends at `end`: exactly row->shape, alone. With ROW_INSIDE letters stand before. */
size_t id_match_alone(struct scan *scan, const struct recognizer *row, size_t end, id_check holds);

/* Behind a label: one value of row->shape (redaction/shape.h) with two digits or more. */
size_t match_numbered(struct scan *scan, const struct recognizer *row, size_t end);

/* Match functions for tables of rows. */
#define ID_BEHIND(check)                                                                                               \
    static size_t behind_##check(struct scan *scan, const struct recognizer *row, size_t end)                          \
    {                                                                                                                  \
        return id_match_behind(scan, row, end, id_##check);                                                            \
    }
#define ID_ALONE(check)                                                                                                \
    static size_t alone_##check(struct scan *scan, const struct recognizer *row, size_t end)                           \
    {                                                                                                                  \
        return id_match_alone(scan, row, end, id_##check);                                                             \
    }
/* Rows: words '|' between. */
#define ROW_BEHIND(name, type, words, form, check, score, source)                                                      \
    ROW_LABELLED(name, type, words, form, check, score, ROW_JOINED, source)
/* For what has no check digit: right behind its label only. */
#define ROW_NEARBY(name, type, words, form, check, score, source)                                                      \
    ROW_LABELLED(name, type, words, form, check, score, ROW_NEAR, source)
#define ROW_LABELLED(name, type, words, form, check, score, flags, source)                                             \
    {                                                                                                                  \
        name, type, words, behind_##check, form, score, ROW_LEARN | ROW_LIST | (flags), source,                        \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }
#define ROW_ALONE(name, type, form, check, score, flags, source, ...)                                                  \
    {                                                                                                                  \
        name, type, NULL, alone_##check, form, score, ROW_LEARN | (flags), source, __VA_ARGS__                         \
    }
