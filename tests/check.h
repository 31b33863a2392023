#ifndef RENDEZ_TESTS_CHECK_H
#define RENDEZ_TESTS_CHECK_H

/* The whole test library: CHECK lines, counted, in TAP (Test Anything Protocol).
 *
 *     int main(void)
 *     {
 *         TEST(reads_a_date) ...
 *         return check_done();
 *     }
 */
#include <stdio.h>
#include <string.h>

#include "base/bytes/bytes.h"

static unsigned check_count, check_failed;
static const char *check_context = "";

/* Says which row of a table is being tried; printed with a failure. */
static inline void check_row(const char *text)
{
    check_context = text;
}

static inline void check_report(int good, const char *file, int line, const char *text)
{
    check_count++;
    if (good)
        return;
    check_failed++;
    printf("# %s:%d: %s%s%s\n", file, line, text, *check_context ? "; row: " : "", check_context);
}

#define CHECK(condition) check_report((condition) ? 1 : 0, __FILE__, __LINE__, #condition)

static inline void check_text(struct slice got, const char *want, const char *file, int line)
{
    int good = slice_equal(got, slice_from(want));
    check_report(good, file, line, "texts differ");
    if (!good)
        printf("#   want: %s\n#   got:  %.*s\n", want, SLICE_ARG(got));
}
#define CHECK_TEXT(got, want) check_text((got), (want), __FILE__, __LINE__)

static inline void check_number(long long got, long long want, const char *file, int line)
{
    check_report(got == want, file, line, "numbers differ");
    if (got != want)
        printf("#   want: %lld\n#   got:  %lld\n", want, got);
}
#define CHECK_NUMBER(got, want)                                                                    \
    check_number((long long)(got), (long long)(want), __FILE__, __LINE__)

#define CHECK_OK(call)                                                                             \
    do {                                                                                           \
        enum status check_status_ = (call);                                                        \
        check_report(check_status_ == ST_OK, __FILE__, __LINE__, #call);                           \
        if (check_status_ != ST_OK)                                                                \
            printf("#   %s\n", status_name(check_status_));                                        \
    } while (0)

/* One TAP line for the program's checks so far, named after what they show. */
static unsigned check_tests;
static inline void test_done(const char *name)
{
    static unsigned seen_failed;
    printf("%s %u - %s (%u checks)\n", check_failed == seen_failed ? "ok" : "not ok", ++check_tests,
           name, check_count);
    seen_failed = check_failed;
    check_context = "";
}
/* Runs a test function and reports it. */
#define TEST(function)                                                                             \
    do {                                                                                           \
        function();                                                                                \
        test_done(#function);                                                                      \
    } while (0)

static inline int check_done(void)
{
    printf("1..%u\n", check_tests);
    return check_failed == 0 ? 0 : 1;
}

#endif
