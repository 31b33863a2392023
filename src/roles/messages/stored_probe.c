#include "roles/messages/stored_probe.h"

#include <stdlib.h>

enum {
    STEP_MS = 300,     /* for so long a step keeps others waiting, at most */
    CHUNK = 1 << 20,
    PAGE = 200,        /* mails among them */
    RANDOM_BYTES = 20, /* of a canary */
    TEXT_MAX = 96,     /* of a canary and a mark */
    READABLE_MIN = 32, /* so many printable bytes come by chance once in 10^13 entries */
    PLACE_MAX = 48,
};

enum stage { STAGE_PUT, STAGE_FILES, STAGE_ENTRIES, STAGE_DONE };

struct text {
    char data[TEXT_MAX];
    size_t len;
};

struct stored_probe {
    struct stored_ports ports;
    enum stage stage;
    struct text canary, mark;
    size_t file;
    int64_t at;
    bool mark_seen;
    int64_t bytes, entries; /* looked at, in this round */
    size_t rounds;          /* that are done */
    struct entry_cursor cursor;
    const char *cause;      /* NULL: nothing found yet */
    char where[PLACE_MAX];
    char chunk[CHUNK + TEXT_MAX];
};

static struct slice text_slice(const struct text *text)
{
    return (struct slice){text->data, text->len};
}

static bool text_set(struct text *text, struct slice from)
{
    if (from.len == 0 || from.len > sizeof text->data)
        return false;
    memcpy(text->data, from.data, from.len);
    text->len = from.len;
    return true;
}

bool entry_is_readable(struct sealed sealed)
{
    struct slice cipher = slice_sub(sealed.bytes, VAULT_OVERHEAD - 16, SIZE_MAX);
    for (size_t i = 0; i < cipher.len; i++)
        if ((unsigned char)cipher.data[i] < ' ' || (unsigned char)cipher.data[i] == 0x7f)
            return false;
    return cipher.len >= READABLE_MIN && utf8_bad_at(cipher) == SIZE_MAX;
}

static void blame(struct stored_probe *self, const char *cause, const char *where, int64_t number)
{
    if (self->cause != NULL)
        return;
    AUTO_BUFFER text = buffer_create(PLACE_MAX);
    buffer_add_format(&text, "%s/%lld", where, (long long)number);
    self->cause = cause;
    memcpy(self->where, text.data, text.len);
    self->where[text.len < PLACE_MAX ? text.len : PLACE_MAX - 1] = '\0';
}

static void new_canary(struct text *out)
{
    AUTO_BUFFER text = buffer_create(TEXT_MAX);
    char random[RANDOM_BYTES];
    vault_random(random, sizeof random);
    buffer_add_text(&text, "canary-");
    hex_encode((struct slice){random, sizeof random}, &text);
    (void)text_set(out, buffer_slice(&text));
}

static enum status put(struct stored_probe *self, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(1 << 20);
    struct slice mark = SLICE_NONE;
    bool elsewhere = false;
    TRY(self->ports.end(self->ports.context, now, why)); /* of a round that was not ended */
    new_canary(&self->canary);
    enum status status =
        self->ports.put(self->ports.context, text_slice(&self->canary), now, arena, &mark, &elsewhere, why);
    if (status == ST_INVALID)
        blame(self, "lost", "row", 0);
    else if (status != ST_OK)
        return status;
    if (elsewhere)
        blame(self, "moved_entry_opens", "row", 0);
    if (self->cause == NULL && !text_set(&self->mark, mark))
        return problem_set(why, ST_UNAVAILABLE, "a mark that is none");
    self->stage = STAGE_FILES;
    return ST_OK;
}

/* One chunk; the next one begins before its end, so that nothing is cut in two. */
static enum status read_on(struct stored_probe *self, struct problem *why)
{
    size_t got = 0;
    TRY(self->ports.read(self->ports.context, self->file, self->at, self->chunk, sizeof self->chunk, &got, why));
    struct slice seen = {self->chunk, got};
    if (slice_find(seen, text_slice(&self->canary), 0) != SIZE_MAX)
        blame(self, "clear_on_disk", "file", (int64_t)self->file);
    self->mark_seen = self->mark_seen || slice_find(seen, text_slice(&self->mark), 0) != SIZE_MAX;
    self->bytes += (int64_t)(got > CHUNK ? CHUNK : got);
    self->at += CHUNK;
    if (got == sizeof self->chunk)
        return ST_OK;
    self->at = 0;
    if (++self->file < self->ports.files)
        return ST_OK;
    self->stage = STAGE_ENTRIES;
    return self->mark_seen ? ST_OK
                           : problem_set(why, ST_UNAVAILABLE, "not even what is in clear was found in the files");
}

static void look(void *context, const char *place, int64_t row, struct sealed sealed)
{
    struct stored_probe *self = context;
    uint32_t version;
    self->entries++;
    if (sealed_key_version(sealed, &version) != ST_OK || version == 0 || entry_is_readable(sealed))
        blame(self, "not_sealed", place, row);
}

static enum status look_on(struct stored_probe *self, struct problem *why)
{
    TRY(self->ports.page(self->ports.context, &self->cursor, PAGE, look, self, why));
    if (self->cursor.ended)
        self->stage = STAGE_DONE;
    return ST_OK;
}

static void begin(struct stored_probe *self)
{
    self->stage = STAGE_PUT;
    self->file = 0;
    self->at = self->bytes = self->entries = 0;
    self->mark_seen = false;
    self->cursor = (struct entry_cursor){0};
    self->cause = NULL;
}

/* Whatever goes wrong, the next round begins anew. */
static enum status go_on(struct stored_probe *self, struct instant now, struct problem *why)
{
    int64_t end_ms = clock_monotonic_ms() + STEP_MS;
    if (self->stage == STAGE_DONE)
        begin(self);
    enum status status = self->stage == STAGE_PUT ? put(self, now, why) : ST_OK;
    while (status == ST_OK && self->cause == NULL && self->stage != STAGE_DONE && clock_monotonic_ms() < end_ms)
        status = self->stage == STAGE_FILES ? read_on(self, why) : look_on(self, why);
    if (status == ST_OK && self->cause == NULL && self->stage != STAGE_DONE)
        return ST_OK;
    self->stage = STAGE_DONE;
    self->rounds += status == ST_OK;
    struct problem other;
    enum status ended = self->ports.end(self->ports.context, now, status == ST_OK ? why : &other);
    return status != ST_OK ? status : ended;
}

enum status stored_probe_step(struct stored_probe *self, struct instant now, bool *left, struct problem *why)
{
    TRY(go_on(self, now, why));
    *left = self->stage != STAGE_DONE;
    return ST_OK;
}

const char *stored_probe_cause(const struct stored_probe *self)
{
    return self->cause;
}

static enum status report(struct stored_probe *self, struct probe *probe, struct problem *why)
{
    if (self->stage == STAGE_PUT)
        return problem_set(why, ST_CONFLICT, "nothing is under way here");
    probe_fact(probe, "megabytes", "%lld", (long long)(self->bytes + (1 << 20) - 1) >> 20);
    probe_fact(probe, "entries", "%lld", (long long)self->entries);
    probe_fact(probe, "whole", "%s", self->stage == STAGE_DONE ? "yes" : "not_yet");
    probe_fact(probe, "rounds", "%zu", self->rounds);
    if (self->cause == NULL)
        return probe_holds(probe);
    probe_fact(probe, "place", "%s", self->where);
    return probe_fails(probe, self->cause);
}

static enum status stored(struct probe *probe, void *context, struct problem *why)
{
    struct stored_probe *self = context;
    if (slice_equal(probe_argument(probe), LIT("report")))
        return report(self, probe, why);
    bool left;
    TRY(stored_probe_step(self, probe_moment(probe)->now, &left, why));
    probe_fact(probe, "left", "%d", left);
    return probe_holds(probe);
}

struct stored_probe *stored_probe_create(const struct stored_ports *ports)
{
    struct stored_probe *self = must_calloc(1, sizeof *self);
    self->ports = *ports;
    return self;
}

struct stored_probe *probe_stored(struct role *role, const struct stored_ports *ports)
{
    struct stored_probe *self = stored_probe_create(ports);
    role_on_probe(role, "stored", stored, self);
    return self;
}

void stored_probe_destroy(struct stored_probe **probe)
{
    free(*probe);
    *probe = NULL;
}
