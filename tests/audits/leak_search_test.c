/* A seeded leak: a search that asks somebody else too, by a socket that it makes or by one that was there. Only the
 * network tells. */
/* replaces: search_query */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/audits/traces.h"

#include "insight/search.h"

static enum { NO_LEAK, MADE, OPEN_BEFORE } leak;
static int open_before;
enum status __real_search_query(struct search_index *index, const char *words, struct search_hit *hits, size_t most,
                                size_t *found);
enum status __wrap_search_query(struct search_index *index, const char *words, struct search_hit *hits, size_t most,
                                size_t *found);

/* To a port of this machine where nobody listens. */
static int join(void)
{
    const struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        (void)!connect(fd, (const struct sockaddr *)&name, sizeof name);
    return fd;
}

static void tell(const char *words)
{
    int fd = leak == MADE ? join() : open_before;
    (void)!write(fd, words, strlen(words));
    if (leak == MADE)
        close(fd);
}

enum status __wrap_search_query(struct search_index *index, const char *words, struct search_hit *hits, size_t most,
                                size_t *found)
{
    if (leak != NO_LEAK)
        tell(words);
    return __real_search_query(index, words, hits, most, found);
}

static void measure(void)
{
    bool is_leak = leak != NO_LEAK;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_search.run(&scope, &results, NULL), OK);
    const struct audit_result *wire = traces_result(&results, "channel.search.wire");
    if (wire->samples == 0) {
        print_message("%s\n", wire->note);
        skip();
    }
    assert_int_equal(wire->control, CONTROL_PASSED);
    assert_int_equal(wire->hits, is_leak ? wire->samples : 0);
    assert_int_equal(wire->verdict == VERDICT_LEAK, is_leak);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void is_caught(void **state)
{
    (void)state;
    measure();
    leak = MADE;
    measure();
    open_before = join();
    leak = OPEN_BEFORE;
    measure();
    close(open_before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_caught)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
