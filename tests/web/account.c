#include "account.h"

#include <stdio.h>
#include <string.h>

enum { SECRET_CHARS = 43 };

/* "code" of a refusal as in src/roles/api/README.md. */
static enum status refuse(json_t **answer, enum status status, const char *code)
{
    *answer = json_pack("{s:s,s:s}", "detail", code, "code", code);
    return status;
}

static json_t *part(const json_t *object, const char *name)
{
    return json_object_get(object, name);
}

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(part(object, name));
    return value != NULL ? value : "";
}

/* A new session of the only person there is; its cookie is the counter in 43 characters. */
static void sign_in(struct account_play *play, struct web_answer *answer, const char *kind,
                    const char *factor)
{
    snprintf(play->session, sizeof play->session, "%0*u", SECRET_CHARS, ++play->sessions);
    json_t *me = part(play->data, "me");
    json_object_set_new(me, "session", json_string(kind));
    json_object_set_new(me, "factor", json_string(factor));
    answer->session = slice_from(play->session);
}

static bool is_signed_in(const struct account_play *play, const struct web_question *asked)
{
    return play->session[0] != '\0' && slice_equal(asked->credentials.session, slice_from(play->session));
}

static json_t *made(struct account_play *play, const char *list, json_t *object)
{
    char id[16];
    snprintf(id, sizeof id, "x_%u", ++play->made);
    json_object_set_new(object, "id", json_string(id));
    json_object_set_new(object, "made", json_string("2026-11-25T10:00:00Z")); /* of a token */
    json_object_set_new(object, "created", json_string("2026-11-25T10:00:00Z")); /* of a factor */
    json_object_set_new(object, "used", json_null());
    json_array_append_new(part(play->data, list), object);
    return json_pack("{s:s}", "id", id);
}

static bool remove_from(struct account_play *play, const char *list, const char *id)
{
    size_t i;
    json_t *object;
    json_array_foreach(part(play->data, list), i, object)
        if (strcmp(text(object, "id"), id) == 0)
            return json_array_remove(part(play->data, list), i) == 0;
    return false;
}

static json_t *find(struct account_play *play, const char *list, const char *id)
{
    size_t i;
    json_t *object;
    json_array_foreach(part(play->data, list), i, object)
        if (strcmp(text(object, "id"), id) == 0)
            return object;
    return NULL;
}

/* One question, and what becomes of it. */
struct turn {
    struct account_play *play;
    const struct web_question *asked;
    const json_t *in;
    json_t **out;
    struct web_answer *answer;
};

static enum status login_start(struct turn *turn)
{
    const char *address = text(turn->in, "address");
    json_t *providers = strstr(address, "@sso.example") != NULL
                            ? json_pack("[{s:s,s:s}]", "id", "idp", "name", "Atelier")
                            : json_array();
    *turn->out = json_pack("{s:s,s:{s:s,s:s,s:s,s:[]},s:o}", "flow", "f_1", "public_key", "challenge",
                           "AAECAwQFBgcICQoLDA0ODw", "rpId", "localhost", "userVerification", "required",
                           "allowCredentials", "providers", providers);
    return ST_OK;
}

static enum status signed_in(struct turn *turn, const char *kind, const char *factor)
{
    sign_in(turn->play, turn->answer, kind, factor);
    *turn->out = json_pack("{s:O}", "me", part(turn->play->data, "me"));
    return ST_OK;
}

static enum status login_passkey(struct turn *turn)
{
    const char *id = text(part(turn->in, "credential"), "id");
    bool known = turn->play->passkey[0] != '\0' && strcmp(turn->play->passkey, id) == 0;
    return known ? signed_in(turn, "full", "passkey") : refuse(turn->out, ST_DENIED, "wrong");
}

static enum status login_password(struct turn *turn)
{
    if (strcmp(text(turn->in, "address"), "slow@atelier.example") == 0) {
        *turn->out = json_pack("{s:s,s:i}", "detail", "slow", "retry_after_s", 240);
        return ST_LIMIT;
    }
    turn->play->password_right = strcmp(text(turn->in, "password"), text(turn->play->data, "password")) == 0;
    *turn->out = json_pack("{s:s}", "next", "code");
    return ST_OK;
}

static enum status login_code(struct turn *turn)
{
    bool right = strcmp(text(turn->in, "code"), text(turn->play->data, "code")) == 0;
    return right && turn->play->password_right ? signed_in(turn, "full", "password+code")
                                               : refuse(turn->out, ST_DENIED, "wrong");
}

static enum status login_recovery(struct turn *turn)
{
    bool right = strcmp(text(turn->in, "code"), "AAAA-BBBB-CCCC") == 0;
    return right && turn->play->password_right ? signed_in(turn, "full", "password+recovery")
                                               : refuse(turn->out, ST_CONFLICT, "flow");
}

static enum status enrolment_start(struct turn *turn)
{
    if (strcmp(text(turn->in, "token"), "invitation-1") != 0)
        return refuse(turn->out, ST_DENIED, "link");
    json_array_clear(part(turn->play->data, "factors"));
    return signed_in(turn, "enrolment", "link");
}

static enum status nothing(struct turn *turn)
{
    *turn->out = json_object();
    return ST_OK;
}

static enum status logout(struct turn *turn)
{
    turn->play->session[0] = '\0';
    return nothing(turn);
}

static enum status me_show(struct turn *turn)
{
    *turn->out = json_incref(part(turn->play->data, "me"));
    return ST_OK;
}

static bool is_complete(const json_t *factors)
{
    bool password = false, code = false, passkey = false;
    for (size_t i = 0; i < json_array_size(factors); i++) {
        const char *kind = text(json_array_get(factors, i), "kind");
        password |= strcmp(kind, "password") == 0;
        code |= strcmp(kind, "code") == 0;
        passkey |= strcmp(kind, "passkey") == 0;
    }
    return passkey || (password && code);
}

static enum status factor_list(struct turn *turn)
{
    json_t *factors = part(turn->play->data, "factors");
    *turn->out = json_pack("{s:O,s:b}", "factors", factors, "complete", is_complete(factors));
    return ST_OK;
}

/* A list of the data, with what pages need beside it. */
static enum status list(struct turn *turn)
{
    static const struct {
        const char *command, *list, *beside;
    } lists[] = {
        {"session.list", "sessions", NULL},    {"token.list", "tokens", NULL},
        {"account.list", "people", NULL},
        {"raise.list", "raises", "rights"},   {"review.list", "reviews", NULL},
        {"meetings.list", "meetings", NULL},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(lists[i].command, turn->asked->command) != 0)
            continue;
        *turn->out = json_pack("{s:O}", lists[i].list, part(turn->play->data, lists[i].list));
        if (lists[i].beside != NULL)
            json_object_set(*turn->out, lists[i].beside, part(turn->play->data, lists[i].beside));
        return ST_OK;
    }
    return ST_NOT_FOUND;
}

static enum status session_end(struct turn *turn)
{
    json_t *sessions = part(turn->play->data, "sessions");
    bool one = text(turn->in, "id")[0] != '\0';
    if (one)
        return remove_from(turn->play, "sessions", text(turn->in, "id")) ? nothing(turn) : ST_NOT_FOUND;
    for (size_t i = json_array_size(sessions); i-- > 0;)
        if (!json_is_true(part(json_array_get(sessions, i), "current")))
            json_array_remove(sessions, i);
    return nothing(turn);
}

static enum status token_make(struct turn *turn)
{
    json_t *token = json_pack("{s:O,s:O,s:s}", "name", part(turn->in, "name"), "scopes",
                              json_array_get(part(turn->in, "scopes"), 0), "ends", "2027-02-01T00:00:00Z");
    if (json_integer_value(part(turn->in, "days")) < 1)
        return refuse(turn->out, ST_INVALID, "days");
    *turn->out = made(turn->play, "tokens", token);
    json_object_set_new(*turn->out, "token", json_string("rdz_0123456789abcdefghijABCDEFGHIJ0123456789-_x"));
    return ST_OK;
}

static enum status token_end(struct turn *turn)
{
    return remove_from(turn->play, "tokens", text(turn->in, "id")) ? nothing(turn) : ST_NOT_FOUND;
}

static enum status factor_end(struct turn *turn)
{
    if (json_array_size(part(turn->play->data, "factors")) == 1)
        return refuse(turn->out, ST_CONFLICT, "last_factor");
    return remove_from(turn->play, "factors", text(turn->in, "id")) ? nothing(turn) : ST_NOT_FOUND;
}

static enum status passkey_start(struct turn *turn)
{
    *turn->out = json_pack(
        "{s:s,s:{s:s,s:{s:s,s:s},s:{s:s,s:s,s:s},s:[{s:s,s:i}],s:{s:s,s:s},s:[]}}", "flow", "f_2", "public_key",
        "challenge", "AAECAwQFBgcICQoLDA0ODw", "rp", "id", "localhost", "name", "Rendez", "user", "id",
        "cF8x", "name", "ann", "displayName", "Ann", "pubKeyCredParams", "type", "public-key", "alg", -7,
        "authenticatorSelection", "residentKey", "required", "userVerification", "required", "excludeCredentials");
    return ST_OK;
}

static enum status add_factor(struct turn *turn, const char *kind)
{
    *turn->out = made(turn->play, "factors", json_pack("{s:s,s:s}", "kind", kind, "name", text(turn->in, "name")));
    return ST_OK;
}

static enum status passkey_add(struct turn *turn)
{
    const json_t *credential = part(turn->in, "credential");
    if (text(part(credential, "response"), "attestationObject")[0] == '\0')
        return refuse(turn->out, ST_INVALID, "credential");
    snprintf(turn->play->passkey, sizeof turn->play->passkey, "%s", text(credential, "id"));
    return add_factor(turn, "passkey");
}

static enum status code_start(struct turn *turn)
{
    *turn->out = json_pack("{s:s,s:s}", "secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "uri",
                           "otpauth://totp/Rendez:ann@atelier.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Rendez");
    return ST_OK;
}

static enum status code_add(struct turn *turn)
{
    if (strcmp(text(turn->in, "code"), text(turn->play->data, "code")) != 0)
        return refuse(turn->out, ST_DENIED, "wrong");
    return add_factor(turn, "code");
}

static enum status set_password(struct turn *turn)
{
    const char *new = text(turn->in, "new");
    if (strstr(new, "Password") != NULL) {
        return refuse(turn->out, ST_INVALID, "common");
    }
    json_object_set_new(turn->play->data, "password", json_string(new));
    return add_factor(turn, "password");
}

static enum status recovery(struct turn *turn)
{
    add_factor(turn, "recovery");
    json_release(turn->out);
    *turn->out = json_pack("{s:[s,s,s,s]}", "codes", "AAAA-BBBB-CCCC", "DDDD-EEEE-FFFF", "GGGG-HHHH-IIII", "JJJJ-KKKK-LLLL");
    return ST_OK;
}

static enum status change_function(struct turn *turn)
{
    json_t *person = find(turn->play, "people", text(turn->in, "id"));
    json_object_set(person, "function", part(turn->in, "function"));
    return nothing(turn);
}

static enum status end_person(struct turn *turn)
{
    json_object_set_new(find(turn->play, "people", text(turn->in, "id")), "state", json_string("ended"));
    return nothing(turn);
}

static enum status raise_ask(struct turn *turn)
{
    json_t *raise = json_deep_copy(part(turn->play->data, "raise"));
    json_object_set(raise, "right", part(turn->in, "right"));
    json_object_set(raise, "reason", part(turn->in, "reason"));
    json_object_set(raise, "minutes", part(turn->in, "minutes"));
    *turn->out = made(turn->play, "raises", raise);
    return ST_OK;
}

static enum status raise_approve(struct turn *turn)
{
    json_t *raise = find(turn->play, "raises", text(turn->in, "id"));
    json_object_set_new(raise, "state", json_string("active"));
    json_object_set_new(raise, "until", json_string("2027-11-25T11:00:00Z"));
    json_object_set_new(raise, "may_approve", json_false());
    return nothing(turn);
}

static enum status raise_end(struct turn *turn)
{
    return remove_from(turn->play, "raises", text(turn->in, "id")) ? nothing(turn) : ST_NOT_FOUND;
}

static enum status show(struct turn *turn, const char *list)
{
    json_t *object = find(turn->play, list, text(turn->in, "id"));
    *turn->out = object != NULL ? json_incref(object) : json_pack("{s:s}", "detail", "nothing there");
    return object != NULL ? ST_OK : ST_NOT_FOUND;
}

static enum status review_show(struct turn *turn)
{
    return show(turn, "reviews");
}

static enum status meeting_show(struct turn *turn)
{
    return show(turn, "meetings");
}

static enum status review_decide(struct turn *turn)
{
    json_t *review = find(turn->play, "reviews", text(turn->in, "id")), *item;
    size_t i;
    json_array_foreach(part(review, "list"), i, item)
        if (strcmp(text(item, "id"), text(turn->in, "item")) == 0)
            json_object_set(item, "decision", part(turn->in, "decision"));
    return nothing(turn);
}

static enum status check(struct turn *turn)
{
    *turn->out = json_pack("{s:s,s:s,s:s}", "person", "p_1", "organisation", "o_1", "function", "administrator");
    turn->answer->assertion = LIT("who it is"); /* the planner's double believes it */
    return ST_OK;
}

static enum status begin_sso(struct turn *turn)
{
    *turn->out = json_pack("{s:s}", "location", "http://127.0.0.1:1/");
    return ST_UNAVAILABLE; /* there is no provider: the page says so */
}

static enum status sso_code(struct turn *turn)
{
    if (strcmp(text(turn->in, "code"), text(turn->play->data, "code")) != 0)
        return refuse(turn->out, ST_DENIED, "wrong");
    sign_in(turn->play, turn->answer, "full", "sso+code");
    return nothing(turn);
}

static const struct {
    const char *command;
    enum status (*run)(struct turn *);
    bool open; /* for who is not signed in */
} commands[] = {
    {"login.start", login_start, true},       {"login.passkey", login_passkey, true},
    {"login.password", login_password, true}, {"login.code", login_code, true},
    {"login.recovery", login_recovery, true}, {"enrolment.start", enrolment_start, true},
    {"account.lost", nothing, true},          {"sso.begin", begin_sso, true},
    {"sso.code", sso_code, true},
    {"logout", logout, false},                {"me.show", me_show, false},
    {"session.check", check, false},          {"session.show", nothing, false},
    {"session.list", list, false},
    {"session.end", session_end, false},      {"token.list", list, false},
    {"token.make", token_make, false},        {"token.end", token_end, false},
    {"factor.list", factor_list, false},      {"factor.end", factor_end, false},
    {"factor.passkey.start", passkey_start, false}, {"factor.passkey.add", passkey_add, false},
    {"factor.code.start", code_start, false}, {"factor.code.add", code_add, false},
    {"factor.password", set_password, false}, {"factor.recovery", recovery, false},
    {"account.list", list, false},            {"account.invite", nothing, false},
    {"account.function", change_function, false}, {"account.end", end_person, false},
    {"raise.list", list, false},              {"raise.ask", raise_ask, false},
    {"raise.approve", raise_approve, false},  {"raise.end", raise_end, false},
    {"glass.ask", raise_ask, false},          {"review.list", list, false},
    {"review.show", review_show, false},      {"review.decide", review_decide, false},
    {"meetings.list", list, false},           {"meetings.show", meeting_show, false},
};

bool account_answer(struct account_play *play, const struct web_question *asked, const json_t *question,
                    json_t **out, struct web_answer *answer)
{
    struct turn turn = {play, asked, question, out, answer};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(asked->command, commands[i].command) != 0)
            continue;
        bool known = commands[i].open || asked->peer == WEB_PLANNER || is_signed_in(play, asked);
        answer->status = known ? commands[i].run(&turn) : refuse(out, ST_DENIED, "no_session");
        return true;
    }
    return false;
}
