#include "roles/logd/logbook.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/eventlog/kinds.h"

enum {
    SOURCES_MAX = 64,
    STARTS_KEPT = 4, /* of one role: two may run in an upgrade */
    POSITION_BYTES_MAX = 16 * 1024,
    TAKEN_BYTES_MAX = 256 << 20,
};

struct source {
    char name[LOG_SOURCE_BYTES_MAX + 1];
    int64_t kept, taken; /* taken: with what is not committed */
};

struct logbook {
    int lock;
    char *folder;
    struct ledger *ledger;
    struct source sources[SOURCES_MAX]; /* the one that spoke last at the end */
    size_t source_count;
    struct arena *arena; /* of what is taken */
    struct slice_list taken;
    int64_t last_us;     /* of the newest entry: times never go back */
};

/* Sources */

static struct source *find_source(struct logbook *book, struct slice name)
{
    for (size_t i = 0; i < book->source_count; i++)
        if (slice_equal(name, slice_from(book->sources[i].name)))
            return &book->sources[i];
    return NULL;
}

static void remove_source(struct logbook *book, size_t index)
{
    memmove(&book->sources[index], &book->sources[index + 1],
            (--book->source_count - index) * sizeof *book->sources);
}

static struct slice role_of(struct slice source)
{
    return slice_sub(source, 0, slice_find(source, LIT("."), 0));
}

/* Processes that are long gone make room. */
static void make_room(struct logbook *book, struct slice name)
{
    size_t same = 0;
    for (size_t i = 0; i < book->source_count; i++)
        same += slice_equal(role_of(slice_from(book->sources[i].name)), role_of(name));
    for (size_t i = 0; i < book->source_count && same >= STARTS_KEPT; i++)
        if (slice_equal(role_of(slice_from(book->sources[i].name)), role_of(name))) {
            remove_source(book, i--);
            same--;
        }
    if (book->source_count == SOURCES_MAX)
        remove_source(book, 0);
}

static struct source *add_source(struct logbook *book, struct slice name)
{
    struct source *source = find_source(book, name);
    if (source != NULL)
        return source;
    make_room(book, name);
    source = &book->sources[book->source_count++];
    *source = (struct source){.kept = 0};
    memcpy(source->name, name.data, name.len);
    return source;
}

/* Entries, read back */

bool logbook_read_entry(struct slice line, struct logbook_entry *out)
{
    uint64_t us;
    size_t after_time = slice_find(line, LIT(" "), 2);
    size_t after_kind = after_time == SIZE_MAX ? SIZE_MAX : slice_find(line, LIT(" "), after_time + 1);
    size_t source = after_kind;
    if (!slice_starts(line, LIT("1 ")) || after_kind == SIZE_MAX ||
        !slice_to_u64(slice_sub(line, 2, after_time), INT64_MAX, &us))
        return false;
    for (size_t at = after_kind; (at = slice_find(line, LIT(" source="), at)) != SIZE_MAX; at++)
        source = at;
    if (!slice_starts(slice_sub(line, source, line.len), LIT(" source=")))
        return false;
    *out = (struct logbook_entry){
        .at = {(int64_t)us},
        .kind = slice_sub(line, after_time + 1, after_kind),
        .ids = source == after_kind ? SLICE_NONE : slice_sub(line, after_kind + 1, source),
        .source = slice_sub(line, source + sizeof " source=" - 1, line.len),
    };
    return true;
}

bool logbook_names(const struct logbook_entry *entry, struct slice name, struct slice id)
{
    struct slice rest = entry->ids;
    while (rest.len > 0) {
        size_t end = slice_find(rest, LIT(" "), 0);
        struct slice word = slice_sub(rest, 0, end);
        if (word.len == name.len + 1 + id.len && slice_starts(word, name) && word.data[name.len] == '=' &&
            slice_ends(word, id))
            return true;
        rest = slice_sub(rest, end == SIZE_MAX ? rest.len : end + 1, rest.len);
    }
    return false;
}

static enum status hear_entry(void *context, uint64_t at, struct slice line, struct problem *why)
{
    struct logbook *book = context;
    struct logbook_entry entry;
    uint64_t number;
    (void)at, (void)why;
    if (!logbook_read_entry(line, &entry))
        return ST_OK;
    size_t slash = slice_find(entry.source, LIT("/"), 0);
    struct slice name = slice_sub(entry.source, 0, slash);
    book->last_us = entry.at.us;
    if (slash != SIZE_MAX && name.len > 0 && name.len <= LOG_SOURCE_BYTES_MAX &&
        slice_to_u64(slice_sub(entry.source, slash + 1, entry.source.len), INT64_MAX, &number))
        add_source(book, name)->kept = (int64_t)number;
    return ST_OK;
}

/* Opening */

/* "SIZE", then "NAME NUMBER" in each line. False: it is not as we write it, and not read. */
static bool read_position(struct logbook *book, struct slice text, uint64_t *size)
{
    struct slice line;
    uint64_t number;
    if (!slice_next_line(&text, &line) || !slice_to_u64(line, INT64_MAX, size) ||
        *size > ledger_size(book->ledger))
        return false;
    while (slice_next_line(&text, &line)) {
        size_t space = slice_find(line, LIT(" "), 0);
        if (space == SIZE_MAX || space == 0 || space > LOG_SOURCE_BYTES_MAX ||
            !slice_to_u64(slice_sub(line, space + 1, line.len), INT64_MAX, &number))
            return false;
        add_source(book, slice_sub(line, 0, space))->kept = (int64_t)number;
    }
    return true;
}

static enum status find_positions(struct logbook *book, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4 * POSITION_BYTES_MAX);
    struct slice text;
    uint64_t from = 0, size = ledger_size(book->ledger);
    const char *path = arena_format(arena, "%s/position", book->folder).data;
    if (file_read(path, POSITION_BYTES_MAX, arena, &text, why) != ST_OK ||
        !read_position(book, text, &from)) {
        book->source_count = 0;
        from = 0;
    }
    /* The last one in any case: its time. */
    TRY(ledger_each(book->ledger, from == size && size > 0 ? size - 1 : from, hear_entry, book, why));
    for (size_t i = 0; i < book->source_count; i++)
        book->sources[i].taken = book->sources[i].kept;
    return ST_OK;
}

static enum status lock(struct logbook *book, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 * 1024);
    const char *path = arena_format(arena, "%s/lock", book->folder).data;
    book->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (book->lock < 0)
        return problem_errno(why, "log");
    if (flock(book->lock, LOCK_EX | LOCK_NB) == 0)
        return ST_OK;
    return errno == EWOULDBLOCK ? problem_set(why, ST_CONFLICT, "log: another process writes it")
                                : problem_errno(why, "log");
}

enum status logbook_open(const char *folder, struct slice origin, const struct secret *seed,
                         struct logbook **out, struct problem *why)
{
    AUTO_LOGBOOK book = must_calloc(1, sizeof *book);
    book->lock = -1;
    book->arena = arena_create(TAKEN_BYTES_MAX);
    book->folder = must_calloc(1, strlen(folder) + 1);
    memcpy(book->folder, folder, strlen(folder));
    TRY(lock(book, why));
    TRY(ledger_open(folder, origin, seed, &book->ledger, why));
    TRY(find_positions(book, why));
    *out = book;
    book = NULL;
    return ST_OK;
}

void logbook_close(struct logbook **book)
{
    struct logbook *old = *book;
    *book = NULL;
    if (old == NULL)
        return;
    ledger_destroy(&old->ledger);
    arena_destroy(&old->arena);
    fd_close(&old->lock);
    free(old->folder);
    free(old);
}

struct ledger *logbook_ledger(struct logbook *book)
{
    return book->ledger;
}

int64_t logbook_kept(struct logbook *book, struct slice source)
{
    const struct source *found = find_source(book, source);
    return found == NULL ? 0 : found->kept;
}

/* Taking */

static void push(struct logbook *book, struct instant at, struct instant now, struct slice kind,
                 struct slice ids, struct slice source)
{
    int64_t us = at.us < now.us ? at.us : now.us;
    if (us > book->last_us)
        book->last_us = us;
    ARENA_PUSH(book->arena, &book->taken,
               arena_format(book->arena, "1 %" PRId64 " %.*s %.*s%ssource=%.*s", book->last_us,
                            SLICE_ARG(kind), SLICE_ARG(ids), ids.len > 0 ? " " : "", SLICE_ARG(source)));
}

static void push_line(struct logbook *book, struct source *source, const struct log_line *line,
                      struct instant now)
{
    struct slice from = arena_format(book->arena, "%s/%" PRId64, source->name, ++source->taken);
    if (log_kind_is_fine(line->kind) && log_ids_are_fine(line->ids, LOG_IDS_BYTES_MAX))
        push(book, line->at, now, line->kind, line->ids, from);
    else
        push(book, line->at, now, slice_from(log_kind_name(LOG_LINE_REFUSED)), SLICE_NONE, from);
}

static void go_back(struct logbook *book, struct source *source, int64_t first, struct instant now)
{
    if (first < 1 || first > source->taken)
        return;
    struct slice kept = arena_format(book->arena, "kept=%" PRId64, source->taken);
    source->taken = first - 1;
    push(book, now, now, slice_from(log_kind_name(LOG_SOURCE_RESTORED)), kept,
         arena_format(book->arena, "%s/%" PRId64, source->name, source->taken));
}

void logbook_take(struct logbook *book, const struct log_append *append, bool lasting, struct instant now)
{
    if (append->source.len == 0 || append->source.len > LOG_SOURCE_BYTES_MAX ||
        (append->lines.count == 0 && !append->back))
        return;
    struct source *source = add_source(book, append->source);
    if (append->back && lasting) {
        go_back(book, source, append->first, now);
        return;
    }
    if (!lasting && source->taken == 0 && append->first > 1)
        source->taken = append->first - 1; /* it began before this log did */
    for (size_t i = 0; i < append->lines.count; i++)
        if (append->first + (int64_t)i == source->taken + 1)
            push_line(book, source, &append->lines.items[i], now);
}

void logbook_say(struct logbook *book, struct slice kind, struct slice ids, struct instant now)
{
    push(book, now, now, kind, ids, LIT("logd"));
}

size_t logbook_taken(const struct logbook *book)
{
    return book->taken.count;
}

enum status logbook_commit(struct logbook *book, struct problem *why)
{
    enum status status =
        book->taken.count == 0
            ? ST_OK
            : ledger_append(book->ledger, book->taken.items, book->taken.count, NULL, why);
    for (size_t i = 0; i < book->source_count; i++) {
        struct source *source = &book->sources[i];
        if (status == ST_OK)
            source->kept = source->taken;
        else
            source->taken = source->kept;
    }
    book->taken = (struct slice_list){0};
    arena_clear(book->arena);
    return status;
}

enum status logbook_save(struct logbook *book, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 * 1024);
    AUTO_BUFFER text = buffer_create(POSITION_BYTES_MAX);
    buffer_add_format(&text, "%" PRIu64 "\n", ledger_size(book->ledger));
    for (size_t i = 0; i < book->source_count; i++)
        buffer_add_format(&text, "%s %" PRId64 "\n", book->sources[i].name, book->sources[i].kept);
    TRY(buffer_check(&text, "log position", why));
    return file_write_durably(arena_format(arena, "%s/position", book->folder).data,
                              buffer_slice(&text), 0600, why);
}

struct slice logbook_origin(struct slice public_url, struct arena *arena)
{
    size_t at = slice_find(public_url, LIT("://"), 0);
    return arena_format(arena, "%.*s/log",
                        SLICE_ARG(slice_sub(public_url, at == SIZE_MAX ? 0 : at + 3, public_url.len)));
}
