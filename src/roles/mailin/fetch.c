#include "roles/mailin/fetch.h"

#include <stdlib.h>

enum { FETCH_ARENA_BYTES = 1 << 20, LOOK_ARENA_BYTES = 16 << 20 };

typedef void step_fn(struct fetch *fetch, const struct imap_response *response);

struct fetch {
    struct role *role;
    struct intake *intake;
    struct arena *arena; /* wiped: it holds the password */
    struct transfers *transfers;
    struct transfer_server server;
    struct loop_timer *timer; /* the next look, or the end of this one's time */
    const char *place_path;
    struct slice account; /* of the place: a hash */
    struct mailbox_place place;
    struct instant saved_look;
    struct slice folder, done_folder; /* quoted, as IMAP wants them */
    bool reached;   /* said so since the last trouble */
    unsigned troubles, refusals; /* in a row */
    struct {
        uint32_t uid;
        unsigned failures; /* connections that broke while it came */
    } suspect;

    /* One look. */
    struct imap_session *session;
    struct arena *look;
    step_fn *step;    /* who takes answers */
    unsigned awaited; /* tag of the command under way */
    struct instant began;
    bool can_move, can_expunge;
    uint32_t uidvalidity, uidnext;
    struct imap_numbers uids; /* new ones, ascending */
    size_t at, sized;         /* the next one; sizes are known up to */
    uint64_t sizes[FETCH_SIZES_MAX];
    bool size_known[FETCH_SIZES_MAX];
    bool head_only, too_large; /* of the message under way */
    bool has_body, answered, sealing;
    enum status sealed;
    struct intake_offer *offer;
    unsigned mark; /* which command of the marking is under way */
    void (*after_mark)(struct fetch *fetch);
};

static void next_message(struct fetch *fetch);
static void search_new(struct fetch *fetch);

static struct moment now_of(const struct fetch *fetch)
{
    return *loop_moment(role_loop(fetch->role));
}

/* The end of a look */

static void close_look(struct fetch *fetch, int64_t wait_ms)
{
    intake_cancel(fetch->offer);
    fetch->offer = NULL;
    fetch->sealing = false;
    imap_session_destroy(&fetch->session);
    arena_destroy(&fetch->look);
    fetch->uids = (struct imap_numbers){0};
    loop_timer_after(fetch->timer, wait_ms);
}

static int64_t doubled(unsigned times, int64_t first_ms, int64_t longest_ms)
{
    int64_t wait_ms = first_ms;
    for (unsigned i = 1; i < times && wait_ms < longest_ms; i++)
        wait_ms *= 2;
    return wait_ms < longest_ms ? wait_ms : longest_ms;
}

static void look_failed(struct fetch *fetch, enum transfer_fault fault, const struct problem *why)
{
    static const enum event events[] = {[TRANSFER_FAULT_OTHER] = EVENT_MAILBOX_FAILED,
                                        [TRANSFER_FAULT_LOGIN] = EVENT_LOGIN_REFUSED,
                                        [TRANSFER_FAULT_TRUST] = EVENT_SERVER_DISTRUSTED};
    event_log(events[fault], field_status(why->status), field_problem(why));
    fetch->reached = false;
    fetch->troubles++;
    fetch->refusals = fault == TRANSFER_FAULT_OTHER ? 0 : fetch->refusals + 1;
    close_look(fetch, fault == TRANSFER_FAULT_OTHER
                          ? doubled(fetch->troubles, FETCH_AGAIN_FIRST_MS, FETCH_AGAIN_LONGEST_MS)
                          : doubled(fetch->refusals, FETCH_HOLD_FIRST_MS, FETCH_HOLD_LONGEST_MS));
}

static void look_refused(struct fetch *fetch, enum status status, const char *what)
{
    struct problem why;
    problem_set(&why, status, "IMAP: %s", what);
    look_failed(fetch, TRANSFER_FAULT_OTHER, &why);
}

static bool save_place(struct fetch *fetch)
{
    struct problem why;
    if (place_save(fetch->place_path, &fetch->place, &why) == ST_OK) {
        fetch->saved_look = fetch->place.looked;
        return true;
    }
    look_failed(fetch, TRANSFER_FAULT_OTHER, &why);
    return false;
}

/* Everything that was there when we looked is ours. */
static void look_done(struct fetch *fetch, bool complete)
{
    fetch->troubles = fetch->refusals = 0;
    if (complete)
        fetch->place.looked = fetch->began;
    /* What was read by somebody before the first look is nobody's request, also later. */
    if (complete && fetch->place.high + 1 < fetch->place.known)
        fetch->place.high = fetch->place.known - 1;
    /* Only the day counts: a quiet mailbox does not write to the disk at every look. */
    if (fetch->place.looked.us - fetch->saved_look.us > DAY_US / 4 && !save_place(fetch))
        return;
    imap_session_send(fetch->session, LIT("LOGOUT"));
    close_look(fetch, (int64_t)role_config(fetch->role)->imap.poll_s * 1000);
}

/* Commands */

static void ask(struct fetch *fetch, step_fn *step, struct slice command)
{
    fetch->step = step;
    fetch->awaited = imap_session_send(fetch->session, command);
    imap_session_wait(fetch->session, true);
}

static bool ends(const struct fetch *fetch, const struct imap_response *response)
{
    return imap_session_is_of(response, fetch->awaited);
}

/* Marking what is ours: one command after the other, up to an empty one. */

/* Nothing is written when that was the last. */
static void write_mark(const struct fetch *fetch, unsigned number, struct buffer *out)
{
    uint32_t uid = fetch->place.unmarked;
    if (role_config(fetch->role)->imap.done == CONFIG_DONE_SEEN) {
        if (number == 0)
            buffer_add_format(out, "UID STORE %u +FLAGS.SILENT (\\Seen)", uid);
    } else if (fetch->can_move) {
        if (number == 0)
            buffer_add_format(out, "UID MOVE %u %.*s", uid, SLICE_ARG(fetch->done_folder));
    } else if (number == 0) {
        buffer_add_format(out, "UID COPY %u %.*s", uid, SLICE_ARG(fetch->done_folder));
    } else if (number == 1) {
        buffer_add_format(out, "UID STORE %u +FLAGS.SILENT (\\Seen \\Deleted)", uid);
    } else if (number == 2 && fetch->can_expunge) {
        /* Without UIDPLUS it would expunge what others have marked too. */
        buffer_add_format(out, "UID EXPUNGE %u", uid);
    }
}

static void mark_next(struct fetch *fetch);

static void take_marked(struct fetch *fetch, const struct imap_response *response)
{
    if (!ends(fetch, response))
        return;
    if (response->result != IMAP_OK) { /* it is ours all the same */
        struct problem why;
        problem_set(&why, ST_DENIED, "IMAP: a mail that was taken over cannot be %s",
                    role_config(fetch->role)->imap.done == CONFIG_DONE_SEEN
                        ? "marked as read" : "moved: does imap.done_folder exist?");
        event_log(EVENT_MAILBOX_FAILED, field_problem(&why));
        fetch->mark = UINT32_MAX;
    } else {
        fetch->mark++;
    }
    mark_next(fetch);
}

static void mark_next(struct fetch *fetch)
{
    AUTO_BUFFER command = buffer_create(2 * IMAP_NAME_BYTES_MAX * 4);
    write_mark(fetch, fetch->mark, &command);
    if (command.len > 0) {
        ask(fetch, take_marked, buffer_slice(&command));
        return;
    }
    fetch->place.unmarked = 0; /* on disk with the next change: marking twice does no harm */
    fetch->after_mark(fetch);
}

static void mark(struct fetch *fetch, void (*after)(struct fetch *))
{
    fetch->mark = 0;
    fetch->after_mark = after;
    mark_next(fetch);
}

/* One message */

/* It is ours, or it is not wanted: never again. */
static void pass_message(struct fetch *fetch, bool ours)
{
    uint32_t uid = fetch->uids.items[fetch->at++];
    fetch->place.high = uid;
    fetch->place.unmarked = ours ? uid : 0;
    fetch->suspect.failures = 0;
    if (!save_place(fetch))
        return;
    if (ours)
        mark(fetch, next_message);
    else
        next_message(fetch);
}

static void skip_message(struct fetch *fetch, const char *reason)
{
    struct problem why;
    problem_set(&why, ST_INVALID, "a mail in the mailbox cannot be fetched: %s", reason);
    event_log(EVENT_MAIL_FAILED, field_problem(&why));
    pass_message(fetch, false);
}

/* When both the server has said that it is done and the spool has it. */
static void finish_message(struct fetch *fetch)
{
    if (!fetch->answered || fetch->sealing)
        return;
    if (!fetch->has_body) { /* somebody else took it away meanwhile */
        pass_message(fetch, false);
    } else if (fetch->sealed == ST_OK) {
        pass_message(fetch, true);
    } else if (fetch->sealed == ST_INVALID) {
        skip_message(fetch, "the spool refuses it");
    } else {
        look_refused(fetch, fetch->sealed, "the spool takes no more just now");
    }
}

static void sealed(void *context, struct slice id, enum status status)
{
    struct fetch *fetch = context;
    (void)id;
    fetch->offer = NULL;
    fetch->sealing = false;
    fetch->sealed = status;
    finish_message(fetch);
}

/* To the spool a second copy of the same bytes is the same message: its id is their hash. */
static void offer_body(struct fetch *fetch, struct slice body)
{
    struct envelope envelope = {.received = now_of(fetch).now};
    AUTO_ARENA arena = arena_create(65536);
    ARENA_PUSH(arena, &envelope.recipients, role_config(fetch->role)->assistant.address);
    fetch->has_body = fetch->sealing = true;
    struct slice reason = fetch->too_large   ? LIT("too_large")
                          : fetch->head_only ? LIT("failed")
                                             : SLICE_NONE;
    struct intake_offer *offer =
        intake_offer(fetch->intake, &envelope, body, reason, sealed, fetch);
    if (fetch->sealing)
        fetch->offer = offer;
}

static void take_body(struct fetch *fetch, const struct imap_response *response)
{
    const struct imap_fetched *fetched = &response->fetched;
    if (response->kind == IMAP_FETCH && fetched->has_body && !fetch->has_body &&
        fetched->has_uid && fetched->uid == fetch->uids.items[fetch->at]) {
        offer_body(fetch, slice_sub(fetched->body, 0, fetch->head_only ? FETCH_HEAD_BYTES_MAX
                                                                       : fetched->body.len));
        return;
    }
    if (!ends(fetch, response))
        return;
    imap_session_wait(fetch->session, false);
    fetch->answered = true;
    finish_message(fetch);
}

static void ask_message(struct fetch *fetch)
{
    uint32_t uid = fetch->uids.items[fetch->at];
    uint64_t size = fetch->sizes[fetch->at % FETCH_SIZES_MAX];
    unsigned failures = fetch->suspect.uid == uid ? fetch->suspect.failures : 0;
    if (failures >= FETCH_SKIP_AFTER) {
        skip_message(fetch, "the connection breaks each time");
        return;
    }
    fetch->too_large = size > FETCH_MESSAGE_BYTES_MAX;
    fetch->head_only = fetch->too_large || failures >= FETCH_HEAD_AFTER;
    fetch->has_body = fetch->answered = fetch->sealing = false;
    if (fetch->head_only)
        event_log(EVENT_MAIL_REFUSED, field_status(ST_LIMIT), field_number(KEY_BYTES, (int64_t)size));
    AUTO_BUFFER command = buffer_create(128);
    if (fetch->head_only)
        buffer_add_format(&command, "UID FETCH %u (UID BODY.PEEK[HEADER]<0.%d>)", uid,
                          FETCH_HEAD_BYTES_MAX);
    else
        buffer_add_format(&command, "UID FETCH %u (UID BODY.PEEK[])", uid);
    ask(fetch, take_body, buffer_slice(&command));
}

/* Sizes, before anything is fetched */

static void take_sizes(struct fetch *fetch, const struct imap_response *response)
{
    const struct imap_fetched *fetched = &response->fetched;
    if (response->kind == IMAP_FETCH && fetched->has_uid && fetched->has_size)
        for (size_t i = fetch->at; i < fetch->sized; i++)
            if (fetch->uids.items[i] == fetched->uid) {
                fetch->sizes[i % FETCH_SIZES_MAX] = fetched->size;
                fetch->size_known[i % FETCH_SIZES_MAX] = true;
            }
    if (!ends(fetch, response))
        return;
    if (response->result == IMAP_OK)
        next_message(fetch);
    else
        look_refused(fetch, ST_UNAVAILABLE, "the server does not list messages");
}

static void ask_sizes(struct fetch *fetch)
{
    AUTO_BUFFER command = buffer_create(FETCH_SIZES_MAX * 12 + 64);
    buffer_add_text(&command, "UID FETCH ");
    size_t end = fetch->at + FETCH_SIZES_MAX;
    fetch->sized = end < fetch->uids.count ? end : fetch->uids.count;
    for (size_t i = fetch->at; i < fetch->sized; i++) {
        fetch->size_known[i % FETCH_SIZES_MAX] = false;
        buffer_add_format(&command, "%s%u", i > fetch->at ? "," : "", fetch->uids.items[i]);
    }
    buffer_add_text(&command, " (UID RFC822.SIZE)");
    ask(fetch, take_sizes, buffer_slice(&command));
}

static void next_message(struct fetch *fetch)
{
    /* Gone since the search, or never there: that is no reason to skip lower numbers later. */
    while (fetch->at < fetch->sized && !fetch->size_known[fetch->at % FETCH_SIZES_MAX])
        fetch->at++;
    if (fetch->at == fetch->uids.count)
        look_done(fetch, true);
    else if (intake_waiting(fetch->intake) >= FETCH_BACKLOG_MAX)
        look_done(fetch, false);
    else if (fetch->at == fetch->sized)
        ask_sizes(fetch);
    else
        ask_message(fetch);
}

/* Which messages */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Servers may answer what was not asked ("8:*" always finds the last one). */
static void keep_uids(struct fetch *fetch, const struct imap_numbers *found, uint32_t from,
                      uint32_t to)
{
    for (size_t i = 0; i < found->count && fetch->uids.count < IMAP_UIDS_MAX; i++)
        if (found->items[i] >= from && found->items[i] <= to)
            ARENA_PUSH(fetch->look, &fetch->uids, found->items[i]);
}

static void sort_uids(struct imap_numbers *uids)
{
    size_t kept = 0;
    if (uids->count > 0)
        qsort(uids->items, uids->count, sizeof *uids->items, by_number);
    for (size_t i = 0; i < uids->count; i++)
        if (kept == 0 || uids->items[kept - 1] != uids->items[i])
            uids->items[kept++] = uids->items[i];
    uids->count = kept;
}

static uint32_t first_new(const struct fetch *fetch)
{
    uint32_t next = fetch->place.high == UINT32_MAX ? UINT32_MAX : fetch->place.high + 1;
    return next > fetch->place.known ? next : fetch->place.known;
}

static bool search_ended(struct fetch *fetch, const struct imap_response *response)
{
    if (!ends(fetch, response))
        return false;
    if (response->result == IMAP_OK)
        return true;
    look_refused(fetch, ST_UNAVAILABLE, "the server does not search");
    return false;
}

static void take_new(struct fetch *fetch, const struct imap_response *response)
{
    if (response->kind == IMAP_SEARCH)
        keep_uids(fetch, &response->numbers, first_new(fetch), UINT32_MAX);
    if (!search_ended(fetch, response))
        return;
    sort_uids(&fetch->uids);
    fetch->at = fetch->sized = 0;
    next_message(fetch);
}

static void search_new(struct fetch *fetch)
{
    ask(fetch, take_new,
        arena_format(fetch->look, "UID SEARCH UID %u:*", first_new(fetch))); /* once a look */
}

static void take_old(struct fetch *fetch, const struct imap_response *response)
{
    if (response->kind == IMAP_SEARCH)
        keep_uids(fetch, &response->numbers, fetch->place.high + 1, fetch->place.known - 1);
    if (search_ended(fetch, response))
        search_new(fetch);
}

/* What was there before the first look, or before the numbers changed. */
static void search_old(struct fetch *fetch)
{
    const struct mailbox_place *place = &fetch->place;
    if (place->known <= 1 || place->high >= place->known - 1) {
        search_new(fetch);
        return;
    }
    AUTO_BUFFER command = buffer_create(128);
    buffer_add_format(&command, "UID SEARCH UID %u:%u ", place->high + 1, place->known - 1);
    struct civil_date day = civil_from_us(place->since.us).date;
    if (place->renumbered) {
        buffer_add_text(&command, "SINCE ");
        imap_write_date(day.year, day.month, day.day, &command);
    } else {
        buffer_add_text(&command, "UNSEEN");
    }
    ask(fetch, take_old, buffer_slice(&command));
}

static void take_selected(struct fetch *fetch, const struct imap_response *response)
{
    (void)imap_code_number(response->code, LIT("UIDVALIDITY"), &fetch->uidvalidity);
    (void)imap_code_number(response->code, LIT("UIDNEXT"), &fetch->uidnext);
    if (!ends(fetch, response))
        return;
    if (response->result != IMAP_OK) {
        look_refused(fetch, ST_NOT_FOUND, "there is no folder imap.folder, or it cannot be opened");
        return;
    }
    if (fetch->uidvalidity == 0 || fetch->uidnext == 0) {
        look_refused(fetch, ST_INVALID, "the server gives no lasting numbers (UIDVALIDITY, UIDNEXT)");
        return;
    }
    if (place_meet(&fetch->place, fetch->uidvalidity, fetch->uidnext)) {
        if (fetch->place.renumbered)
            event_log(EVENT_MAILBOX_RENUMBERED, field_number(KEY_COUNT, fetch->uidvalidity));
        if (!save_place(fetch))
            return;
    }
    if (!fetch->reached)
        event_log(EVENT_MAILBOX_READ, field_number(KEY_COUNT, fetch->uidnext - 1));
    fetch->reached = true;
    if (fetch->place.unmarked != 0)
        mark(fetch, search_old);
    else
        search_old(fetch);
}

static void take_capability(struct fetch *fetch, const struct imap_response *response)
{
    if (response->kind == IMAP_CAPABILITY) {
        fetch->can_move = imap_has_word(response->text, LIT("MOVE"));
        fetch->can_expunge = imap_has_word(response->text, LIT("UIDPLUS"));
    }
    if (ends(fetch, response))
        ask(fetch, take_selected,
            arena_format(fetch->look, "SELECT %.*s", SLICE_ARG(fetch->folder))); /* once a look */
}

/* The session */

static void opened(void *context)
{
    ask(context, take_capability, LIT("CAPABILITY"));
}

static void answered(void *context, const struct imap_response *response)
{
    struct fetch *fetch = context;
    if (response->kind == IMAP_STATUS && response->result == IMAP_BYE)
        return; /* the end of the connection follows, and is told as such */
    fetch->step(fetch, response);
}

static void closed(void *context, enum transfer_fault fault, const struct problem *why)
{
    struct fetch *fetch = context;
    if (fetch->step == take_body && fetch->at < fetch->uids.count && !fetch->answered) {
        uint32_t uid = fetch->uids.items[fetch->at];
        fetch->suspect.failures = fetch->suspect.uid == uid ? fetch->suspect.failures + 1 : 1;
        fetch->suspect.uid = uid;
    }
    look_failed(fetch, fault, why);
}

static void look(struct fetch *fetch, const struct moment *at)
{
    const struct imap_events events = {opened, answered, closed, fetch};
    struct problem why;
    fetch->look = arena_create(LOOK_ARENA_BYTES);
    fetch->began = at->now;
    fetch->uidvalidity = fetch->uidnext = 0;
    fetch->can_move = fetch->can_expunge = false;
    fetch->step = NULL;
    fetch->at = fetch->sized = 0;
    loop_timer_after(fetch->timer, FETCH_LOOK_MS);
    if (imap_session_create(role_loop(fetch->role), fetch->transfers, &fetch->server,
                            FETCH_MESSAGE_BYTES_MAX, &events, &fetch->session, &why) != ST_OK)
        look_failed(fetch, TRANSFER_FAULT_OTHER, &why);
}

static void timer_due(void *context, const struct moment *at)
{
    struct fetch *fetch = context;
    if (fetch->session == NULL)
        look(fetch, at);
    else
        look_refused(fetch, ST_UNAVAILABLE, "reading the mailbox took too long");
}

enum status fetch_open(struct fetch *fetch, struct problem *why)
{
    TRY(place_load(fetch->place_path, fetch->account, fetch->arena, &fetch->place, why));
    fetch->saved_look = fetch->place.looked;
    loop_timer_after(fetch->timer, 0);
    return ST_OK;
}

const struct transfer_server *fetch_server(const struct fetch *fetch)
{
    return &fetch->server;
}

static enum status quote(struct slice name, struct arena *arena, struct slice *out,
                         struct problem *why)
{
    AUTO_BUFFER text = buffer_create(8192);
    TRY(imap_write_folder(name, &text, why));
    *out = arena_copy(arena, buffer_slice(&text));
    return ST_OK;
}

static enum status read_settings(struct fetch *fetch, const struct spool *spool, struct problem *why)
{
    const struct config *config = role_config(fetch->role);
    struct arena *arena = fetch->arena;
    struct slice password;
    TRY(role_read_secret(fetch->role, arena, &password, why));
    fetch->server = (struct transfer_server){
        .host = arena_text(arena, config->imap.host),
        .port = (uint16_t)config->imap.port,
        .tls = config->imap.tls == CONFIG_IMAP_IMPLICIT ? TRANSFER_IMPLICIT : TRANSFER_STARTTLS,
        .ca_file = config->mail.ca_file.len > 0 ? arena_text(arena, config->mail.ca_file) : NULL,
        .user = arena_text(arena, config->imap.user),
        .password = arena_text(arena, password),
    };
    TRY(quote(config->imap.folder, arena, &fetch->folder, why));
    TRY(quote(config->imap.done_folder, arena, &fetch->done_folder, why));
    struct slice account = arena_format(arena, "%s:%u\n%s\n%.*s", fetch->server.host,
                                        (unsigned)fetch->server.port, fetch->server.user,
                                        SLICE_ARG(fetch->folder));
    fetch->account = spool_id(spool, account, arena);
    return ST_OK;
}

enum status fetch_create(struct role *role, struct spool *spool, struct intake *intake,
                         const char *folder, struct fetch **out, struct problem *why)
{
    struct fetch *fetch = must_calloc(1, sizeof *fetch);
    *fetch = (struct fetch){.role = role, .intake = intake};
    fetch->arena = arena_create_wiped(FETCH_ARENA_BYTES);
    fetch->timer = loop_timer_create(role_loop(role), timer_due, fetch);
    fetch->place_path = arena_format(fetch->arena, "%s/mailbox", folder).data;
    enum status status = transfers_create(role_loop(role), 1, &fetch->transfers, why);
    if (status == ST_OK)
        status = read_settings(fetch, spool, why);
    if (status != ST_OK) {
        fetch_destroy(&fetch);
        return status;
    }
    *out = fetch;
    return ST_OK;
}

void fetch_destroy(struct fetch **out)
{
    struct fetch *fetch = *out;
    if (fetch == NULL)
        return;
    intake_cancel(fetch->offer);
    imap_session_destroy(&fetch->session);
    transfers_destroy(&fetch->transfers);
    loop_timer_destroy(&fetch->timer);
    arena_destroy(&fetch->look);
    arena_destroy(&fetch->arena);
    free(fetch);
    *out = NULL;
}
