#include "check.h"
#include "domain/account/internal.h"

static const struct slice context[] = {{"Zoé Le Marchand", 16}, {"zoe.marchand@atelier.example", 28},
                                       {"Ateliers du Pont", 16}};
enum { CONTEXT_COUNT = 3 };

static enum password_fault judge(const char *text)
{
    AUTO_ARENA arena = arena_create_wiped(PASSWORD_ARENA_BYTES);
    return password_judge(slice_from(text), context, CONTEXT_COUNT, arena);
}

static const struct {
    const char *text;
    enum password_fault want;
} cases[] = {
    /* how long */
    {"", PASSWORD_TOO_SHORT},
    {"kW7-zRq", PASSWORD_TOO_SHORT},
    {"kW7-zRqd", PASSWORD_GOOD},
    {"éÉ7-zRq", PASSWORD_TOO_SHORT},         /* 7 characters of 9 bytes */
    {"e\xcc\x81Zv7-Rq", PASSWORD_TOO_SHORT}, /* 8 code points, 7 after NFC */
    {"\xff\xfeWk7-zRqd", PASSWORD_NOT_TEXT},
    /* classes */
    {"kwrtzpqdfg", PASSWORD_FEW_CLASSES},
    {"kwrtZPqdfg", PASSWORD_FEW_CLASSES},
    {"kwrt94qdfg", PASSWORD_FEW_CLASSES},
    {"9482-5710", PASSWORD_FEW_CLASSES},
    {"密码很长而且难猜吗", PASSWORD_FEW_CLASSES}, /* letters without case are of the fourth class */
    {"кВ7щЪфюЖ2", PASSWORD_GOOD},
    {"ǅk7zRqdw", PASSWORD_GOOD},               /* Lt counts as a capital */
    {"٣k-zrqdw", PASSWORD_GOOD},               /* Arabic digit */
    {"ªk7zrqdw", PASSWORD_GOOD},               /* Lo: of the fourth class */
    {"kz wr qd7", PASSWORD_GOOD},              /* the space too */
    /* the list, and what people do to get round it */
    {"Password1", PASSWORD_COMMON},
    {"Password1!", PASSWORD_COMMON},
    {"Password2026!", PASSWORD_COMMON},
    {"P@ssw0rd", PASSWORD_COMMON},
    {"P4$$w0rd!", PASSWORD_COMMON},
    {"pASSWORD12", PASSWORD_COMMON},
    {"1Password!", PASSWORD_COMMON},
    {"drowssaP1!", PASSWORD_COMMON},
    {"Pass-word1", PASSWORD_COMMON},
    {"Passwordpassword1", PASSWORD_COMMON},
    {"Azerty123!", PASSWORD_COMMON},
    {"Qsdfghjklm1!", PASSWORD_COMMON},
    {"Wxcvbnqsdf9", PASSWORD_COMMON},
    {"Aaaaaaaaaaaaaaaaaa1!", PASSWORD_COMMON},
    {"Abcdefgh1!", PASSWORD_COMMON},
    {"Abcabcabc1!", PASSWORD_COMMON},
    {"xQ7-xQ7-xQ7-", PASSWORD_COMMON},
    {"Soleil2026", PASSWORD_COMMON},
    {"Été2026!!", PASSWORD_COMMON},
    {"Noël2025!", PASSWORD_COMMON},
    {"Monchien1!", PASSWORD_COMMON},
    {"Jetaimemaman1", PASSWORD_COMMON},
    {"Papaetmaman2026!", PASSWORD_COMMON},
    {"Bonjour!2026", PASSWORD_COMMON},
    {"Liverpool_1", PASSWORD_COMMON},
    {"L1verpool!", PASSWORD_COMMON},
    {"Anticonstitutionnellement1", PASSWORD_COMMON}, /* one word, however long */
    /* words of the context */
    {"rendez-Vb7wq", PASSWORD_PERSONAL},
    {"R3nd3z-Vb7wq", PASSWORD_PERSONAL},
    {"Marchand-Vb7wq", PASSWORD_PERSONAL},
    {"xQMARCHANDq7w", PASSWORD_PERSONAL},
    {"Zoé-Vb7wqk", PASSWORD_PERSONAL},
    {"Zoo-Vb7wqk", PASSWORD_GOOD},
    {"Azoe7Vbwqkt", PASSWORD_GOOD},        /* a short name within another word */
    {"4telier$-Vb7wq", PASSWORD_PERSONAL},
    {"pont-Vb7wqk", PASSWORD_PERSONAL},
    {"Pontifex-Vb7wqk", PASSWORD_GOOD},
    {"example-Vb7wqk", PASSWORD_GOOD},     /* of every address, so of nobody's */
    /* good ones */
    {"Correct-Horse7-Battery", PASSWORD_GOOD},
    {"trois vieux Chats bleus", PASSWORD_GOOD},
    {"vT9#kq2LmZ", PASSWORD_GOOD},
    {"=:-b;Tt{R", PASSWORD_GOOD},
    {"Léa&Tom2019", PASSWORD_GOOD},
    {"Ναυς-7-θάλασσα", PASSWORD_GOOD},
};

static void passwords_are_judged(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].text);
        CHECK_NUMBER(judge(cases[i].text), cases[i].want);
    }
}

static void lengths_are_counted_in_characters(void)
{
    static const struct { const char *unit; size_t count; enum password_fault want; } lengths[] = {
        {"xQ7-", 32, PASSWORD_COMMON}, /* 128, but one thing again and again */
        {"xQ7-", 33, PASSWORD_TOO_LONG},
        {"é", 129, PASSWORD_TOO_LONG},
        {"🙂", 128, PASSWORD_FEW_CLASSES},
        {"🙂", 257, PASSWORD_TOO_LONG}, /* over the bytes too */
    };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        AUTO_BUFFER text = buffer_create(4096);
        for (size_t k = 0; k < lengths[i].count; k++)
            buffer_add_text(&text, lengths[i].unit);
        check_row(lengths[i].unit);
        CHECK_NUMBER(judge(text.data), lengths[i].want);
    }
}

static void accents_are_one_whichever_way_they_are_typed(void)
{
    AUTO_ARENA arena = arena_create_wiped(PASSWORD_ARENA_BYTES);
    struct slice composed, apart, capital;
    CHECK_OK(password_normal(LIT("caf\xc3\xa9"), arena, &composed, NULL));
    CHECK_OK(password_normal(LIT("cafe\xcc\x81"), arena, &apart, NULL));
    CHECK_OK(password_normal(LIT("Caf\xc3\xa9"), arena, &capital, NULL));
    CHECK(slice_equal(composed, apart));
    CHECK(!slice_equal(composed, capital)); /* case stays */
    CHECK_OK(password_normal(LIT("a\0b"), arena, &apart, NULL));
    CHECK_NUMBER(apart.len, 3); /* nothing is cut */
    CHECK_NUMBER(password_normal(LIT("\xc0\x80"), arena, &apart, NULL), ST_INVALID);
}

static void every_fault_has_its_sentences(void)
{
    CHECK(password_sentence(PASSWORD_GOOD, LANGUAGE_EN).len == 0);
    for (int fault = PASSWORD_NOT_TEXT; fault <= PASSWORD_COMMON; fault++) {
        struct slice french = password_sentence(fault, LANGUAGE_FR);
        struct slice english = password_sentence(fault, LANGUAGE_EN);
        CHECK(french.len > 0 && english.len > 0 && !slice_equal(french, english));
        CHECK(slice_ends(french, LIT(".")) && slice_ends(english, LIT(".")));
        CHECK(slice_equal(english, password_sentence(fault, LANGUAGE_UNKNOWN)));
    }
}

/* Repeatable numbers (splitmix64). */
static uint64_t dice_state = 20261125;
static unsigned dice(unsigned sides)
{
    uint64_t z = (dice_state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (unsigned)((z ^ z >> 31) % sides);
}

/* What password managers make. */
static void random_password(struct buffer *out)
{
    unsigned len = 10 + dice(11), signs = dice(2) ? 94 : 62;
    static const char all[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    while (len-- > 0)
        buffer_add_char(out, all[dice(signs)]);
}

/* What people are told to take: four words, with capitals and a digit, joined or not. */
static void passphrase(struct buffer *out)
{
    static const char *const words[] = {
        "lampe", "river", "tonneau", "candle", "orage", "pocket", "violon", "garden", "brume", "anchor",
        "sentier", "marble", "fougère", "copper", "moulin", "saddle", "cerise", "thunder", "balcon",
        "walnut", "galet", "ribbon", "hibou", "meadow", "tuile", "lantern", "pivoine", "harbour",
        "sablier", "velvet", "corbeau", "pebble", "noisette", "feather", "rempart", "basket"};
    static const char *const joints[] = {"-", " ", ".", ""};
    const char *joint = joints[dice(4)];
    unsigned count = sizeof words / sizeof *words, first = dice(count);
    for (unsigned i = 0; i < 4; i++) {
        const char *word = words[(first + i * count / 4 + dice(count / 4)) % count]; /* four different ones */
        buffer_add_text(out, i > 0 ? joint : "");
        buffer_add_char(out, i == 0 || dice(2) ? (char)(word[0] - 32) : word[0]);
        buffer_add_text(out, word + 1);
    }
    buffer_add_format(out, "%u", dice(100));
}

static void strong_ones_are_never_refused(void)
{
    static void (*const makers[])(struct buffer *) = {random_password, passphrase};
    enum { EACH = 10000 };
    for (size_t maker = 0; maker < 2; maker++) {
        unsigned tried = 0, refused = 0;
        while (tried < EACH) {
            AUTO_BUFFER text = buffer_create(256);
            makers[maker](&text);
            enum password_fault fault = judge(text.data);
            if (fault == PASSWORD_FEW_CLASSES)
                continue;
            tried++;
            refused += fault != PASSWORD_GOOD;
            check_row(text.data);
            CHECK_NUMBER(fault, PASSWORD_GOOD);
            check_row("");
        }
        printf("# %s: %u of %u refused\n", maker == 0 ? "random" : "four words", refused, tried);
    }
}

int main(void)
{
    TEST(passwords_are_judged);
    TEST(lengths_are_counted_in_characters);
    TEST(accents_are_one_whichever_way_they_are_typed);
    TEST(every_fault_has_its_sentences);
    TEST(strong_ones_are_never_refused);
    return check_done();
}
