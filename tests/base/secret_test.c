/* secret: what was secret is gone afterwards, from the stack and from the heap, and the search for it can find it. */
#include "base/secret.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char mark[] = "a secret of thirty-two bytes, 32";

/* --- the stack: a thread on memory of ours, searched when it has ended --- */

__attribute__((noinline)) static void use(uint8_t *memory)
{
    memcpy(memory, mark, 32);
    __asm__ volatile("" : : "r"(memory) : "memory"); /* the compiler must believe that somebody reads it */
}

__attribute__((noinline)) static void careful(void)
{
    uint8_t key[32] WIPED_32 = {0};
    use(key);
}

__attribute__((noinline)) static void careless(void)
{
    uint8_t key[32] = {0};
    use(key);
}

/* So deep down that the end of the thread itself overwrites nothing. */
static void *run_deep(void *function)
{
    uint8_t depth[8192];
    __asm__ volatile("" : : "r"(depth) : "memory");
    (*(void (**)(void))function)();
    __asm__ volatile("" : : "r"(depth) : "memory");
    return NULL;
}

static bool stack_keeps_it(void (*function)(void))
{
    const size_t size = 1u << 20;
    void *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_attr_t attributes;
    pthread_t thread;
    assert_true(stack != MAP_FAILED);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, stack, size), 0);
    assert_int_equal(pthread_create(&thread, &attributes, run_deep, &function), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    bool kept = memmem(stack, size, mark, 32) != NULL;
    pthread_attr_destroy(&attributes);
    munmap(stack, size);
    return kept;
}

static void test_stack(void **state)
{
    (void)state;
    assert_true(stack_keeps_it(careless)); /* positive control */
    assert_false(stack_keeps_it(careful));
}

/* --- the heap: free() is ours in this program and looks at what it is given. A sanitizer has its own. --- */

#ifdef __SANITIZE_ADDRESS__
static void test_heap(void **state)
{
    (void)state;
    skip();
}
#else
extern void __libc_free(void *memory);
static void *watched;
static size_t watched_size, seen_marked, seen_clean;

void free(void *memory)
{
    if (memory && memory == watched) {
        if (memmem(memory, watched_size, mark, 32))
            seen_marked++;
        else
            seen_clean++;
        watched = NULL;
    }
    __libc_free(memory);
}

static void watch(const struct buf *buf)
{
    watched = buf->data;
    watched_size = buf->room;
}

static void use_buf(struct buf *buf)
{
    seen_marked = seen_clean = 0;
    buf_add_str(buf, mark);
    watch(buf);
    buf_reserve(buf, 100000); /* moves it; realloc in place frees nothing */
    buf_add_str(buf, mark);
    watch(buf);
    buf_free(buf);
}

static void test_heap(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf);
    use_buf(&buf);
    assert_true(seen_marked >= 1); /* positive control */
    buf_init_secret(&buf);
    use_buf(&buf);
    assert_int_equal(seen_marked, 0);
    assert_int_equal(seen_clean, 2);
}
#endif

static void test_clear(void **state)
{
    (void)state;
    struct buf buf;
    buf_init_secret(&buf);
    buf_add_str(&buf, mark);
    buf_clear(&buf);
    assert_null(memmem(buf.data, buf.room, mark, 8));
    buf_free(&buf);
}

static void test_secret_memory(void **state)
{
    (void)state;
    struct secret a, b;
    assert_int_equal(secret_start(4096, NULL), OK);
    assert_int_equal(secret_copy(&a, bytes_str(mark)), OK);
    assert_int_equal(secret_random(&b, sizeof mark - 1), OK);
    assert_false(secret_equal(secret_bytes(&a), secret_bytes(&b)));
    assert_true(secret_equal(secret_bytes(&a), bytes_str(mark)));
    assert_false(secret_equal(secret_bytes(&a), bytes_str("a")));
    secret_free(&a);
    secret_free(&a);
    secret_free(&b);
    assert_null(a.data);
    assert_int_equal(secret_new(&a, 0), OK);
    secret_free(&a);
}

/* How many of the mark's bytes a child finds where the parent wrote it. */
static int child_finds(const uint8_t *memory)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int found = 0;
        for (size_t i = 0; i < 32; i++)
            found += memory[i] != 0;
        _exit(found);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_unforked(void **state)
{
    (void)state;
    struct secret shared, own;
    assert_int_equal(secret_copy(&shared, bytes_str(mark)), OK);
    assert_int_equal(secret_unforked_new(&own, 5000), OK);
    assert_int_equal(own.size, 5000);
    assert_true(own.data[0] == 0 && own.data[4999] == 0);
    memcpy(own.data, mark, 32);
    assert_int_equal(child_finds(shared.data), 32); /* positive control */
    assert_int_equal(child_finds(own.data), 0);
    assert_memory_equal(own.data, mark, 32); /* the parent keeps it */
    secret_free(&shared);
    secret_unforked_free(&own);
    secret_unforked_free(&own);
    assert_null(own.data);
    assert_int_equal(secret_unforked_new(&own, SIZE_MAX), ERR_MEMORY);
    assert_int_equal(secret_unforked_new(&own, (size_t)1 << 46), ERR_MEMORY);
}

static void test_no_lock_no_secret(void **state)
{
    (void)state;
    struct why why = {0};
    assert_int_equal(secret_start((size_t)1 << 46, &why), ERR_MEMORY);
    assert_non_null(why.what);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stack),         cmocka_unit_test(test_heap),     cmocka_unit_test(test_clear),
        cmocka_unit_test(test_secret_memory), cmocka_unit_test(test_unforked), cmocka_unit_test(test_no_lock_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
