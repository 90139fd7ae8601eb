/* Sanitizers read maps, start a tracing helper at the end and print with libraries' help; coverage writes its counts.
 * A build with them is for tests: its filters are wide here, and nowhere else. */
#include "server/process_calls.h"

#ifdef CHATHAM_INSTRUMENTED
#include <sys/syscall.h>

#include "server/message.h"

#define ALL (1u << ROLE_GATE | 1u << ROLE_VAULT | 1u << ROLE_DISTIL)

static const struct call_row rows[] = {
    {SYS_openat, ALL, {{0}}, 0},          {SYS_pread64, ALL, {{0}}, 0},    {SYS_readlinkat, ALL, {{0}}, 0},
    {SYS_getdents64, ALL, {{0}}, 0},      {SYS_newfstatat, ALL, {{0}}, 0}, {SYS_statx, ALL, {{0}}, 0},
    {SYS_madvise, ALL, {{0}}, 0},         {SYS_mmap, ALL, {{0}}, 0},       {SYS_mprotect, ALL, {{0}}, 0},
    {SYS_prctl, ALL, {{0}}, 0},           {SYS_clone, ALL, {{0}}, 0},      {SYS_wait4, ALL, {{0}}, 0},
    {SYS_sigaltstack, ALL, {{0}}, 0},     {SYS_ioctl, ALL, {{0}}, 0},      {SYS_prlimit64, ALL, {{0}}, 0},
    {SYS_set_robust_list, ALL, {{0}}, 0}, {SYS_fcntl, ALL, {{0}}, 0},      {SYS_mkdirat, ALL, {{0}}, 0},
    {SYS_getppid, ALL, {{0}}, 0},         {SYS_ptrace, ALL, {{0}}, 0},     {SYS_tgkill, ALL, {{0}}, 0},
    {SYS_ftruncate, ALL, {{0}}, 0},       {SYS_rseq, ALL, {{0}}, 0},       {SYS_sched_getaffinity, ALL, {{0}}, 0},
#ifdef SYS_readlink
    {SYS_readlink, ALL, {{0}}, 0},
#endif
};
const struct call_table process_calls_instrumented = {rows, sizeof rows / sizeof *rows};

static int is_confined;

int __lsan_is_turned_off(void); /* asked by the sanitizer at the end */
int __lsan_is_turned_off(void)
{
    return is_confined;
}

void process_calls_no_leak_check(void)
{
    is_confined = 1;
}
#else
void process_calls_no_leak_check(void)
{
}

const struct call_table process_calls_instrumented = {NULL, 0};
#endif
