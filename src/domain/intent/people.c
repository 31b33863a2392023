#include <string.h>

#include "domain/intent/internal.h"

/* Who is spoken of, and as what. A name counts when somebody of the thread bears it, when
 * an address stands beside it, or when it follows "avec", "with" in a request. */

enum {
    NAME_WORDS_MAX = 5,
    LIST_NAMES_MAX = 20,
    NAMED_MAILS_MAX = 8, /* addresses that are asked whose they are, for each name */
};

static bool starts_name(const struct text *text, uint32_t at)
{
    const struct token *token = &text->tokens[at];
    return token->kind == TOKEN_WORD && token->capital && token->word.len > 1 &&
           !in_class(text, at, CLASS_no_name);
}

static bool at_sentence_start(const struct text *text, uint32_t at)
{
    uint32_t first = text->sentences[text->tokens[at].sentence].tokens.first;
    while (first < at && text->tokens[first].kind == TOKEN_PUNCT)
        first++;
    return first == at;
}

struct span name_at(const struct text *text, uint32_t at)
{
    struct span span = {at, at};
    if (at >= text->token_count)
        return span;
    uint32_t i = at;
    if (in_class(text, i, CLASS_title) && i + 1 < text->token_count) {
        i++;
        if (text->tokens[i].kind == TOKEN_PUNCT && text->body.data[text->tokens[i].offset] == '.')
            i++;
    }
    if (i >= text->token_count || !starts_name(text, i))
        return span;
    span.end = i + 1;
    for (uint32_t words = 1; words < NAME_WORDS_MAX && span.end < text->token_count; words++) {
        uint32_t next = span.end;
        if (in_class(text, next, CLASS_name_particle) && next + 1 < text->token_count &&
            text->tokens[next].kind == TOKEN_WORD)
            next++;
        if (next >= text->token_count || !starts_name(text, next) || text->tokens[next].timex != 0 ||
            text->tokens[next].sentence != text->tokens[at].sentence)
            break;
        span.end = next + 1;
    }
    return span;
}

/* The verb of an order begins a sentence with a capital too: "Ajoute Marc", "Take Bea". */
static uint32_t skip_order(const struct text *text, uint32_t at)
{
    for (size_t i = cue_from(text, at); i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        bool order = hit->cue == CUE_ADD || hit->cue == CUE_REMOVE || hit->cue == CUE_REQUEST ||
                     hit->cue == CUE_INVITE || hit->cue == CUE_CHANGE || hit->cue == CUE_CANCEL;
        if (hit->tokens.first != at)
            return at;
        if (order && at_sentence_start(text, at))
            return at + 1;
    }
    return at;
}

/* Somebody who can be meant. */
struct person_ref { struct slice name, address; };

static bool same_address(struct slice a, struct slice b)
{
    return a.len > 0 && slice_equal_nocase(a, b);
}

static bool is_self(const struct view *view, struct slice address)
{
    return same_address(address, view->context->assistant.address) ||
           same_address(address, view->mail->from.address);
}

static bool means_assistant(const struct view *view, struct slice name)
{
    return name_means(name, view->context->assistant.name, view->context->assistant.address);
}

static bool known_at(const struct view *view, size_t i, struct person_ref *out)
{
    const struct intent_context *context = view->context;
    if (i < view->others.count) {
        *out = (struct person_ref){view->others.items[i].name, view->others.items[i].address};
        return true;
    }
    i -= view->others.count;
    if (i < context->people.count) {
        *out = (struct person_ref){context->people.items[i].name, context->people.items[i].address};
        return true;
    }
    i -= context->people.count;
    if (i < view->mail->quotes.count) {
        *out = (struct person_ref){view->mail->quotes.items[i].from.name,
                                   view->mail->quotes.items[i].from.address};
        return true;
    }
    return false;
}

static bool find_known(const struct view *view, struct slice name, struct person_ref *out)
{
    struct person_ref person;
    for (size_t i = 0; known_at(view, i, &person); i++)
        if (person.address.len > 0 && !is_self(view, person.address) &&
            name_means(name, person.name, person.address)) {
            *out = person;
            return true;
        }
    return false;
}

/* name_means, and short names that begin the address: "Jo" of jo.blin@…. */
static bool bears(struct slice name, struct slice full, struct slice address)
{
    size_t space = slice_find(name, LIT(" "), 0);
    if (name_means(name, full, address))
        return true;
    if (space != SIZE_MAX && full.len == 0) /* ida@norr.example is Ida Norr's */
        return bears(slice_sub(name, 0, space), full, address);
    char next = name.len < address.len ? address.data[name.len] : 0;
    return name.len >= 2 && slice_starts_nocase(address, name) && next != 0 &&
           strchr("@._-", next) != NULL;
}

static void mention_add(struct view *view, struct mention_list *list, struct slice name,
                        struct slice address, enum mention_role role)
{
    if (address.len > 0 && is_self(view, address))
        return;
    for (size_t i = 0; i < list->count; i++) {
        struct mention *old = &list->items[i];
        bool same = same_address(address, old->address) ||
                    ((address.len == 0 || old->address.len == 0) && name.len > 0 &&
                     (bears(name, old->name, old->address) ||
                      (old->name.len > 0 && bears(old->name, name, address))));
        if (!same)
            continue;
        if (old->address.len == 0)
            old->address = address;
        if (old->name.len < name.len)
            old->name = name;
        bool gone = old->role == MENTION_REMOVE && role == MENTION_MAKE_OPTIONAL;
        if (role != MENTION_ATTEND && role != MENTION_NAMED && !gone)
            old->role = role; /* "Dana doesn't need to be there, take her off" */
        return;
    }
    if (list->count < LIST_NAMES_MAX)
        ARENA_PUSH(view->arena, list, ((struct mention){name, address, role}));
}

/* "Ida Norr et Jo Blin (ida@…, jo@…)": the nearest name may be that of another address. */
static bool names_other_mail(const struct text *text, struct slice name, uint32_t at)
{
    for (uint32_t i = 0; i < text->token_count; i++)
        if (i != at && text->tokens[i].kind == TOKEN_MAIL &&
            bears(name, SLICE_NONE, text->tokens[i].word))
            return true;
    return false;
}

/* The name that belongs to an address written in the text. */
static struct slice name_of_mail(const struct view *view, const struct text *text, uint32_t at)
{
    struct slice address = text->tokens[at].word;
    struct person_ref known;
    for (size_t i = 0; known_at(view, i, &known); i++)
        if (same_address(known.address, address) && known.name.len > 0)
            return known.name;
    uint32_t from = at > 60 ? at - 60 : 0;
    struct slice near = SLICE_NONE;
    for (uint32_t i = at; i-- > from;) {
        struct span span = name_at(text, i);
        if (span.end <= i || span.end > at)
            continue;
        while (i > from && name_at(text, i - 1).end == span.end &&
               skip_order(text, i - 1) == i - 1)
            i--; /* the longest run that ends here */
        struct slice name = text_of_span(text, (struct span){i, span.end});
        bool beside = at - span.end <= 1 &&
                      text->tokens[i].sentence == text->tokens[at].sentence &&
                      (span.end - i > 1 || i > text->sentences[text->tokens[at].sentence].tokens.first);
        if (bears(name, SLICE_NONE, address))
            return name;
        if (near.len == 0 && beside && !names_other_mail(text, name, at))
            near = name;
    }
    return near;
}

/* "Hi Kasia," to Katarzyna: whoever is greeted is a recipient under another name. */
static bool is_greeted(const struct view *view, const struct text *text, struct slice name)
{
    if (view->others.count == 0 || text != &view->text)
        return false;
    for (uint32_t i = 0; i < text->token_count && i < 12; i++) {
        struct span span = name_at(text, i);
        if (text->tokens[i].kind == TOKEN_PUNCT &&
            text->body.data[text->tokens[i].offset] == '\n')
            return false;
        if (span.end > i && slice_equal(text_of_span(text, span), name))
            return true;
    }
    return false;
}

static bool is_mentioned(const struct mention_list *list, struct slice name)
{
    for (size_t i = 0; i < list->count; i++)
        if (bears(name, list->items[i].name, list->items[i].address))
            return true;
    return false;
}

static void add_name(struct view *view, const struct text *text, struct span span,
                     enum mention_role role, bool strangers, struct mention_list *out)
{
    struct slice name = text_of_span(text, span);
    struct person_ref known;
    if (means_assistant(view, name) || name_means(name, view->mail->from.name, SLICE_NONE))
        return;
    if (find_known(view, name, &known))
        mention_add(view, out, known.name.len > 0 ? known.name : name, known.address, role);
    else if ((strangers && !is_greeted(view, text, name)) || is_mentioned(out, name))
        mention_add(view, out, name, SLICE_NONE, role);
}

static void add_mails(struct view *view, struct span part, enum mention_role role,
                      struct mention_list *out)
{
    const struct text *text = &view->text;
    for (uint32_t i = part.first; i < part.end && i < text->token_count; i++)
        if (text->tokens[i].kind == TOKEN_MAIL && !text->tokens[i].masked)
            mention_add(view, out, name_of_mail(view, text, i), text->tokens[i].word, role);
}

/* "Paul, Marie Dupont et Jean": reads names from `at`; false when none stands there. */
static uint32_t add_names_from(struct view *view, const struct text *text, uint32_t at,
                               enum mention_role role, bool strangers, struct mention_list *out)
{
    for (uint32_t count = 0; count < LIST_NAMES_MAX; count++) {
        struct span span = name_at(text, at);
        if (span.end == span.first || (span.end == at + 1 && text->tokens[at].timex != 0))
            break; /* "entre Noël et le jour de l'An" */
        add_name(view, text, span, role, strangers, out);
        at = span.end;
        /* over "(adresse)" and separators to the next name */
        while (at < text->token_count &&
               (text->tokens[at].kind == TOKEN_MAIL || in_class(text, at, CLASS_and_names) ||
                (text->tokens[at].kind == TOKEN_PUNCT &&
                 strchr(",()<>&\n", text->body.data[text->tokens[at].offset]) != NULL)))
            at++;
    }
    return at;
}

static bool is_meeting_cue(enum cue cue)
{
    return (cue >= CUE_KIND_CALL && cue <= CUE_TALK) || cue == CUE_REQUEST ||
           cue == CUE_WISH_TO_MEET || cue == CUE_INVITE || cue == CUE_AGREED;
}

/* "avec", "with" belongs to the meeting when a word for it stands before in the sentence. */
static bool speaks_of_meeting(const struct text *text, uint32_t at)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (is_meeting_cue(hit->cue) && hit->sentence == text->tokens[at].sentence &&
            hit->tokens.first < at && !cue_in_clause(text, CUE_PAST, text->tokens[at].clause))
            return true;
    }
    return false;
}

/* "with our Norwegian translator Ingrid Solberg": the name is behind the noun. */
static uint32_t skip_adjective(const struct text *text, uint32_t at)
{
    uint32_t next = at + 1;
    if (next >= text->token_count || !in_class(text, at, CLASS_article_name))
        return at;
    while (next < text->token_count && next < at + 5 && text->tokens[next].kind == TOKEN_WORD &&
           text->tokens[next].timex == 0) {
        bool last = next + 1 >= text->token_count || text->tokens[next + 1].kind != TOKEN_WORD;
        if (last)
            return at; /* no name behind: "with our Marseille team" */
        if (!text->tokens[next].capital && text->tokens[next + 1].capital)
            return next + 1;
        next++;
    }
    return at;
}

/* "la DRH de Dune, Mme Weil : anna@dune.example": whose director it is. */
static bool is_house(const struct text *text, uint32_t at)
{
    uint32_t end = name_at(text, at).end;
    return at > 0 && in_class(text, at - 1, CLASS_of_name) && end > at && end < text->token_count &&
           text->tokens[end].kind == TOKEN_PUNCT && text->body.data[text->tokens[end].offset] == ',' &&
           name_at(text, end + 1).end > end + 1;
}

static void add_companions(struct view *view, struct span part, struct mention_list *out)
{
    const struct text *text = &view->text;
    for (uint32_t i = part.first; i < part.end && i < text->token_count; i++) {
        if (text->tokens[i].masked || !in_class(text, i, CLASS_with_names) ||
            !speaks_of_meeting(text, i))
            continue;
        if (i > 0 && in_class(text, i - 1, CLASS_no_with))
            continue; /* "compatible avec Montréal" */
        uint32_t at = skip_adjective(text, i + 1);
        while (at < part.end && in_class(text, at, CLASS_with_self))
            at++;
        if (at < text->token_count && !is_house(text, at))
            add_names_from(view, text, at, MENTION_ATTEND, true, out);
    }
}

static bool is_organizer(const struct view *view, struct slice address)
{
    for (size_t i = 0; i < view->context->people.count; i++)
        if (view->context->people.items[i].organizer &&
            same_address(address, view->context->people.items[i].address))
            return true;
    return false;
}

/* "call Bob", "rencontrer Mme Roche": only when nobody else is asked. */
static void add_objects(struct view *view, struct span part, struct mention_list *out)
{
    const struct text *text = &view->text;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (!is_meeting_cue(hit->cue) || hit->cue == CUE_AGREED ||
            !span_has(part, hit->tokens.first) || hit->tokens.end >= text->token_count)
            continue;
        uint32_t at = hit->tokens.end;
        if (in_class(text, at, CLASS_to_name)) /* "rendez-vous pour Paul" */
            at++;
        if (at < text->token_count && text->tokens[at].sentence == hit->sentence)
            add_names_from(view, text, at, MENTION_ATTEND, true, out);
    }
}

static bool is_plural(const struct text *text, const struct cue_hit *hit)
{
    if (slice_ends(text->tokens[hit->tokens.end - 1].word, LIT("s")))
        return true;
    for (uint32_t i = hit->tokens.first; i < hit->tokens.end; i++)
        if (in_class(text, i, CLASS_they_are))
            return true;
    return hit->tokens.first > 0 && in_class(text, hit->tokens.first - 1, CLASS_both_are);
}

static bool is_wall(const struct text *text, uint32_t at, uint32_t sentence)
{
    return text->tokens[at].sentence != sentence ||
           (text->tokens[at].kind == TOKEN_PUNCT &&
            strchr(";:", text->body.data[text->tokens[at].offset]) != NULL);
}

/* "Facultatif pour Paul", "and ideally her deputy Ian": the phrase itself names who it is. */
static bool add_optional_within(struct view *view, const struct cue_hit *hit,
                                enum mention_role role, struct mention_list *out)
{
    const struct text *text = &view->text;
    for (uint32_t i = hit->tokens.first; i < hit->tokens.end; i++) {
        struct span span = name_at(text, i);
        struct slice name = text_of_span(text, span);
        if (span.end == i || (!is_mentioned(out, name) && !find_known(view, name, &(struct person_ref){0})))
            continue;
        add_name(view, text, span, role, false, out);
        return true;
    }
    return false;
}

/* "Léa et, si elle peut, Karim": joined to what comes, not to what was. */
static bool leads_to_name(const struct text *text, const struct cue_hit *hit)
{
    uint32_t at = hit->tokens.first;
    while (at > 0 && text->tokens[at - 1].kind == TOKEN_PUNCT &&
           strchr(",(", text->body.data[text->tokens[at - 1].offset]) != NULL)
        at--;
    return at > 0 && in_class(text, at - 1, CLASS_and_more);
}

/* "Ask Ann if she's free", "demande à Max s'il peut": the question is the errand. */
static bool is_asked(const struct text *text, const struct cue_hit *hit)
{
    uint32_t at = hit->tokens.first, first = text->sentences[hit->sentence].tokens.first;
    if (!in_class(text, at, CLASS_whether))
        return false;
    while (at-- > first && !(text->tokens[at].kind == TOKEN_PUNCT &&
                             strchr(",;", text->body.data[text->tokens[at].offset]) != NULL))
        if (in_class(text, at, CLASS_ask_verb))
            return true;
    return false;
}

/* Gives `role` to the person that "facultatif" speaks of: the nearest name before it, or
 * the first behind it. */
static void add_optional(struct view *view, const struct cue_hit *hit, enum mention_role role,
                         struct mention_list *out)
{
    const struct text *text = &view->text;
    bool plural = is_plural(text, hit), found = false, forward = leads_to_name(text, hit);
    if (add_optional_within(view, hit, role, out))
        return;
    for (uint32_t i = hit->tokens.first; !forward && i-- > 0 && !is_wall(text, i, hit->sentence);) {
        if (found && in_class(text, i, CLASS_with))
            break;
        struct span span = name_at(text, i);
        if (text->tokens[i].kind == TOKEN_MAIL) {
            mention_add(view, out, name_of_mail(view, text, i), text->tokens[i].word, role);
        } else if (span.end > i) {
            while (i > 0 && name_at(text, i - 1).end == span.end)
                i--;
            add_name(view, text, (struct span){i, span.end}, role, false, out);
        } else {
            continue;
        }
        found = true;
        if (!plural)
            return;
    }
    for (uint32_t i = hit->tokens.end; !found && i < text->token_count &&
                                       text->tokens[i].sentence == hit->sentence; i++) {
        if (text->tokens[i].kind == TOKEN_MAIL)
            mention_add(view, out, name_of_mail(view, text, i), text->tokens[i].word, role);
        else if (name_at(text, i).end > i)
            add_names_from(view, text, i, role, false, out);
        else
            continue;
        found = true;
    }
}

static bool has_reachable(const struct mention_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].address.len > 0)
            return true;
    return false;
}

/* The author of what the client forwards. */
static void add_forwarded(struct view *view, struct mention_list *out)
{
    for (size_t i = 0; i < view->mail->quotes.count; i++) {
        const struct mailbox *from = &view->mail->quotes.items[i].from;
        if (from->address.len == 0 || is_self(view, from->address))
            continue;
        mention_add(view, out, from->name, from->address, MENTION_ATTEND);
        return;
    }
}

/* "Thierry Lagarde", t.lagarde@… or tlagarde@…: his initial and his last name. */
static bool bears_initial(struct view *view, struct slice name, struct slice address)
{
    struct slice words = word_fold(name, view->arena), last = words;
    size_t at = slice_find(address, LIT("@"), 0), read = 0;
    for (size_t i = 0; i < words.len; i++)
        if (words.data[i] == ' ')
            last = slice_sub(words, i + 1, words.len);
    if (last.len == words.len || last.len < 3 || at == SIZE_MAX)
        return false;
    char local[64];
    for (size_t i = 0; i < at && read < sizeof local; i++)
        if (ascii_is_alpha(address.data[i]))
            local[read++] = ascii_lower(address.data[i]);
    if (read != last.len + 1)
        return false;
    bool before = local[0] == words.data[0] && memcmp(local + 1, last.data, last.len) == 0;
    bool behind = local[last.len] == words.data[0] && memcmp(local, last.data, last.len) == 0;
    return before || behind;
}

/* "Son mail : …", "her address is …" */
static bool is_said_to_be_theirs(const struct text *text, struct slice address)
{
    for (uint32_t i = 0; i < text->token_count; i++) {
        if (text->tokens[i].kind != TOKEN_MAIL || !slice_equal(text->tokens[i].word, address))
            continue;
        for (uint32_t k = i; k-- > 0 && i - k <= 6;)
            if (in_class(text, k, CLASS_their_own) && in_class(text, k + 1, CLASS_mail_word))
                return true;
    }
    return false;
}

static void mention_drop(struct mention_list *list, size_t index)
{
    memmove(list->items + index, list->items + index + 1,
            (list->count - index - 1) * sizeof *list->items);
    list->count--;
}

/* "With Thierry Lagarde … Son mail : t.lagarde@…": a name and an address of one person. */
static void join_lone_address(struct view *view, struct mention_list *out)
{
    size_t names = 0, mails = 0, name = 0;
    for (size_t i = 0; i < out->count; i++) {
        bool lone = out->items[i].address.len == 0;
        names += lone;
        mails += !lone && out->items[i].name.len == 0;
        name = lone ? i : name;
    }
    for (size_t i = 0; i < out->count && names == 1; i++) {
        struct mention *mail = &out->items[i];
        if (mail->name.len > 0 || !((mails == 1 && is_said_to_be_theirs(&view->text, mail->address)) ||
                                    bears_initial(view, out->items[name].name, mail->address)))
            continue;
        out->items[name].address = mail->address;
        mention_drop(out, i);
        return;
    }
}

void people_read_request(struct view *view, struct span part, struct mention_list *out)
{
    const struct text *text = &view->text;
    add_mails(view, part, MENTION_ATTEND, out);
    add_companions(view, part, out);
    if (out->count == 0 && view->others.count == 0)
        add_objects(view, part, out);
    join_lone_address(view, out);
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == CUE_OPTIONAL && span_has(part, hit->tokens.first) && !is_asked(text, hit))
            add_optional(view, hit, MENTION_OPTIONAL, out);
    }
    if (view->others.count == 0 && !has_reachable(out) && out->count == 0)
        add_forwarded(view, out);
}

/* Changes of a settled meeting. */

static uint32_t change_end(const struct text *text, const struct cue_hit *hit)
{
    uint32_t end = text->sentences[hit->sentence].tokens.end;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *other = &text->cues.items[i];
        bool acts = other->cue == CUE_ADD || other->cue == CUE_REMOVE || other->cue == CUE_KEEP;
        if (acts && other->tokens.first >= hit->tokens.end && other->tokens.first < end)
            end = other->tokens.first;
    }
    return end;
}

static bool is_possessive(const struct text *text, uint32_t at)
{
    return in_class(text, at, CLASS_possessive_s) && text->tokens[at].offset > 0 &&
           text->tokens[at].length == 1 && text->body.data[text->tokens[at].offset - 1] != ' ';
}

/* Names of the thread, or with an address, in [first, end). */
static size_t add_people_in(struct view *view, uint32_t first, uint32_t end, enum mention_role role,
                            bool strangers, struct mention_list *out)
{
    const struct text *text = &view->text;
    size_t before = out->count;
    for (uint32_t i = first; i < end && i < text->token_count; i++) {
        if (text->tokens[i].kind == TOKEN_MAIL) {
            mention_add(view, out, name_of_mail(view, text, i), text->tokens[i].word, role);
            continue;
        }
        if (skip_order(text, i) > i)
            continue; /* "Ajoute Marc", "Add dana@…" */
        struct span span = i < end ? name_at(text, i) : (struct span){i, i};
        if (span.end == i)
            continue;
        if (is_possessive(text, span.end)) {
            i = span.end;
            continue; /* "to Anna's visit": which meeting it is */
        }
        add_name(view, text, span, role, strangers, out);
        i = span.end - 1;
    }
    return out->count - before;
}

/* "… along to the call with Ben": from there on it is said which meeting it is. */
static uint32_t meeting_named_at(const struct text *text, const struct cue_hit *add, uint32_t end)
{
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *kind = &text->cues.items[i];
        bool meeting = kind->cue >= CUE_KIND_CALL && kind->cue <= CUE_SLOT;
        if (!meeting || kind->tokens.first < add->tokens.end + 1 || kind->tokens.first >= end)
            continue;
        for (uint32_t back = 1; back <= 2 && kind->tokens.first - back > add->tokens.first; back++)
            if (in_class(text, kind->tokens.first - back, CLASS_to_kind))
                end = kind->tokens.first;
    }
    return end;
}

/* "Bring Zoe along. She's optional." */
static bool goes_on_about(const struct text *text, uint32_t sentence, uint32_t next)
{
    return next == sentence + 1 &&
           (in_class(text, text->sentences[next].tokens.first, CLASS_pronoun_first) ||
            in_class(text, text->sentences[next].tokens.end - 2, CLASS_pronoun_last)); /* "Optional for her." */
}

static void read_add(struct view *view, const struct cue_hit *hit, struct mention_list *out)
{
    const struct text *text = &view->text;
    uint32_t end = meeting_named_at(text, hit, change_end(text, hit));
    bool optional = false;
    for (size_t i = 0; i < text->cues.count; i++)
        optional |= text->cues.items[i].cue == CUE_OPTIONAL &&
                    (text->cues.items[i].sentence == hit->sentence ||
                     goes_on_about(text, hit->sentence, text->cues.items[i].sentence));
    enum mention_role role = optional ? MENTION_ADD_OPTIONAL : MENTION_ADD;
    if (add_people_in(view, hit->tokens.first, end, role, true, out) > 0)
        return;
    add_people_in(view, text->sentences[hit->sentence].tokens.first, hit->tokens.first, role, false,
                  out);
}

static bool has_role(const struct mention_list *list, enum mention_role role)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].role == role)
            return true;
    return false;
}

/* "I can no longer make Thursday for Ben": who writes is what will not do, and nobody is left out. */
static bool speaks_of_writer(const struct text *text, const struct cue_hit *hit)
{
    bool comes = false;
    for (uint32_t i = hit->tokens.first; i < hit->tokens.end; i++)
        comes |= in_class(text, i, CLASS_no_longer_comes);
    uint32_t at = hit->tokens.first, first = text->clauses[hit->clause].tokens.first;
    while (at > first && at + 3 > hit->tokens.first && !in_class(text, at, CLASS_me_word))
        at--;
    return comes && in_class(text, at, CLASS_me_word);
}

static void read_remove(struct view *view, const struct cue_hit *hit, struct mention_list *out)
{
    const struct text *text = &view->text;
    if (speaks_of_writer(text, hit))
        return;
    bool pronoun = false; /* "take him off, Olivia and I will manage" */
    for (uint32_t i = hit->tokens.first; i < hit->tokens.end + 1 && i < text->token_count; i++)
        pronoun |= in_class(text, i, CLASS_pronoun_object) && !in_class(text, i + 1, CLASS_trouble) &&
                   (i + 1 >= text->token_count || !text->tokens[i + 1].capital);
    uint32_t end = change_end(text, hit);
    for (uint32_t i = hit->tokens.first; i < end; i++)
        if (in_class(text, i, CLASS_only_who))
            end = i; /* "no need for Inès, just Luc" */
    if (!pronoun && add_people_in(view, hit->tokens.first, end, MENTION_REMOVE, false, out) > 0)
        return;
    if (has_role(out, MENTION_REMOVE))
        return; /* "without Adam … take him off" */
    struct person_ref known; /* a pronoun: the nearest person of the thread before it */
    for (uint32_t i = hit->tokens.first; i-- > 0;) {
        struct span span = name_at(text, i);
        if (span.end == i || !find_known(view, text_of_span(text, span), &known) ||
            means_assistant(view, text_of_span(text, span)))
            continue;
        mention_add(view, out, known.name, known.address, MENTION_REMOVE);
        return;
    }
}

void people_read_change(struct view *view, struct mention_list *out)
{
    const struct text *text = &view->text;
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == CUE_WITHOUT && !hit->negated)
            add_people_in(view, hit->tokens.first + 1, hit->tokens.end, MENTION_REMOVE, false, out);
    }
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == CUE_ADD && !hit->negated)
            read_add(view, hit, out);
        else if (hit->cue == CUE_REMOVE && !hit->negated)
            read_remove(view, hit, out);
    }
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        if (hit->cue == CUE_OPTIONAL && !cue_in_sentence(text, CUE_ADD, hit->sentence))
            add_optional(view, hit, MENTION_MAKE_OPTIONAL, out);
    }
}

/* Whom we have not met in this thread among the recipients. */
static const struct mailbox *newcomer(const struct view *view)
{
    const struct mailbox *found = NULL;
    for (size_t i = 0; i < view->others.count; i++) {
        bool known = false;
        for (size_t k = 0; k < view->context->people.count; k++)
            known |= same_address(view->context->people.items[k].address,
                                  view->others.items[i].address);
        if (!known && found != NULL)
            return NULL;
        if (!known)
            found = &view->others.items[i];
    }
    return found;
}

void people_read_delegate(struct view *view, struct mention_list *out)
{
    const struct text *text = &view->text;
    const struct cue_hit *hit = cue_first(text, CUE_DELEGATE);
    if (hit == NULL)
        return;
    uint32_t end = text->sentences[hit->sentence].tokens.end;
    add_mails(view, text_all(text), MENTION_DELEGATE, out);
    for (uint32_t i = hit->tokens.first; out->count == 0 && i < end; i++) {
        struct span span = name_at(text, i);
        if (span.end > i && !(i == text->sentences[hit->sentence].tokens.first &&
                              span.end == i + 1 && text->tokens[i].clause == hit->clause &&
                              !find_known(view, text_of_span(text, span), &(struct person_ref){0})))
            add_name(view, text, span, MENTION_DELEGATE, true, out);
        if (span.end > i)
            i = span.end - 1;
    }
    size_t kept = 0; /* the organizer answers for nobody else */
    for (size_t i = 0; i < out->count; i++)
        if (!is_organizer(view, out->items[i].address))
            out->items[kept++] = out->items[i];
    out->count = kept;
    const struct mailbox *fresh = newcomer(view);
    if (fresh != NULL && !has_reachable(out))
        mention_add(view, out, fresh->name, fresh->address, MENTION_DELEGATE);
}

struct slice people_address_at(struct view *view, uint32_t at)
{
    const struct text *text = &view->text;
    struct person_ref known;
    if (text->tokens[at].kind == TOKEN_MAIL)
        return is_self(view, text->tokens[at].word) ? SLICE_NONE : text->tokens[at].word;
    struct slice name = text_of_span(text, name_at(text, at));
    if (name.len == 0 || means_assistant(view, name))
        return SLICE_NONE;
    if (find_known(view, name, &known))
        return known.address;
    for (uint32_t i = 0, mails = 0; i < text->token_count && mails < NAMED_MAILS_MAX; i++) {
        bool mail = text->tokens[i].kind == TOKEN_MAIL;
        mails += mail;
        if (mail && bears(name, name_of_mail(view, text, i), text->tokens[i].word))
            return text->tokens[i].word;
    }
    return SLICE_NONE;
}

void people_read_informed(struct view *view, struct mention_list *out)
{
    const struct text *text = &view->text;
    add_mails(view, text_all(text), MENTION_ATTEND, out);
    struct slice asked = view->context->asked_about;
    if (out->count == 1 && asked.len > 0)
        out->items[0].name = asked;
}
