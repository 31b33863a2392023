/* A witness, and logs that lie to it. */
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "witness/witness.h"

#define ORIGIN LIT("rendez.acme.example/log")
static char top[] = "/tmp/rendez-witness-XXXXXX";
static struct arena *arena;
static struct secret *seed;
static struct slice key;
static const struct instant now = {1764100900000000};

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)kind, (void)at;
    return remove(path);
}

static const char *path(const char *name)
{
    return arena_format(arena, "%s/%s", top, name).data;
}

static struct ledger *open_log(const char *name, const struct secret *by)
{
    struct ledger *ledger = NULL;
    (void)mkdir(path(name), 0755);
    CHECK_OK(ledger_open(path(name), ORIGIN, by, &ledger, NULL));
    return ledger;
}

static struct slice publish(struct ledger *ledger, int count, const char *text)
{
    struct slice checkpoint = SLICE_NONE, line = slice_from(text);
    for (int i = 0; i < count; i++)
        CHECK_OK(ledger_append(ledger, &line, 1, NULL, NULL));
    CHECK_OK(ledger_publish(ledger, true, NULL, NULL, NULL));
    CHECK_OK(ledger_checkpoint(ledger, arena, &checkpoint, NULL));
    return checkpoint;
}

static struct slice request(uint64_t old, const struct ledger_proof *proof, struct slice checkpoint)
{
    AUTO_BUFFER body = buffer_create(WITNESS_REQUEST_BYTES_MAX);
    buffer_add_format(&body, "old %llu\n", (unsigned long long)old);
    for (size_t i = 0; proof != NULL && i < proof->count; i++) {
        base64_encode((struct slice){(const char *)proof->items[i].bytes, 32}, &body);
        buffer_add_char(&body, '\n');
    }
    buffer_add_char(&body, '\n');
    buffer_add(&body, checkpoint);
    return arena_copy(arena, buffer_slice(&body));
}

static struct ledger_proof proof_of(struct ledger *ledger, uint64_t from, uint64_t to)
{
    struct ledger_proof proof = {.count = 0};
    CHECK_OK(ledger_prove_consistency(ledger, from, to, &proof, NULL));
    return proof;
}

static struct witness *start(void)
{
    struct witness *witness = NULL;
    struct witness_options options = {.folder = path("witness"), .name = "w1.example", .logs = {key}};
    CHECK_OK(witness_create(&options, &witness, NULL));
    return witness;
}

static unsigned ask(struct witness *witness, struct slice body)
{
    return witness_add_checkpoint(witness, body, now, arena).code;
}

/* What a witness that has signed 300 entries of ours is asked instead of the truth. */
struct lie {
    const char *name;
    struct slice body;
    unsigned code;
};

static void refuses(struct witness *witness, const struct lie *lies, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_row(lies[i].name);
        struct witness_answer answer = witness_add_checkpoint(witness, lies[i].body, now, arena);
        CHECK_NUMBER(answer.code, lies[i].code);
        CHECK(answer.is_size == (answer.code == 409));
        if (answer.code == 409)
            CHECK_TEXT(answer.body, "300\n");
    }
}

/* The honest log, as long as it goes on; each lie beside it; and again by a witness that was killed. */
static void only_what_continues_is_signed(void)
{
    AUTO_LEDGER ledger = open_log("honest", seed);
    AUTO_LEDGER fork = open_log("fork", seed);
    AUTO_SECRET stranger = secret_random(32);
    AUTO_LEDGER strange = open_log("strange", stranger);
    AUTO_WITNESS witness = start();
    struct slice our_key;
    CHECK_OK(witness_key(witness, arena, &our_key, NULL));
    CHECK(!ledger_is_log_key(our_key));
    struct slice first = publish(ledger, 300, "1 1 a.b.c"), forked = publish(fork, 300, "1 1 a.b.d");
    struct slice foreign = publish(strange, 300, "1 1 a.b.c");
    struct witness_answer answer = witness_add_checkpoint(witness, request(0, NULL, first), now, arena);
    CHECK_NUMBER(answer.code, 200);
    struct slice line = slice_trim(answer.body);
    CHECK(ledger_is_cosignature(line, our_key, first));
    CHECK(!ledger_is_cosignature(line, our_key, forked));
    CHECK(!ledger_is_cosignature(line, key, first));
    CHECK_NUMBER(ask(witness, request(300, NULL, first)), 200); /* once more, for the time */
    struct slice second = publish(ledger, 200, "1 1 a.b.c"), longer = publish(fork, 200, "1 1 a.b.d");
    struct ledger_proof good = proof_of(ledger, 300, 500), lie = proof_of(fork, 300, 500), none = {.count = 0};
    struct ledger_proof bent = good;
    bent.items[1].bytes[7] ^= 1;
    struct slice other_origin = arena_format(arena, "x%.*s", SLICE_ARG(second));
    const struct lie lies[] = {
        {"another log of the same size", request(300, NULL, forked), 409},
        {"a fork that has grown", request(300, &lie, longer), 422},
        {"a fork with the honest proof", request(300, &good, longer), 422},
        {"no proof", request(300, &none, second), 422},
        {"a bent proof", request(300, &bent, second), 422},
        {"from nothing", request(0, NULL, second), 409},
        {"from another size", request(299, &good, second), 409},
        {"from a size to come", request(501, NULL, second), 400},
        {"signed by a stranger", request(300, NULL, foreign), 403},
        {"of a log that is not watched", request(300, NULL, other_origin), 404},
        {"half a signature", request(300, NULL, slice_sub(first, 0, first.len / 2)), 403},
        {"no signature", request(300, NULL, slice_sub(first, 0, 40)), 400},
        {"nothing", SLICE_NONE, 400},
        {"no size", arena_format(arena, "old x\n\n%.*s", SLICE_ARG(second)), 400},
        {"a negative size", arena_format(arena, "old -1\n\n%.*s", SLICE_ARG(second)), 400},
        {"no hash", arena_format(arena, "old 300\nAAAA\n\n%.*s", SLICE_ARG(second)), 400},
        {"no empty line", arena_format(arena, "old 300\n%.*s", SLICE_ARG(slice_sub(second, 0, 40))), 400},
    };
    for (int killed = 0; killed < 2; killed++) {
        refuses(witness, lies, sizeof lies / sizeof *lies);
        witness_destroy(&witness);
        witness = start();
    }
    CHECK_NUMBER(ask(witness, request(300, &good, second)), 200);
    CHECK_NUMBER(ask(witness, request(300, NULL, first)), 409); /* rolled back */
    CHECK_NUMBER(ask(witness, request(500, NULL, first)), 400);
    witness_destroy(&witness);
    witness = start();
    CHECK_NUMBER(ask(witness, request(300, NULL, first)), 409);
    CHECK_TEXT(witness_add_checkpoint(witness, request(300, NULL, first), now, arena).body, "500\n");
}

/* What cannot be kept is not signed, and nobody else reads the key. */
static void what_is_signed_is_kept(void)
{
    struct witness *other = NULL;
    AUTO_WITNESS witness = start();
    AUTO_LEDGER ledger = open_log("honest", seed);
    struct slice third = publish(ledger, 1, "1 1 a.b.c");
    struct ledger_proof proof = proof_of(ledger, 500, 501);
    CHECK(rename(path("witness"), path("away")) == 0);
    CHECK_NUMBER(ask(witness, request(500, &proof, third)), 500);
    CHECK(rename(path("away"), path("witness")) == 0);
    CHECK_NUMBER(ask(witness, request(500, &proof, third)), 200);
    CHECK(chmod(path("witness/key"), 0640) == 0);
    struct witness_options options = {.folder = path("witness"), .name = "w1.example", .logs = {key}};
    CHECK_NUMBER(witness_create(&options, &other, NULL), ST_DENIED);
    CHECK(chmod(path("witness/key"), 0600) == 0);
    options.name = "two words";
    CHECK_NUMBER(witness_create(&options, &other, NULL), ST_INVALID);
    options = (struct witness_options){.folder = path("witness"), .name = "w1.example", .logs = {LIT("no+key")}};
    CHECK_NUMBER(witness_create(&options, &other, NULL), ST_INVALID);
    CHECK(other == NULL);
}

int main(void)
{
    if (mkdtemp(top) == NULL)
        return 3;
    arena = arena_create((size_t)256 << 20);
    seed = secret_random(32);
    CHECK_OK(ledger_public_key(ORIGIN, seed, 1, arena, &key, NULL));
    TEST(only_what_continues_is_signed);
    TEST(what_is_signed_is_kept);
    nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_destroy(&arena);
    secret_destroy(&seed);
    return check_done();
}
