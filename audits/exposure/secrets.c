/* Forms of secrets and the runs that they are planted in: a call fails, is made again with a sign in front of its
 * argument, and succeeds; a second run of the task gives up. Every tenant has such runs, so that the lesson in them is
 * one that many share. */
#include "audits/exposure/secrets.h"

#include <stdio.h>

#include "insight/codebook.h"

/* --- forms --- */

/* 'd' a digit, 'c' a consonant, 'v' a vowel, 'x' a hexadecimal digit, 'w' a word of the public codebook; all else
 * stands for itself. The smallest form has 2^23 members. */
static const char *const forms[SECRET_PLACES][4] = {
    [SECRET_VALUE] = {"cvcvcvcv", "w w w", "Kd-dddddddd", "xxxxxxxxxxxx"},
    [SECRET_NAME] = {"cvcvcvcv", "w_w_w", "cvcvccvc", "cvccvcvcv"},
};

static char draw_sign(char sign, struct random random)
{
    static const char digits[] = "0123456789abcdef", consonants[] = "bcdfghjklmnpqrstvwxz", vowels[] = "aeiou";
    switch (sign) {
    case 'd':
        return digits[random_below(random, 10)];
    case 'x':
        return digits[random_below(random, 16)];
    case 'c':
        return consonants[random_below(random, sizeof consonants - 1)];
    case 'v':
        return vowels[random_below(random, sizeof vowels - 1)];
    default: /* a sign of no class stands for itself */
        return sign;
    }
}

static size_t draw_word(struct random random, char *out, size_t room)
{
    const char *word = codebook_topic((uint32_t)(1 + random_below(random, CODEBOOK_TOPICS - 1)));
    size_t size = strnlen(word, room - 1);
    memcpy(out, word, size);
    return size;
}

void secret_draw(enum secret_place place, size_t form, struct random random, struct secret_word *out)
{
    size_t size = 0;
    *out = (struct secret_word){0};
    for (const char *sign = forms[place][form % 4]; *sign && size + 1 < SECRET_MAX; sign++)
        if (*sign == 'w')
            size += draw_word(random, out->text + size, SECRET_MAX - size);
        else
            out->text[size++] = draw_sign(*sign, random);
}

/* --- runs --- */

struct run_parts {
    const char *task, *subject, *tool;
    bool succeeds;
};

static void write_call(struct buf *out, const char *id, const char *tool, const char *sign, const char *subject)
{
    buf_addf(out,
             "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"%s\",\"type\":\"function\","
             "\"function\":{\"name\":\"%s\",\"arguments\":\"{\\\"account\\\":\\\"%s%s\\\"}\"}}]},",
             id, tool, sign, subject);
}

static void write_run(struct buf *out, const struct run_parts *run)
{
    buf_addf(out,
             "{\"task_id\":\"%s\",\"trial\":%d,\"reward\":%d,\"instruction\":\"Have the account %s opened again\","
             "\"messages\":[{\"role\":\"user\",\"content\":\"Please open the account %s again, it is urgent.\"},",
             run->task, run->succeeds, run->succeeds, run->subject, run->subject);
    write_call(out, "a", run->tool, "", run->subject);
    buf_addf(out,
             "{\"role\":\"tool\",\"tool_call_id\":\"a\",\"name\":\"%s\",\"content\":\"Error: account %s not found\"},",
             run->tool, run->subject);
    if (run->succeeds) {
        write_call(out, "b", run->tool, "#", run->subject);
        buf_addf(out,
                 "{\"role\":\"tool\",\"tool_call_id\":\"b\",\"name\":\"%s\",\"content\":\"{\\\"status\\\":\\\"open\\\","
                 "\\\"account\\\":\\\"%s\\\"}\"},",
                 run->tool, run->subject);
    }
    buf_addf(out, "{\"role\":\"assistant\",\"content\":\"%s %s %s.\"}]}\n", run->succeeds ? "Account" : "I cannot find",
             run->subject, run->succeeds ? "is open" : "anywhere");
}

static void write_task(struct buf *out, enum secret_place place, size_t number, const struct secret_word *secret)
{
    char task[32], tool[SECRET_MAX + 16] = SECRET_TOOL;
    snprintf(task, sizeof task, "planted-%d-%zu", place, number);
    if (place == SECRET_NAME)
        snprintf(tool, sizeof tool, "open_%s", secret->text);
    struct run_parts run = {task, place == SECRET_NAME ? "of the day" : secret->text, tool, true};
    write_run(out, &run);
    run.succeeds = false;
    write_run(out, &run);
}

/* --- the scope --- */

static enum status plant(const struct audit_tenant *from, struct buf *runs, struct audit_tenant *to)
{
    size_t count = from->file_count;
    *to = (struct audit_tenant){.name = from->name};
    to->files = mem_new(count + 1, sizeof *to->files);
    to->file_names = mem_new(count + 1, sizeof *to->file_names);
    char *name = mem_copy(bytes_str("planted.jsonl"));
    if (!to->files || !to->file_names || !name || buf_status(runs) != OK) {
        mem_free(name);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        to->files[i] = from->files[i];
        to->file_names[i] = from->file_names[i];
    }
    to->files[count] = *runs;
    to->file_names[count] = name;
    to->file_count = count + 1;
    *runs = (struct buf){0};
    return OK;
}

static enum status plant_tenant(struct planted *planted, const struct audit_scope *scope, size_t tenant)
{
    SCOPED_BUF struct buf runs = {0};
    for (int place = 0; place < SECRET_PLACES; place++)
        for (size_t i = tenant; i < planted->count; i += scope->tenant_count)
            write_task(&runs, (enum secret_place)place, i, &planted->secrets[place][i]);
    planted->scope.tenant_count = tenant + 1;
    return plant(&scope->tenants[tenant], &runs, &planted->scope.tenants[tenant]);
}

static enum status draw_all(struct planted *planted, struct random random)
{
    for (int place = 0; place < SECRET_PLACES; place++) {
        planted->secrets[place] = mem_new(planted->count + 1, sizeof *planted->secrets[place]);
        if (!planted->secrets[place])
            return ERR_MEMORY;
        for (size_t i = 0; i < planted->count; i++)
            secret_draw((enum secret_place)place, i, random, &planted->secrets[place][i]);
    }
    return OK;
}

enum status planted_new(const struct audit_scope *scope, size_t count, struct random random, struct planted *out)
{
    *out = (struct planted){.scope = *scope, .count = count};
    out->scope.clients = NULL; /* these halves are asked for once */
    out->scope.tenant_count = 0;
    out->scope.tenants = mem_new(scope->tenant_count + 1, sizeof *out->scope.tenants);
    enum status status = out->scope.tenants ? draw_all(out, random) : ERR_MEMORY;
    for (size_t t = 0; t < scope->tenant_count && status == OK; t++)
        status = plant_tenant(out, scope, t);
    if (status != OK)
        planted_free(out);
    return status;
}

void planted_free(struct planted *planted)
{
    for (size_t t = 0; t < planted->scope.tenant_count; t++) {
        struct audit_tenant *tenant = &planted->scope.tenants[t];
        if (tenant->file_count > 0) { /* the last one is ours, the others are borrowed */
            buf_free(&tenant->files[tenant->file_count - 1]);
            mem_free(tenant->file_names[tenant->file_count - 1]);
        }
        mem_free(tenant->files);
        mem_free(tenant->file_names);
    }
    mem_free(planted->scope.tenants);
    for (int place = 0; place < SECRET_PLACES; place++)
        mem_free(planted->secrets[place]);
    *planted = (struct planted){0};
}
