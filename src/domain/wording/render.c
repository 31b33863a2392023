/* A mail order becomes words: the phrase in the reader's language and manner, its holes
 * filled, its paragraphs kept or left out. */
#include "domain/wording/internal.h"

struct job {
    const struct mail_order *order;
    const struct wording_links *links;
    const struct zone *zone;
    struct arena *arena;
    struct block_list blocks;
    struct problem *why;
};

static bool french(const struct job *job)
{
    return job->order->language == LANGUAGE_FR;
}

static bool has_time(struct interval span)
{
    return span.start.us > 0;
}

/* Conditions of paragraphs. */
static bool is_one(const struct mail_order *o) { return o->offers.count == 1; }
static bool is_several(const struct mail_order *o) { return o->offers.count > 1; }
static bool has_offers(const struct mail_order *o) { return o->offers.count > 0; }
static bool has_detail(const struct mail_order *o) { return o->detail.len > 0; }
static bool has_question(const struct mail_order *o) { return o->question.len > 0; }
static bool has_link(const struct mail_order *o) { return o->link.len > 0; }
static bool has_names(const struct mail_order *o) { return o->names.count > 0; }
static bool has_slot(const struct mail_order *o) { return has_time(o->slot); }
static bool has_old(const struct mail_order *o) { return has_time(o->old_slot); }
static bool lacks_phone(const struct mail_order *o)
{
    return o->kind == KIND_CALL && o->place.text.len == 0;
}
static const struct {
    const char *name;
    bool (*holds)(const struct mail_order *);
} conditions[] = {
    {"one", is_one},         {"several", is_several},   {"offers", has_offers},
    {"detail", has_detail},  {"question", has_question}, {"slot", has_slot},
    {"old", has_old},        {"phone", lacks_phone},      {"names", has_names},
    {"link", has_link},
};

/* Holes. */
static struct slice join_names(const struct job *job)
{
    struct slice text = SLICE_NONE;
    const struct slice_list *names = &job->order->names;
    for (size_t i = 0; i < names->count; i++)
        text = i == 0 ? names->items[0]
                      : arena_format(job->arena, "%.*s, %.*s", SLICE_ARG(text),
                                     SLICE_ARG(names->items[i]));
    return text;
}

static bool is_recurring(const struct job *job)
{
    return series_is(&job->order->series);
}

static struct recurrence recurrence_of(const struct job *job, struct interval first)
{
    const struct mail_order *order = job->order;
    return (struct recurrence){&order->series,  first,           job->zone,
                               zone_or_utc(order->series_zone), order->language,
                               order->zone_named, job->arena};
}

static struct slice time_in_text(const struct job *job, struct interval span)
{
    if (!has_time(span))
        return SLICE_NONE;
    if (is_recurring(job)) {
        struct recurrence r = recurrence_of(job, span);
        return wording_usual(&r);
    }
    return wording_time(span, job->zone, job->order->language, job->order->zone_named, job->arena);
}
static struct slice fill_organizer(const struct job *job) { return job->order->organizer_name; }
static struct slice fill_who(const struct job *job) { return job->order->who; }
static struct slice fill_detail(const struct job *job) { return job->order->detail; }
static struct slice fill_subject(const struct job *job) { return job->order->subject; }
static struct slice fill_slot(const struct job *job) { return time_in_text(job, job->order->slot); }
static struct slice fill_old(const struct job *job)
{
    return time_in_text(job, job->order->old_slot);
}
static struct slice fill_link(const struct job *job) { return job->order->link; }
static struct slice fill_names(const struct job *job) { return join_names(job); }
static struct slice fill_number(const struct job *job)
{
    return arena_format(job->arena, "%u", job->order->number);
}
static struct slice fill_meeting(const struct job *job)
{
    struct slice text = wording_meeting(job->order->kind, job->order->duration_min,
                                        job->order->language, job->arena);
    if (!is_recurring(job))
        return text;
    return arena_format(job->arena, "%.*s %.*s", SLICE_ARG(text),
                        SLICE_ARG(wording_how_often(&job->order->series, job->order->language)));
}
static const struct {
    const char *name;
    struct slice (*fill)(const struct job *);
} holes[] = {
    {"organizer", fill_organizer}, {"who", fill_who},       {"detail", fill_detail},
    {"subject", fill_subject},     {"slot", fill_slot},     {"old", fill_old},
    {"number", fill_number},       {"meeting", fill_meeting}, {"names", fill_names},
    {"link", fill_link},
};

static enum status fill_hole(struct job *job, struct slice name, struct buffer *out)
{
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
        if (!slice_equal(name, slice_from(holes[i].name)))
            continue;
        struct slice text = one_line(holes[i].fill(job), job->arena);
        if (text.len == 0)
            return problem_set(job->why, ST_INVALID, "mail order lacks what %s says", holes[i].name);
        buffer_add(out, text);
        return ST_OK;
    }
    return problem_set(job->why, ST_INVALID, "the catalogue has an unknown hole");
}

/* "l'agenda de Alice" is "l'agenda d'Alice", "que Émile" is "qu'Émile". What begins with h or y
 * depends on the name, and stays. */
static bool is_elided(struct slice before, struct slice filled)
{
    static const char *const vowels[] = {"A", "E", "I", "O", "U", "Â", "É", "È", "Ê", "Î", "Ô"};
    if (!slice_ends(before, LIT(" de ")) && !slice_ends(before, LIT(" que ")))
        return false;
    for (size_t i = 0; i < sizeof vowels / sizeof *vowels; i++)
        if (slice_starts(filled, slice_from(vowels[i])))
            return true;
    return false;
}

static enum status add_filled(struct job *job, struct slice before, struct slice name,
                              struct buffer *out)
{
    AUTO_BUFFER filled = buffer_create(64 * 1024);
    TRY(fill_hole(job, name, &filled));
    bool elided = french(job) && is_elided(before, buffer_slice(&filled));
    buffer_add(out, elided ? slice_sub(before, 0, before.len - 2) : before);
    if (elided)
        buffer_add(out, LIT("'"));
    buffer_add(out, buffer_slice(&filled));
    return buffer_check(&filled, "mail", job->why);
}

static enum status fill(struct job *job, struct slice template, struct slice *out)
{
    AUTO_BUFFER text = buffer_create(64 * 1024);
    size_t at = 0;
    while (at < template.len) {
        size_t open = slice_find(template, LIT("{"), at);
        if (open == SIZE_MAX)
            break;
        size_t close = slice_find(template, LIT("}"), open);
        if (close == SIZE_MAX)
            return problem_set(job->why, ST_INVALID, "the catalogue has an open brace");
        TRY(add_filled(job, slice_sub(template, at, open), slice_sub(template, open + 1, close),
                       &text));
        at = close + 1;
    }
    buffer_add(&text, slice_sub(template, at, template.len));
    TRY(buffer_check(&text, "mail", job->why));
    *out = arena_copy(job->arena, buffer_slice(&text));
    return ST_OK;
}

static void add_text(struct job *job, struct slice text)
{
    ARENA_PUSH(job->arena, &job->blocks, ((struct block){.kind = BLOCK_TEXT, .text = text}));
}

/* French sets a narrow no-break space before a colon; a plain no-break one is understood
 * by every mail program. */
static void add_line(struct job *job, struct block *block, const char *fr, const char *en,
                     struct slice text)
{
    if (text.len == 0)
        return;
    struct slice clean = one_line(text, job->arena);
    struct slice line = french(job)
                            ? arena_format(job->arena, "%s\u00a0: %.*s", fr, SLICE_ARG(clean))
                            : arena_format(job->arena, "%s: %.*s", en, SLICE_ARG(clean));
    ARENA_PUSH(job->arena, &block->items, line);
}

static struct slice when_fact(const struct job *job)
{
    struct recurrence r = recurrence_of(job, job->order->slot);
    if (!is_recurring(job))
        return time_in_text(job, job->order->slot);
    struct slice text = wording_series(&r);
    if (series_ends(r.series))
        return text;
    return arena_format(job->arena, french(job) ? "%.*s, sans date de fin" : "%.*s, with no end date",
                        SLICE_ARG(text));
}

/* What is not as usual: holidays, what somebody has then, another hour elsewhere. */
static void add_series_lines(struct job *job, struct block *block, struct interval first)
{
    const struct mail_order *order = job->order;
    struct recurrence r = recurrence_of(job, first);
    if (!is_recurring(job) || !has_time(first))
        return;
    add_line(job, block, "Jours fériés", "Public holidays", wording_dates(&r, &order->holidays));
    add_line(job, block, "Agendas déjà pris", "Calendars already taken",
             wording_dates(&r, &order->clashes));
    struct slice shift = wording_shift(&r, order->informal);
    if (shift.len > 0)
        ARENA_PUSH(job->arena, &block->items, shift);
}

static void add_facts(struct job *job)
{
    static const char *const place_fr[] = {"Lieu", "Lieu", "Téléphone", "Visio"};
    static const char *const place_en[] = {"Place", "Place", "Phone", "Video"};
    const struct mail_order *order = job->order;
    struct block block = {.kind = BLOCK_LINES};
    uint32_t length = (uint32_t)((order->slot.end.us - order->slot.start.us) / MINUTE_US);
    if (has_time(order->slot))
        add_line(job, &block, "Quand", "When", when_fact(job));
    if (has_time(order->slot) && length > 0)
        add_line(job, &block, "Durée", "Length",
                 wording_length(length, order->language, job->arena));
    add_line(job, &block, place_fr[order->place.kind], place_en[order->place.kind],
             order->place.text);
    add_line(job, &block, "Avec", "With", join_names(job));
    add_series_lines(job, &block, order->slot);
    ARENA_PUSH(job->arena, &job->blocks, block);
}

static struct slice offer_text(const struct job *job, struct interval span, bool zone_named)
{
    struct recurrence r = recurrence_of(job, span);
    r.zone_named = zone_named;
    if (is_recurring(job))
        return wording_series(&r);
    return wording_time(span, job->zone, job->order->language, zone_named, job->arena);
}

static void add_offers(struct job *job)
{
    const struct mail_order *order = job->order;
    struct block block = {.kind = BLOCK_OFFERS};
    if (order->offers.count == 0)
        return;
    bool named = order->zone_named && order->offers.count == 1;
    for (size_t i = 0; i < order->offers.count; i++)
        ARENA_PUSH(job->arena, &block.items,
                   offer_text(job, order->offers.items[i].span, named));
    if (job->links != NULL && job->links->slots.count == order->offers.count) {
        block.links = job->links->slots;
        block.none_link = job->links->none;
        block.none_label = french(job) ? LIT("Aucun ne me convient") : LIT("None of these suits me");
    }
    ARENA_PUSH(job->arena, &job->blocks, block);
    if (order->zone_named && !named) { /* once for the whole list */
        struct slice zone = wording_zone(job->zone, order->language, job->arena);
        add_text(job, french(job) ? arena_format(job->arena, "À l'%.*s.", SLICE_ARG(zone))
                                  : arena_format(job->arena, "All in %.*s.", SLICE_ARG(zone)));
    }
    struct block lines = {.kind = BLOCK_LINES};
    struct recurrence r = recurrence_of(job, order->offers.items[0].span);
    if (order->offers.count == 1)
        add_series_lines(job, &lines, order->offers.items[0].span);
    else if (is_recurring(job) && wording_shift_of_all(&r, order->informal).len > 0)
        ARENA_PUSH(job->arena, &lines.items, wording_shift_of_all(&r, order->informal));
    if (lines.items.count > 0)
        ARENA_PUSH(job->arena, &job->blocks, lines);
}

/* The outcome of the conditions in front; *text moves behind them. */
static enum status is_kept(struct job *job, struct slice *text, bool *kept)
{
    *kept = true;
    while (slice_starts(*text, LIT("["))) {
        size_t close = slice_find(*text, LIT("]"), 0);
        if (close == SIZE_MAX)
            return problem_set(job->why, ST_INVALID, "the catalogue has an open bracket");
        struct slice name = slice_sub(*text, 1, close);
        bool negated = slice_starts(name, LIT("!")), found = false;
        name = slice_sub(name, negated, name.len);
        for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
            if (slice_equal(name, slice_from(conditions[i].name))) {
                *kept = *kept && conditions[i].holds(job->order) != negated;
                found = true;
            }
        if (!found)
            return problem_set(job->why, ST_INVALID, "the catalogue has an unknown condition");
        *text = slice_sub(*text, close + 1, text->len);
    }
    return ST_OK;
}

static enum status add_paragraph(struct job *job, struct slice text)
{
    bool kept;
    struct slice filled;
    TRY(is_kept(job, &text, &kept));
    if (!kept || text.len == 0)
        return ST_OK;
    if (slice_equal(text, LIT("{offers}"))) {
        add_offers(job);
        return ST_OK;
    }
    if (slice_equal(text, LIT("{facts}"))) {
        add_facts(job);
        return ST_OK;
    }
    if (slice_equal(text, LIT("{question}"))) {
        struct slice clean = many_lines(job->order->question, job->arena);
        ARENA_PUSH(job->arena, &job->blocks, ((struct block){.kind = BLOCK_QUOTE, .text = clean}));
        return ST_OK;
    }
    if (slice_equal(text, LIT("{words}"))) {
        add_text(job, many_lines(job->order->question, job->arena));
        return ST_OK;
    }
    TRY(fill(job, text, &filled));
    add_text(job, filled);
    return ST_OK;
}

static enum status add_body(struct job *job, struct slice template)
{
    size_t at = 0;
    while (at < template.len) {
        size_t end = slice_find(template, LIT("\n\n"), at);
        if (end == SIZE_MAX)
            end = template.len;
        TRY(add_paragraph(job, slice_sub(template, at, end)));
        at = end + 2;
    }
    return ST_OK;
}

/* "Mme Roche": a French letter says "Bonjour Madame,". */
static struct slice title_of(struct slice name)
{
    static const struct { const char *written, *said; } titles[] = {
        {"Mme ", "Madame"},       {"Madame ", "Madame"},   {"Mlle ", "Madame"},
        {"M. ", "Monsieur"},      {"M ", "Monsieur"},      {"Mr ", "Monsieur"},
        {"Monsieur ", "Monsieur"}, {"Me ", "Maître"},      {"Maître ", "Maître"},
        {"Dr ", "Docteur"},       {"Docteur ", "Docteur"},
    };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (slice_starts_nocase(name, slice_from(titles[i].written)))
            return slice_from(titles[i].said);
    return SLICE_NONE;
}

/* "Bonjour Karim," with vous as with tu; who is known with a title keeps the distance. */
static void add_greeting(struct job *job)
{
    const struct mail_order *order = job->order;
    struct slice full = one_line(order->recipient_name, job->arena);
    struct slice name = french(job) && !order->informal ? title_of(full) : SLICE_NONE;
    if (name.len == 0)
        name = one_line(name_first(full, job->arena), job->arena);
    const char *hello = french(job) ? "Bonjour" : "Hello";
    add_text(job, name.len == 0 ? arena_format(job->arena, "%s,", hello)
                                : arena_format(job->arena, "%s %.*s,", hello, SLICE_ARG(name)));
}

static bool is_organizer(const struct mail_order *order)
{
    return slice_equal_nocase(order->to.address, order->organizer_address);
}

static void add_signature(struct job *job)
{
    const struct mail_order *order = job->order;
    struct slice assistant = one_line(order->assistant_name, job->arena);
    struct slice host = one_line(order->organizer_name, job->arena);
    struct slice text = assistant;
    if (!is_organizer(order) && host.len > 0)
        text = french(job)
                   ? arena_format(job->arena, "%.*s, pour %.*s", SLICE_ARG(assistant), SLICE_ARG(host))
                   : arena_format(job->arena, "%.*s, for %.*s", SLICE_ARG(assistant), SLICE_ARG(host));
    struct block block = {.kind = BLOCK_LINES};
    ARENA_PUSH(job->arena, &block.items,
               french(job) ? (order->informal ? LIT("À bientôt,") : LIT("Bien à vous,"))
                           : LIT("Best regards,"));
    if (text.len > 0)
        ARENA_PUSH(job->arena, &block.items, text);
    ARENA_PUSH(job->arena, &job->blocks, block);
}

/* Who we are, for whom we write, why the reader gets this, and where they may stop it. */
static void add_footer(struct job *job)
{
    const struct mail_order *order = job->order;
    struct slice assistant = one_line(order->assistant_name, job->arena);
    struct slice host = one_line(order->organizer_name, job->arena);
    if (!order->guest || assistant.len == 0 || host.len == 0)
        return;
    bool tu = order->informal;
    struct block block = {
        .kind = BLOCK_FOOTER,
        .text = french(job)
                    ? arena_format(job->arena,
                                   "%.*s est un programme qui %sécrit pour %.*s au sujet de ce "
                                   "rendez-vous.",
                                   SLICE_ARG(assistant), tu ? "t'" : "vous ", SLICE_ARG(host))
                    : arena_format(job->arena,
                                   "%.*s is a program that writes to you for %.*s about this "
                                   "meeting.",
                                   SLICE_ARG(assistant), SLICE_ARG(host)),
    };
    if (job->links != NULL && job->links->privacy.len > 0) {
        block.link = job->links->privacy;
        block.link_label = !french(job) ? LIT("Your data, or no more mail from me:")
                           : tu         ? LIT("Tes données, ou ne plus recevoir mes messages :")
                                        : LIT("Vos données, ou ne plus recevoir mes messages :");
    }
    ARENA_PUSH(job->arena, &job->blocks, block);
}

static struct slice subject_line(const struct job *job)
{
    struct slice subject = one_line(job->order->subject, job->arena);
    if (subject.len == 0)
        subject = french(job) ? LIT("Rendez-vous") : LIT("Meeting");
    /* About an account we write first. */
    if (slice_starts_nocase(subject, LIT("re:")) || slice_starts(job->order->phrase, LIT("account.")))
        return subject;
    return arena_format(job->arena, "Re: %.*s", SLICE_ARG(subject));
}

static void finish(struct job *job, struct wording *out)
{
    add_footer(job);
    out->subject = subject_line(job);
    out->text = blocks_to_text(&job->blocks, job->arena);
    out->html = blocks_to_html(&job->blocks, job->order->language, job->arena);
}

enum status wording_render(const struct mail_order *order, const struct wording_links *links,
                           struct arena *arena, struct wording *out, struct problem *why)
{
    struct job job = {.order = order, .links = links, .arena = arena, .why = why};
    if (zone_load(order->time_zone, &job.zone, NULL) != ST_OK)
        job.zone = zone_utc();
    if (order->verbatim.len > 0) { /* a supervisor's own words, greeting and all */
        add_text(&job, many_lines(order->verbatim, arena));
        finish(&job, out);
        return ST_OK;
    }
    const struct phrase *phrase = phrase_find(order->phrase);
    if (phrase == NULL)
        return problem_set(why, ST_NOT_FOUND, "no phrase of that name in the catalogue");
    const char *body = !french(&job) ? phrase->english
                       : order->informal && phrase->tu != NULL ? phrase->tu : phrase->vous;
    add_greeting(&job);
    TRY(add_body(&job, slice_from(body)));
    add_signature(&job);
    finish(&job, out);
    return ST_OK;
}
