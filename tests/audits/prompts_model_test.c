/* The attack by a language model, against one that lives in a child process on this machine: a model that reads, one
 * that chatters, one that answers no JSON, and none at all. */
#include "tests/audits/traces.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audits/prompts/model.h"

#define REQUEST_MAX (1u << 20)

enum manner { READS, CHATTERS, GARBLES, REFUSES };

struct stub {
    pid_t child;
    char url[64];
};

/* --- the model --- */

static size_t body_at(const char *text, size_t size, size_t *length)
{
    const char *end = strstr(text, "\r\n\r\n"), *header = strstr(text, "Content-Length: ");
    *length = header ? strtoul(header + 16, NULL, 10) : 0;
    return end && (size_t)(end + 4 - text) + *length <= size ? (size_t)(end + 4 - text) : 0;
}

static size_t read_request(int peer, char *text)
{
    size_t size = 0, length = 0;
    while (size < REQUEST_MAX - 1) {
        ssize_t got = read(peer, text + size, REQUEST_MAX - 1 - size);
        if (got <= 0)
            return 0;
        size += (size_t)got;
        text[size] = 0;
        if (body_at(text, size, &length))
            return body_at(text, size, &length);
    }
    return 0;
}

/* The task whose words the note repeats from its beginning; else the first. */
static int task_in_note(const char *question)
{
    const char *note = strstr(question, "The note:\n");
    for (int i = 1; note && i <= 10; i++) {
        char title[32], start[40];
        snprintf(title, sizeof title, "\nTask %d:\n", i);
        const char *task = strstr(question, title);
        if (!task)
            break;
        snprintf(start, sizeof start, "%.36s", task + strlen(title));
        if (strncmp(note + 10, start, strlen(start)) == 0)
            return i;
    }
    return 1;
}

static void answer(int peer, enum manner manner, const char *body)
{
    char reply[512], text[256] = "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"I cannot say.\"}}]}";
    SCOPED_JSON struct json *request = NULL;
    if (manner == READS && json_parse(bytes_str(body), REQUEST_MAX, &request, NULL) == OK) {
        const char *question = json_string_text(json_get(json_at(json_get(request, "messages"), 0), "content"));
        snprintf(text, sizeof text,
                 "{\"choices\":[{\"message\":{\"content\":\"<think>1 or 2?</think> Task %d.\"}}],\"x\":1}",
                 question ? task_in_note(question) : 1);
    }
    if (manner == GARBLES)
        snprintf(text, sizeof text, "{\"choices\":[");
    snprintf(reply, sizeof reply, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
             manner == REFUSES ? "429 Too Many" : "200 OK", strlen(text), text);
    (void)!write(peer, reply, strlen(reply));
}

static void serve(int listener, enum manner manner)
{
    char *text = malloc(REQUEST_MAX);
    for (;;) {
        int peer = accept(listener, NULL, NULL);
        size_t body = peer >= 0 && text ? read_request(peer, text) : 0;
        if (body)
            answer(peer, manner, text + body);
        close(peer);
    }
}

static void stub_start(enum manner manner, struct stub *stub)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&here, sizeof here), 0);
    assert_int_equal(listen(listener, 16), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&here, &size), 0);
    snprintf(stub->url, sizeof stub->url, "http://127.0.0.1:%u/v1", ntohs(here.sin_port));
    stub->child = fork();
    if (stub->child == 0)
        serve(listener, manner);
    close(listener);
    assert_true(stub->child > 0);
}

static void stub_stop(struct stub *stub)
{
    kill(stub->child, SIGKILL);
    waitpid(stub->child, NULL, 0);
}

/* --- the attack --- */

static void run(const char *url, struct audit_results *results)
{
    struct audit_scope scope;
    traces_scope(&scope);
    scope.llm = url;
    *results = (struct audit_results){0};
    assert_int_equal(attack_prompts_model.run(&scope, results, NULL), OK);
    audit_scope_free(&scope);
}

static void expect_nothing(const struct audit_results *results, const char *why)
{
    for (size_t i = 0; i < results->count; i++) {
        assert_int_equal(results->items[i].samples, 0);
        assert_int_equal(results->items[i].verdict, VERDICT_NOT_EVALUATED);
        assert_non_null(strstr(results->items[i].note, why));
    }
    assert_int_equal(results->count, 2);
}

static void one_that_reads(void **state)
{
    (void)state;
    struct stub stub;
    struct audit_results results;
    stub_start(READS, &stub);
    run(stub.url, &results);
    const struct audit_result *sent = traces_result(&results, "prompts-model.contribution");
    assert_int_equal(sent->control, CONTROL_PASSED);
    assert_true(sent->control_value > .8);
    assert_true(sent->samples >= 10 && sent->value < .3); /* contributions don't begin as prompts do */
    audit_results_free(&results);
    stub_stop(&stub);
}

static void others(void **state)
{
    (void)state;
    static const struct {
        enum manner manner;
        const char *why;
    } cases[] = {{CHATTERS, "could not be read"}, {GARBLES, "could not be read"}, {REFUSES, "does not answer"}};
    struct audit_results results;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stub stub;
        stub_start(cases[i].manner, &stub);
        run(stub.url, &results);
        expect_nothing(&results, cases[i].why);
        audit_results_free(&results);
        stub_stop(&stub);
        if (i > 0)
            continue;
        run(stub.url, &results); /* nobody is there any more */
        expect_nothing(&results, "does not answer");
        audit_results_free(&results);
    }
    run(NULL, &results);
    expect_nothing(&results, "no language model");
    audit_results_free(&results);
}

/* --- what is taken for an answer --- */

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        size_t number; /* 0: none */
    } cases[] = {{"7", 7},
                 {" Task 10.\n", 10},
                 {"**3** (task 3)", 3},
                 {"<think>it may be 2, or 4</think>5", 5},
                 {"", 0},
                 {"none of them", 0},
                 {"0", 0},
                 {"11", 0},
                 {"1 or 2", 0},
                 {"99999999999999999999999", 0},
                 {"3</think>", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t number = 99;
        enum status status = model_number(bytes_str(cases[i].answer), 10, &number);
        assert_int_equal(status, cases[i].number ? OK : ERR_INPUT);
        assert_int_equal(number, cases[i].number);
    }
}

static void replies(void **state)
{
    (void)state;
    static const char *const none[] = {"",
                                       "[]",
                                       "{}",
                                       "{\"choices\":{}}",
                                       "{\"choices\":[]}",
                                       "{\"choices\":[1]}",
                                       "{\"choices\":[{\"message\":\"x\"}]}",
                                       "{\"choices\":[{\"message\":{\"content\":null}}]}",
                                       "{\"choices\":[{\"message\":{\"content\":\"x\"}}]"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        SCOPED_BUF struct buf text = {0};
        assert_int_equal(model_reply(bytes_str(none[i]), &text), ERR_INPUT);
    }
    SCOPED_BUF struct buf text = {0};
    assert_int_equal(model_reply(bytes_str("{\"id\":1,\"choices\":[{\"message\":{\"content\":\"a\\n4\"}},2]}"), &text),
                     OK);
    assert_true(bytes_is(buf_bytes(&text), "a\n4"));
}

/* An address is refused before anything is read. */
static void addresses(void **state)
{
    (void)state;
    static const char *const refused[] = {"",
                                          "http://example.com/v1",
                                          "http://127.0.0.1.example.com/v1",
                                          "ftp://127.0.0.1/",
                                          "https://user:word@example.com/v1",
                                          "file:///etc/passwd"};
    struct model *model = NULL;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_int_equal(model_open(refused[i], "m", &model, NULL), ERR_USAGE);
    static const char *const taken[] = {"http://127.0.0.1:8080/v1", "http://localhost/v1", "http://[::1]:1/v1",
                                        "https://example.com/v1"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        assert_int_equal(model_open(taken[i], "m", &model, NULL), OK);
        model_close(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_reads), cmocka_unit_test(others),    cmocka_unit_test(numbers),
        cmocka_unit_test(replies),        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
