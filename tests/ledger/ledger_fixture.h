/* A ledger on a database of its own, in memory or a file, for tests. */
#pragma once

#include "ledger/ledger.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const book_migrations[] = {LEDGER_MIGRATION, LEDGER_MIGRATION_FILTER, NULL};
static const struct db_schema book_schema = {"ledger store", book_migrations};
static const struct bytes acme = {(const uint8_t *)"acme", 4}, brook = {(const uint8_t *)"brook", 5};

#define NOW INT64_C(1780000000)
#define DAY INT64_C(86400)
#define EPSILON(n) ((struct dp_epsilon){(n)})
#define RHO(n) ((struct dp_zcdp){(n), 0})

struct book {
    struct db *db;
    struct ledger *ledger;
    struct ledger_terms terms;
};

static inline void book_close(struct book *book)
{
    ledger_close(book->ledger);
    db_close(book->db);
    *book = (struct book){0};
}
#define SCOPED_BOOK __attribute__((cleanup(book_close)))

/* With a cap of ρ, and of `pure` for who was charged nothing else. */
static inline struct ledger_terms book_terms(uint64_t rho, uint64_t pure)
{
    return (struct ledger_terms){.federation = {1, 2, 3}, .cap = {{rho, rho ? DP_DELTA_ONE / 1000 : 0}, {pure}}};
}

static inline struct book book_open(const char *path, const struct ledger_terms *terms)
{
    struct book book = {.terms = *terms};
    SCOPED_SECRET struct secret key = {0};
    assert_int_equal(secret_new(&key, 32), OK);
    assert_int_equal(db_open(path, path ? &key : NULL, &book_schema, &book.db, NULL), OK);
    assert_int_equal(ledger_open(book.db, terms, &book.ledger, NULL), OK);
    return book;
}

static inline struct book book_of(uint64_t rho, uint64_t pure)
{
    const struct ledger_terms terms = book_terms(rho, pure);
    return book_open(NULL, &terms);
}

static inline struct ledger_loss book_spent(struct book *book, struct bytes tenant, enum ledger_span span, int64_t now)
{
    struct ledger_loss out = {{99, 99}, {99}};
    assert_int_equal(ledger_spent(book->ledger, tenant, span, now, &out), OK);
    return out;
}

static inline uint64_t book_rho(struct book *book, struct bytes tenant)
{
    return book_spent(book, tenant, LEDGER_LIFETIME, NOW).zcdp.rho;
}

static inline uint64_t book_pure(struct book *book, struct bytes tenant)
{
    return book_spent(book, tenant, LEDGER_LIFETIME, NOW).epsilon.micro;
}

static inline enum status book_round(struct book *book, uint64_t round, uint64_t rho, int64_t now)
{
    struct ledger_round out;
    return ledger_charge_round(book->ledger, round, ledger_loss_of_zcdp(RHO(rho)), now, &out, NULL);
}

static inline struct ledger_local book_local(struct bytes tenant, struct bytes device, uint8_t key,
                                             struct ledger_loss loss)
{
    return (struct ledger_local){.tenant = tenant, .device = device, .key = {key}, .loss = loss};
}

/* The tenant's one device, pure noise. */
static inline enum status book_charge(struct book *book, struct bytes tenant, uint8_t key, uint64_t micro, int64_t now)
{
    const struct ledger_local local = book_local(tenant, BYTES_NONE, key, ledger_loss_of_pure(EPSILON(micro)));
    return ledger_charge(book->ledger, &local, now, NULL);
}
