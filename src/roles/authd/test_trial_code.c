/* The authenticator of made-up people against RFC 6238, appendix B (SHA-1; the last six of its eight digits). */
#include "check.h"
#include "roles/authd/trial_code.h"

static void codes_are_those_of_the_rfc(void)
{
    static const struct {
        int64_t seconds;
        const char *code;
    } cases[] = {
        {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
    };
    AUTO_ARENA arena = arena_create(4096);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].code);
        CHECK_TEXT(trial_code(LIT("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), cases[i].seconds / 30, arena), cases[i].code);
    }
}

int main(void)
{
    TEST(codes_are_those_of_the_rfc);
    return check_done();
}
