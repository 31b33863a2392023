#include "check.h"
#include "roles/cli/table.h"

static const char *const names[] = {"who", "what", "state"};

static struct cli_table people(struct arena *arena)
{
    struct cli_table table = {.names = names, .columns = 3};
    CLI_ROW(&table, arena, TONE_GOOD, LIT("Élodie"), LIT("a"), LIT("kept"));
    CLI_ROW(&table, arena, TONE_BAD, LIT("B|\033[2Jx"), LIT("=1+1"), LIT("overdue"));
    CLI_ROW(&table, arena, TONE_DOUBT, LIT("C"), LIT("unused"), SLICE_NONE);
    return table;
}

static const struct {
    enum cli_form form;
    bool colours;
    const char *want;
} forms[] = {
    {FORM_TEXT, false, "who      what    state\n"
                       "Élodie   a       kept\n"
                       "B|?[2Jx  =1+1    overdue\n"
                       "C        unused\n"},
    {FORM_TEXT, true, "who      what    \033[1mstate\033[0m\n"
                      "Élodie   a       \033[32mkept\033[0m\n"
                      "B|?[2Jx  =1+1    \033[31moverdue\033[0m\n"
                      "C        \033[33munused\033[0m\n"},
    {FORM_CSV, false, "who,what,state\r\nÉlodie,a,kept\r\nB|\033[2Jx,'=1+1,overdue\r\nC,unused,\r\n"},
    {FORM_JSON, false, "[{\"who\":\"Élodie\",\"what\":\"a\",\"state\":\"kept\"},"
                       "{\"who\":\"B|\\u001B[2Jx\",\"what\":\"=1+1\",\"state\":\"overdue\"},"
                       "{\"who\":\"C\",\"what\":\"unused\",\"state\":null}]\n"},
    {FORM_MARKDOWN, false, "| who | what | state |\n| --- | --- | --- |\n| Élodie | a | kept |\n"
                           "| B\\|?[2Jx | =1+1 | overdue |\n| C | unused |  |\n"},
};

static void every_form(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct cli_table table = people(arena);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        AUTO_BUFFER out = buffer_create(1 << 16);
        cli_table_write(&table, forms[i].form, forms[i].colours, &out);
        CHECK_TEXT(buffer_slice(&out), forms[i].want);
    }
}

int main(void)
{
    TEST(every_form);
    return check_done();
}
