/* What other roles must hear: written with its cause, said again until it is answered. */
#include "roles/authd/internal.h"

enum { ERRANDS_BYTES_MAX = 64 << 20 };

enum { ERRAND_NOTICE, ERRAND_PERSON, ERRAND_ENDED };
static const struct errand_kind {
    const char *name;
    enum message message;
} errand_kinds[] = {
    [ERRAND_NOTICE] = {"notice", MESSAGE_NOTICE},
    [ERRAND_PERSON] = {"person", MESSAGE_PERSON},
    [ERRAND_ENDED] = {"ended", MESSAGE_PERSON_ENDED},
};

const enum role_id ending_peers[ENDING_PEERS] = {ROLE_KEYD, ROLE_PLANNER, ROLE_API, ROLE_LOGD};

static const struct record_type *type_of(enum message message)
{
    return message_kind((uint16_t)message)->type;
}

static enum status send(struct call *call, const struct errand_kind *kind, struct slice id,
                        struct slice account, enum role_id peer, const void *object)
{
    struct authd *authd = call->authd;
    struct errand errand = {.id = id,
                            .kind = slice_from(kind->name),
                            .peer = slice_from(role_rows[peer].name),
                            .account = account,
                            .created = call->now};
    TRY(seal_row(authd, NULL, IDENTITY_ERRAND, id, type_of(kind->message), object, call->arena,
                 &errand.content, &call->why));
    TRY(identity_add_errand(authd->identity, &errand, &call->why));
    ARENA_PUSH(call->arena, &call->told, ((struct errand_told){peer, kind->message, object}));
    return ST_OK;
}

enum status tell_person(struct call *call, const struct account *account,
                        const struct account_details *details)
{
    struct organisation *organisation;
    TRY(get_organisation(call->authd, account->organisation, &organisation, &call->why));
    if (account->kind != ACCOUNT_PERSON || !slice_equal(organisation->kind, LIT("client")))
        return ST_OK; /* the assistant works for people of clients */
    struct person_told *told = ARENA_NEW(call->arena, struct person_told);
    *told = (struct person_told){
        .id = database_new_id("e", call->arena),
        .person = account->id,
        .organisation = account->organisation,
        .name = details->name,
        .address = details->address,
        .language = details->language,
        .asks = account->state != ACCOUNT_ENDED && slice_equal(account->function, LIT("organizer")),
    };
    return send(call, &errand_kinds[ERRAND_PERSON], told->id, account->id, ROLE_PLANNER, told);
}

/* Of the browser what a person recognises, and the network; never more. */
static struct slice place_text(struct call *call)
{
    return arena_copy(call->arena, call->credentials.address);
}

enum status tell_notice(struct call *call, const struct account *account, const char *phrase,
                        const char *word, struct slice link)
{
    struct account_details details;
    if (account->kind != ACCOUNT_PERSON)
        return ST_OK;
    TRY(open_account(call->authd, account, call->arena, &details, &call->why));
    struct notice *notice = ARENA_NEW(call->arena, struct notice);
    *notice = (struct notice){
        .id = database_new_id("e", call->arena),
        .organisation = account->organisation,
        .person = account->id,
        .name = details.name,
        .address = details.address,
        .language = details.language,
        .phrase = slice_from(phrase),
        .from = place_text(call),
        .word = slice_from(word),
        .link = link,
        .at = call->now,
    };
    return send(call, &errand_kinds[ERRAND_NOTICE], notice->id, account->id, ROLE_PLANNER, notice);
}

enum status tell_ended(struct call *call, const struct account *account, struct slice session,
                       const char *cause)
{
    struct person_ended *ended = ARENA_NEW(call->arena, struct person_ended);
    *ended = (struct person_ended){
        .id = database_new_id("e", call->arena),
        .person = account->id,
        .organisation = account->organisation,
        .session = session,
        .cause = slice_from(cause),
        .at = call->now,
    };
    for (size_t i = 0; i < ENDING_PEERS; i++)
        TRY(send(call, &errand_kinds[ERRAND_ENDED], ended->id, account->id, ending_peers[i], ended));
    return ST_OK;
}

static const struct errand_kind *find_kind(struct slice name)
{
    for (size_t i = 0; i < sizeof errand_kinds / sizeof *errand_kinds; i++)
        if (slice_equal(name, slice_from(errand_kinds[i].name)))
            return &errand_kinds[i];
    return NULL;
}

static enum status say_again(struct authd *authd, enum role_id peer, struct arena *arena,
                             struct problem *why)
{
    struct errand_list list;
    TRY(identity_list_errands(authd->identity, slice_from(role_rows[peer].name), arena, &list, why));
    for (size_t i = 0; i < list.count; i++) {
        const struct errand *errand = &list.items[i];
        const struct errand_kind *kind = find_kind(errand->kind);
        if (kind == NULL)
            continue;
        void *object = arena_alloc(arena, type_of(kind->message)->size);
        TRY(open_row(authd, NULL, IDENTITY_ERRAND, errand->id, errand->content,
                     type_of(kind->message), arena, object, why));
        authd->ports.say(authd->ports.self, peer, kind->message, object);
    }
    return ST_OK;
}

void authd_peer(struct authd *authd, enum role_id peer, struct instant now)
{
    AUTO_ARENA arena = arena_create_wiped(ERRANDS_BYTES_MAX);
    struct problem why;
    if (peer == ROLE_SSO)
        sso_began_anew(authd, now);
    if (peer == ROLE_KEYD)
        assertion_keys_are_old(authd);
    if (peer == ROLE_KEYD && refresh_service_key(authd, &why) != ST_OK)
        event_log(EVENT_KEY_ROTATION_FAILED, field_problem(&why));
    if (say_again(authd, peer, arena, &why) != ST_OK)
        event_log(EVENT_ERRAND_FAILED, field_text(KEY_ROLE, role_rows[peer].name),
                  field_problem(&why));
}

/* What a peer has done; of an end, the log holds it, and how long it took. */
static enum status finish_errand(struct authd *authd, enum role_id peer, struct slice id,
                                 int64_t ended, struct instant now, struct arena *arena,
                                 struct problem *why)
{
    struct slice name = slice_from(role_rows[peer].name);
    struct errand errand;
    uint32_t left;
    enum status found = identity_load_errand(authd->identity, id, name, arena, &errand, why);
    if (found == ST_NOT_FOUND)
        return ST_OK; /* done before, and said twice */
    TRY(found);
    TRY(identity_finish_errand(authd->identity, id, name, &left, why));
    if (!slice_equal(errand.kind, LIT("ended")))
        return ST_OK;
    struct slice ids = arena_format(arena, "account=%.*s peer=%s ended=%lld ms=%lld left=%u",
                                    SLICE_ARG(errand.account), role_rows[peer].name,
                                    (long long)ended, (long long)((now.us - errand.created.us) / 1000),
                                    (unsigned)left);
    return identity_append_log(authd->identity, now, LIT("account.access.ended"), ids, why);
}

void authd_done(struct authd *authd, enum role_id peer, struct slice id, int64_t ended,
                struct instant now)
{
    AUTO_ARENA arena = arena_create_wiped(1 << 20);
    struct problem why;
    enum status status = identity_begin(authd->identity, &why);
    if (status == ST_OK)
        status = finish_errand(authd, peer, id, ended, now, arena, &why);
    if (status == ST_OK)
        status = identity_commit(authd->identity, &why);
    identity_rollback(authd->identity);
    if (status != ST_OK) /* it stays, and is said again */
        event_log(EVENT_ERRAND_FAILED, field_text(KEY_ROLE, role_rows[peer].name),
                  field_problem(&why));
}
