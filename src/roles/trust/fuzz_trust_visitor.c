/* Input: an address in a line, then a message, as a visitor's form brings them. Where it is taken, the receipt goes to
 * one mailbox, and no line of its head comes from outside. */
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "platform/vault/vault.h"
#include "roles/trust/visitors.h"

#define NOW ((struct instant){INT64_C(1790000000000000)})

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status no_check(void *self, struct slice control, uint32_t *call, struct problem *why)
{
    (void)self, (void)control, (void)call;
    return problem_set(why, ST_UNAVAILABLE, "nobody tries anything here");
}

static enum status key(void *self, struct secret **out, struct problem *why)
{
    static const unsigned char bytes[VAULT_KEY_BYTES] = {7};
    (void)self, (void)why;
    *out = secret_create(bytes, sizeof bytes);
    return ST_OK;
}

/* One register for the whole run: what is written in it is rolled back. */
static struct trust *open_register(struct evidence **evidence)
{
    static char folder[] = "/tmp/rendez-visitor-XXXXXX";
    struct trust_ports ports = {NULL, no_check, key};
    struct trust_options options = {"1.0", 1, NULL};
    struct moment at = {NOW, {1000}};
    struct trust *trust = NULL;
    AUTO_ARENA arena = arena_create(4096);
    if (mkdtemp(folder) == NULL)
        abort();
    const char *file = arena_format(arena, "%s/trust.db", folder).data;
    if (evidence_open(&sqlite_driver, file, evidence, NULL) != ST_OK ||
        trust_create(*evidence, &ports, &options, &at, &trust, NULL) != ST_OK)
        abort();
    static const char *const endings[] = {"", "-wal", "-shm"}; /* it lives as long as it is open */
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        unlink(arena_format(arena, "%s%s", file, endings[i]).data);
    rmdir(folder);
    return trust;
}

static void check_letters(struct trust *trust, struct slice address, struct arena *arena)
{
    struct letter_due_list list = {0};
    assert(letters_due(trust, NOW, 10, arena, &list, NULL) == ST_OK && list.count == 2);
    for (size_t i = 0; i < list.count; i++) {
        const struct mail_draft *draft = &list.items[i].draft;
        struct slice to = draft->to.items[0].address;
        assert(draft->to.count == 1 && !slice_contains(draft->subject, LIT("\n")));
        assert(slice_equal(to, address) || slice_equal(to, LIT("security@rendez.example")));
        assert(!slice_contains(to, LIT("\r")) && !slice_contains(to, LIT("\n")) && !slice_contains(to, LIT(" ")) &&
               !slice_contains(to, LIT(",")) && !slice_contains(to, LIT("<")));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct evidence *evidence;
    static struct trust *trust;
    if (trust == NULL)
        trust = open_register(&evidence);
    AUTO_ARENA arena = arena_create((size_t)16 << 20);
    AUTO_JSON asked = json_object();
    struct visitors_options options = {LIT("https://rendez.example"), LIT("security@rendez.example"), true};
    struct slice rest = {(const char *)data, size}, address = SLICE_NONE, ticket = SLICE_NONE;
    slice_next_line(&rest, &address);
    json_object_set_new(asked, "address", json_from_text(address));
    json_object_set_new(asked, "text", json_from_text(rest));
    json_object_set_new(asked, "language", json_string(size % 2 == 0 ? "fr" : "en"));
    assert(evidence_begin(evidence, NULL) == ST_OK);
    if (visitors_write(trust, &options, asked, NOW, arena, &ticket, NULL) == ST_OK) {
        assert(slice_starts(ticket, LIT("tic_")));
        check_letters(trust, slice_trim(json_text(asked, "address")), arena);
    }
    evidence_rollback(evidence);
    return 0;
}
