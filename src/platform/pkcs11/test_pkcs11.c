/* argv: the module of SoftHSM 2 and its softhsm2-util; where they are not there, the test says so. */
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "platform/pkcs11/pkcs11.h"

static char folder[] = "/tmp/rendez-token-XXXXXX";
static struct arena *texts;
static struct token_place place;

static void what_is_no_file_of_ours_is_refused(void)
{
    static const char *const bad[] = {
        "", "rendez-root-token 1\n", "rendez-root-token 2\nkey 00\nsealed 00\n",
        "rendez-root-token 1\nkey 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a\nsealed 00\n",
    };
    AUTO_ARENA arena = arena_create(1 << 16);
    struct token_file file = {LIT("0123456789abcdef"), arena_format(arena, "%060d", 0)}, again;
    struct slice text = token_file_format(&file, arena);
    CHECK_OK(token_file_parse(text, arena, &again, NULL));
    CHECK(slice_equal(file.id, again.id) && slice_equal(file.sealed, again.sealed));
    CHECK_NUMBER(token_file_parse(slice_sub(text, 0, text.len - 2), arena, &again, NULL), ST_INVALID);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check_row(bad[i]);
        CHECK_NUMBER(token_file_parse(slice_from(bad[i]), arena, &again, NULL), ST_INVALID);
    }
}

static void what_is_no_module_is_told(void)
{
    static const struct {
        struct token_place place;
        enum status status;
    } cases[] = {
        {{{"/nonexistent/module.so", 22}, {"t", 1}, {NULL, 0}}, ST_NOT_FOUND},
        {{{"libc.so.6", 9}, {"t", 1}, {NULL, 0}}, ST_INVALID},
        {{{"libc.so.6", 9}, {"t", 1}, {"no equals", 9}}, ST_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_TOKEN token = NULL;
        struct problem why = {0};
        check_row(cases[i].place.module.data);
        CHECK_NUMBER(token_open(&cases[i].place, LIT("1"), false, &token, &why), cases[i].status);
        CHECK(token == NULL && why.detail[0] != '\0');
    }
}

static bool run(const char *program, char *const *arguments)
{
    int how = -1;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stdout) != NULL)
            execv(program, arguments);
        _exit(127);
    }
    return waitpid(child, &how, 0) == child && how == 0;
}

static bool make_token(const char *util)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    char init[] = "--init-token", free_slot[] = "--free", label[] = "--label", name[] = "test token";
    char pin[] = "--pin", pin_value[] = "1234567", so[] = "--so-pin", so_value[] = "7654321";
    char *const arguments[] = {arena_text(arena, slice_from(util)), init, free_slot, label, name, pin,
                               pin_value, so, so_value, NULL};
    struct slice config = arena_format(arena, "directories.tokendir = %s\nobjectstore.backend = file\n"
                                       "log.level = ERROR\n", folder);
    const char *path = arena_text(arena, arena_format(arena, "%s/softhsm2.conf", folder));
    return file_write_durably(path, config, 0600, NULL) == ST_OK &&
           setenv("SOFTHSM2_CONF", path, 1) == 0 && run(util, arguments);
}

static struct slice sealed, key;

static void a_key_is_made_and_cannot_leave(void)
{
    AUTO_TOKEN token = NULL;
    struct token_key_facts facts;
    CHECK_OK(token_open(&place, LIT("1234567"), true, &token, NULL));
    CHECK_OK(token_make_key(token, "a test", texts, &key, NULL));
    CHECK_OK(token_key_facts(token, key, &facts, NULL));
    CHECK(token_key_is_kept(&facts));
    CHECK(facts.sensitive && facts.never_extractable && facts.local && !facts.extractable);
    CHECK_NUMBER(token_key_facts(token, LIT("0123456789abcdef"), &facts, NULL), ST_NOT_FOUND);
}

static void what_it_seals_it_opens(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_TOKEN token = NULL;
    struct slice secret = LIT("0123456789abcdef0123456789ABCDEF"), more, opened;
    CHECK_OK(token_open(&place, LIT("1234567"), false, &token, NULL));
    CHECK_OK(token_seal(token, key, secret, texts, &sealed, NULL));
    CHECK_OK(token_seal(token, key, secret, arena, &more, NULL));
    CHECK_NUMBER(sealed.len, TOKEN_SEALED_BYTES);
    CHECK(!slice_equal(sealed, more)); /* an IV of its own each */
    CHECK(!slice_contains(sealed, slice_sub(secret, 0, 8)));
    CHECK_OK(token_unseal(token, key, sealed, arena, &opened, NULL));
    CHECK(slice_equal(opened, secret));
    CHECK_NUMBER(token_seal(token, key, LIT("short"), arena, &more, NULL), ST_INVALID);
}

static void what_was_changed_stays_closed(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_TOKEN token = NULL;
    struct slice opened;
    CHECK_OK(token_open(&place, LIT("1234567"), false, &token, NULL));
    char *copy = arena_text(arena, sealed);
    for (size_t i = 0; i < sealed.len; i++) {
        copy[i] ^= 4;
        CHECK_NUMBER(token_unseal(token, key, (struct slice){copy, sealed.len}, arena, &opened, NULL),
                     ST_DENIED);
        copy[i] ^= 4;
    }
    CHECK_NUMBER(token_unseal(token, key, slice_sub(sealed, 0, 20), arena, &opened, NULL), ST_DENIED);
    CHECK_NUMBER(token_unseal(token, LIT("0123456789abcdef"), sealed, arena, &opened, NULL), ST_NOT_FOUND);
}

/* Wrong PINs and tokens that are away: one line each, which says what to do. */
static void who_may_not_is_told_why(void)
{
    struct token_place away = place;
    AUTO_TOKEN token = NULL;
    struct problem why = {0};
    away.label = LIT("another");
    CHECK_NUMBER(token_open(&place, LIT("7654321"), false, &token, &why), ST_DENIED);
    CHECK_TEXT(slice_from(why.detail), "the token refuses this PIN");
    CHECK_NUMBER(token_open(&place, SLICE_NONE, false, &token, &why), ST_INVALID);
    CHECK_NUMBER(token_open(&away, LIT("1234567"), false, &token, &why), ST_NOT_FOUND);
    CHECK_TEXT(slice_from(why.detail), "the token \"another\" is not there (keys.pkcs11_token)");
    CHECK(token == NULL);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)kind, (void)at;
    return remove(path);
}

static void try_a_token(const char *module)
{
    place = (struct token_place){
        .module = slice_from(module),
        .label = LIT("test token"),
        .environment = arena_format(texts, "SOFTHSM2_CONF=%s/softhsm2.conf", folder),
    };
    TEST(a_key_is_made_and_cannot_leave);
    TEST(what_it_seals_it_opens);
    TEST(what_was_changed_stays_closed);
    TEST(who_may_not_is_told_why);
}

int main(int argc, char **argv)
{
    texts = arena_create(1 << 20);
    TEST(what_is_no_file_of_ours_is_refused);
    TEST(what_is_no_module_is_told);
    if (mkdtemp(folder) != NULL && argc > 2 && *argv[2] != '\0' && access(argv[1], R_OK) == 0 &&
        make_token(argv[2]))
        try_a_token(argv[1]);
    else
        printf("# no SoftHSM 2 here: no token was tried\n");
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_destroy(&texts);
    return check_done();
}
