/* Hides the BPF program: the architecture first (x32 has that of x86-64, but numbers that are in no row), then a block
 * a row, which loads the call's number, leaves for the next row where something doesn't fit, and otherwise returns. The
 * kernel remembers calls that are allowed whatever their arguments are, so the length of the walk costs only the
 * others. */
#include "server/process_filter.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "server/process_calls.h"
#include "server/process_filter_log.h"

#if defined(__x86_64__)
#define FILTER_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define FILTER_ARCH AUDIT_ARCH_AARCH64
#else
#error "process_calls.c has no list for this architecture yet"
#endif

#define CODE_MAX 2048
#define EXITS_MAX 8 /* of one row */
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the low half of an argument comes first here"
#endif
#define LOW_HALF(argument) (uint32_t)(offsetof(struct seccomp_data, args) + (argument) * sizeof(uint64_t))
#define HIGH_HALF(argument) (LOW_HALF(argument) + sizeof(uint32_t))

struct program {
    struct sock_filter code[CODE_MAX];
    unsigned short size;
    unsigned short exits[EXITS_MAX]; /* jumps of the row under way that must lead behind it */
    unsigned exit_count;
};

static void add(struct program *program, uint16_t code, uint32_t value, uint8_t if_true, uint8_t if_false)
{
    INVARIANT(program->size < CODE_MAX);
    program->code[program->size++] = (struct sock_filter){code, if_true, if_false, value};
}

static void load(struct program *program, size_t offset)
{
    add(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void give(struct program *program, uint32_t action)
{
    add(program, BPF_RET | BPF_K, action, 0, 0);
}

static void note_exit(struct program *program)
{
    INVARIANT(program->exit_count < EXITS_MAX);
    program->exits[program->exit_count++] = program->size;
}

static void leave_unless_equal(struct program *program, uint32_t value)
{
    note_exit(program);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, value, 0, UINT8_MAX);
}

static void leave_if_any_bit(struct program *program, uint32_t bits)
{
    note_exit(program);
    add(program, BPF_JMP | BPF_JSET | BPF_K, bits, UINT8_MAX, 0);
}

static void end_row(struct program *program)
{
    for (unsigned i = 0; i < program->exit_count; i++) {
        struct sock_filter *jump = &program->code[program->exits[i]];
        uint8_t distance = (uint8_t)(program->size - program->exits[i] - 1);
        *(jump->jt == UINT8_MAX ? &jump->jt : &jump->jf) = distance;
    }
    program->exit_count = 0;
}

static void add_condition(struct program *program, const struct call_condition *condition)
{
    if (condition->test == CALL_ANY)
        return;
    load(program, LOW_HALF(condition->argument));
    switch (condition->test) {
    case CALL_ANY:
        return;
    case CALL_IS:
        leave_unless_equal(program, condition->value);
        return;
    case CALL_LACKS:
        leave_if_any_bit(program, condition->value);
        return;
    case CALL_SELF:
        leave_unless_equal(program, (uint32_t)getpid());
        return;
    case CALL_ZERO:
        leave_unless_equal(program, 0);
        load(program, HIGH_HALF(condition->argument));
        leave_unless_equal(program, 0);
        return;
    }
}

static bool is_for(const struct call_row *row, enum role role)
{
    return role == ROLE_SUPERVISOR ? (row->roles == 1u << role || row->error == 0) : (row->roles & 1u << role) != 0;
}

static void add_rows(struct program *program, enum role role, const struct call_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct call_row *row = &table->rows[i];
        if (!is_for(row, role))
            continue;
        load(program, offsetof(struct seccomp_data, nr));
        leave_unless_equal(program, row->call);
        for (size_t c = 0; c < CALL_CONDITIONS; c++)
            add_condition(program, &row->when[c]);
        give(program, row->error ? SECCOMP_RET_ERRNO | (uint32_t)row->error : SECCOMP_RET_ALLOW);
        end_row(program);
    }
}

static void assemble(struct program *program, enum role role, uint32_t otherwise)
{
    load(program, offsetof(struct seccomp_data, arch));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, FILTER_ARCH, 1, 0);
    give(program, SECCOMP_RET_KILL_PROCESS);
    add_rows(program, role, &process_calls);
    add_rows(program, role, &process_calls_legacy);
    add_rows(program, role, &process_calls_instrumented);
    give(program, otherwise);
}

/* One filter of a process can have a listener, and the supervisor's is under its children's: its calls go to the
 * kernel's log. */
static uint32_t last_word(enum role role, enum sandbox sandbox)
{
    if (sandbox == SANDBOX_KILL)
        return SECCOMP_RET_KILL_PROCESS;
    return role == ROLE_SUPERVISOR ? SECCOMP_RET_LOG : SECCOMP_RET_USER_NOTIF;
}

enum status process_filter(enum role role, enum sandbox sandbox, struct why *why)
{
    static struct program program;
    const uint32_t last = last_word(role, sandbox);
    program = (struct program){0};
    assemble(&program, role, last);
    const struct sock_fprog filter = {program.size, program.code};
    if (last == SECCOMP_RET_USER_NOTIF)
        return process_filter_log(&filter, why);
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0)
        return why_set(why, ERR_IO, "the kernel refuses the system call filter", "process", 0);
    return OK;
}
