/* Input: a line at trust's desk. What is taken is within its limits. */
#include <assert.h>

#include "roles/trust/questions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_question question;
    if (size > 1 << 20)
        return 0;
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    if (trust_question_parse((struct slice){(const char *)data, size}, arena, &question, NULL) != ST_OK)
        return 0;
    assert(question.ask != ASK_NOTHING && question.ask < ASK_COUNT_);
    assert(question.control.len <= 300 && question.address.len <= 300);
    return 0;
}
