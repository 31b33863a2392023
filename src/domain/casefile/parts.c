#include "domain/casefile/parts.h"

#include "domain/wording/wording.h"

enum { DAY_MINUTES = 24 * 60 };

/* What deciding so leads to */

static enum status render(const struct effect_list *effects, struct arena *arena, struct case_mail_list *out,
                          struct problem *why)
{
    *out = (struct case_mail_list){0};
    for (size_t i = 0; i < effects->count; i++) {
        struct wording words;
        const struct mail_order *order = &effects->items[i].mail;
        if (effects->items[i].kind != EFFECT_MAIL)
            continue;
        TRY(wording_render(order, NULL, arena, &words, why));
        ARENA_PUSH(arena, out, ((struct case_mail){order->to.address, words.subject, words.text}));
    }
    return ST_OK;
}

enum status case_try(const struct meeting *meeting, const struct task *task, const struct supervisor_decision *decision,
                     const struct meeting_env *env, struct arena *arena, struct meeting *after,
                     struct case_mail_list *mails, struct problem *why)
{
    uint64_t random = 0; /* the ids' generator is left alone */
    struct meeting_env still = *env;
    struct effect_list effects = {0};
    enum meeting_outcome outcome;
    struct meeting_input input = {.kind = INPUT_SUPERVISED, .decision = decision, .task = task->id};
    record_copy(&meeting_record, meeting, arena, after);
    still.random = &random;
    TRY(meeting_step(after, &input, &still, arena, &effects, &outcome, why));
    return render(&effects, arena, mails, why);
}

void case_shorten(struct case_message_list *thread)
{
    if (thread->count <= CASE_THREAD_MAX)
        return;
    size_t left_out = thread->count - CASE_THREAD_MAX;
    for (size_t i = 1; i < CASE_THREAD_MAX; i++)
        thread->items[i] = thread->items[i + left_out];
    thread->count = CASE_THREAD_MAX;
}

/* Values */

json_t *case_time(const struct case_maker *maker, struct instant at)
{
    return at.us == 0 ? json_null() : json_from_text(instant_format(at, maker->zone, maker->arena));
}

json_t *case_id(const struct case_maker *maker, size_t person)
{
    return person == CASE_NOBODY ? json_string("\u2026")
                                 : json_from_text(arena_format(maker->arena, "P%zu", person + 1));
}

static struct slice masked(const struct case_maker *maker, struct slice text)
{
    struct masked out;
    mask_text(maker->mask, text, CASE_TEXT_MAX, maker->arena, &out);
    return out.text;
}

json_t *case_masked(const struct case_maker *maker, struct slice text)
{
    return json_from_text(masked(maker, text));
}

static json_t *person_id(const struct case_maker *maker, struct slice address)
{
    return case_id(maker, case_person_of(&maker->people, SLICE_NONE, address));
}

static const struct case_message *message_in_doubt(const struct case_facts *facts)
{
    return facts->thread.count > 0 ? &facts->thread.items[facts->thread.count - 1] : NULL;
}

static struct case_maker maker_of(const struct case_facts *facts, struct arena *arena)
{
    const struct participant_list *people = &facts->meeting->people;
    const struct case_message *doubtful = message_in_doubt(facts);
    struct case_maker maker = {.facts = facts, .arena = arena};
    case_people(facts, arena, &maker.people);
    maker.mask = mask_create(&maker.people, &facts->others, arena);
    maker.zone = zone_or_utc(people->count > 0 ? people->items[0].time_zone : SLICE_NONE);
    if (doubtful != NULL)
        maker.cues = doubtful->cues;
    mask_text(maker.mask, doubtful == NULL ? SLICE_NONE : doubtful->text, CASE_TEXT_MAX, arena, &maker.doubtful);
    return maker;
}

/* People */

static bool takes_part(const struct participant *who)
{
    return who != NULL && who->status != PARTICIPANT_REMOVED && who->status != PARTICIPANT_DECLINED;
}

static json_t *labels_json(const struct case_maker *maker)
{
    json_t *out = json_array();
    for (size_t i = 0; i < maker->people.count; i++) {
        json_t *person = json_object();
        const struct participant *who = case_participant(maker->facts, &maker->people, i);
        json_object_set_new(person, "id", case_id(maker, i));
        json_object_set_new(person, "label", json_from_text(mask_label(&maker->people.items[i], maker->arena)));
        json_object_set_new(person, "role", json_string(who == NULL ? "none" : participant_role_names[who->role]));
        json_object_set_new(person, "active", json_boolean(takes_part(who)));
        json_array_append_new(out, person);
    }
    return out;
}

/* Words */

/* Pages have these two languages; what is of neither is read in the first. */
static const char *language_of(const struct case_message *message)
{
    enum language language = message->language == LANGUAGE_UNKNOWN ? timex_language(message->text) : message->language;
    return language_names[language == LANGUAGE_UNKNOWN ? LANGUAGE_FR : language];
}

static json_t *sender(const struct case_maker *maker, const struct case_message *message)
{
    return message->ours ? json_string("us") : person_id(maker, message->from);
}

static json_t *thread_json(const struct case_maker *maker)
{
    json_t *out = json_array();
    const struct case_message_list *thread = &maker->facts->thread;
    for (size_t i = 0; i < thread->count; i++) {
        const struct case_message *message = &thread->items[i];
        json_t *one = json_object();
        json_object_set_new(one, "from", sender(maker, message));
        json_object_set_new(one, "at", case_time(maker, message->at));
        json_object_set_new(one, "language", json_string(language_of(message)));
        json_object_set_new(one, "text", i + 1 == thread->count ? json_from_text(maker->doubtful.text)
                                                                : case_masked(maker, message->text));
        json_object_set_new(one, "quoted", json_boolean(message->quoted));
        json_object_set_new(one, "attachments", json_integer(message->attachments));
        json_array_append_new(out, one);
    }
    return out;
}

/* Offers and calendars */

static json_t *offer_json(const struct case_maker *maker, uint32_t number, struct interval span, bool withdrawn)
{
    json_t *offer = json_object();
    json_object_set_new(offer, "number", json_integer(number));
    json_object_set_new(offer, "start", case_time(maker, span.start));
    json_object_set_new(offer, "end", case_time(maker, span.end));
    json_object_set_new(offer, "withdrawn", json_boolean(withdrawn));
    return offer;
}

static bool was_seen(const struct offer_context_list *seen, const struct offer *offer)
{
    for (size_t i = 0; i < seen->count; i++)
        if (seen->items[i].span.start.us == offer->span.start.us && seen->items[i].span.end.us == offer->span.end.us)
            return true;
    return false;
}

/* A second look at what the organizer wrote: what was offered followed from it. */
static bool would_tell(const struct case_facts *facts)
{
    const struct participant_list *people = &facts->answered->people;
    return facts->reading == NULL && people->count > 0 &&
           slice_equal_nocase(people->items[0].address, facts->task->from);
}

/* Numbered as who wrote saw them, which is what "the second" means; the others have none. */
static json_t *offers_json(const struct case_maker *maker)
{
    json_t *out = json_array();
    const struct case_facts *facts = maker->facts;
    const struct offer_list *offers = &facts->answered->offers;
    struct intent_context context;
    if (would_tell(facts))
        return out;
    meeting_context(facts->answered, facts->task->from, facts->env, maker->arena, &context);
    for (size_t i = 0; i < context.offers.count; i++)
        json_array_append_new(out, offer_json(maker, context.offers.items[i].number, context.offers.items[i].span, false));
    for (size_t i = 0; i < offers->count; i++)
        if (!was_seen(&context.offers, &offers->items[i]))
            json_array_append_new(out, offer_json(maker, 0, offers->items[i].span, offers->items[i].withdrawn));
    return out;
}

static json_t *spans_json(const struct case_maker *maker, const struct interval_list *busy, struct interval shown)
{
    json_t *out = json_array();
    for (size_t i = 0; i < busy->count; i++) {
        if (!interval_overlaps(busy->items[i], shown))
            continue;
        json_t *span = json_object();
        json_object_set_new(span, "start", case_time(maker, busy->items[i].start));
        json_object_set_new(span, "end", case_time(maker, busy->items[i].end));
        json_array_append_new(out, span);
    }
    return out;
}

/* Of who takes part and has a calendar here: when, and nothing else. */
static json_t *busy_json(const struct case_maker *maker)
{
    const struct case_facts *facts = maker->facts;
    struct interval shown = {.start = case_first_window(facts, facts->env->now)};
    shown.end = instant_add(shown.start, minutes(CASE_BUSY_DAYS * DAY_MINUTES));
    json_t *out = json_array();
    for (size_t i = 0; i < facts->env->people_count; i++) {
        const struct known_person *known = &facts->env->people[i];
        size_t who = case_person_of(&maker->people, SLICE_NONE, known->person.address);
        if (!known->person.has_calendar || !takes_part(case_participant(facts, &maker->people, who)))
            continue;
        json_t *one = json_object();
        json_object_set_new(one, "who", case_id(maker, who));
        json_object_set_new(one, "spans", spans_json(maker, &known->busy, shown));
        json_array_append_new(out, one);
    }
    return out;
}

/* What would be sent: to who wrote first */

static size_t first_mail(const struct case_facts *facts)
{
    for (size_t i = 0; i < facts->mails.count; i++)
        if (slice_equal_nocase(facts->mails.items[i].to, facts->task->from))
            return i;
    return 0;
}

static json_t *mail_json(const struct case_maker *maker, const struct case_mail *mail)
{
    json_t *out = json_object(), *to = json_array();
    json_array_append_new(to, person_id(maker, mail->to));
    json_object_set_new(out, "to", to);
    json_object_set_new(out, "subject", case_masked(maker, mail->subject));
    json_object_set_new(out, "text", case_masked(maker, mail->text));
    return out;
}

static void set_mails(const struct case_maker *maker, json_t *out)
{
    const struct case_mail_list *mails = &maker->facts->mails;
    size_t first = first_mail(maker->facts);
    json_t *also = json_array();
    json_object_set_new(out, "draft", mails->count == 0 ? json_null() : mail_json(maker, &mails->items[first]));
    for (size_t i = 0; i < mails->count; i++)
        if (i != first)
            json_array_append_new(also, mail_json(maker, &mails->items[i]));
    json_object_set_new(out, "also", also);
    json_object_set_new(out, "does", json_string(maker->facts->drafts ? "sends_draft" : "acts"));
}

/* Colleagues' words: their marks are names first, like those that they wrote out. */

static struct slice masked_words(const struct case_maker *maker, struct slice text)
{
    return masked(maker, mask_restore(&maker->people, text, maker->arena));
}

json_t *case_masked_words(const struct case_facts *facts, struct slice text, struct arena *arena)
{
    struct case_maker maker = maker_of(facts, arena);
    return json_from_text(masked_words(&maker, text));
}

static void mask_strings(const struct case_maker *maker, json_t *value)
{
    const char *name;
    json_t *member;
    size_t index;
    if (json_is_string(value)) {
        struct slice text = {json_string_value(value), json_string_length(value)};
        json_string_set(value, arena_text(maker->arena, masked_words(maker, text)));
    }
    json_object_foreach(value, name, member) mask_strings(maker, member);
    json_array_foreach(value, index, member) mask_strings(maker, member);
}

void case_mask_strings(const struct case_facts *facts, json_t *value, struct arena *arena)
{
    struct case_maker maker = maker_of(facts, arena);
    mask_strings(&maker, value);
}

/* The parts */

static json_t *task_json(const struct case_maker *maker)
{
    const struct task *task = maker->facts->task;
    json_t *out = json_object();
    json_object_set_new(out, "id", json_from_text(task->id));
    json_object_set_new(out, "reason", json_from_text(task->reason));
    json_object_set_new(out, "reason_words", case_reason_words(maker));
    json_object_set_new(out, "opened", case_time(maker, task->opened));
    return out;
}

static json_t *meeting_json(const struct case_maker *maker)
{
    const struct meeting *meeting = maker->facts->meeting;
    json_t *out = json_object();
    json_object_set_new(out, "id", json_from_text(meeting->id));
    json_object_set_new(out, "version", json_integer(meeting->version));
    json_object_set_new(out, "state", json_string(meeting_state_names[meeting->state]));
    json_object_set_new(out, "subject", case_masked(maker, meeting->subject));
    json_object_set_new(out, "zone", json_string(zone_name(maker->zone)));
    return out;
}

json_t *case_shown_json(const struct case_facts *facts, struct arena *arena)
{
    struct case_maker maker = maker_of(facts, arena);
    json_t *out = json_object();
    json_object_set_new(out, "task", task_json(&maker));
    json_object_set_new(out, "meeting", meeting_json(&maker));
    json_object_set_new(out, "people", labels_json(&maker));
    json_object_set_new(out, "thread", thread_json(&maker));
    json_object_set_new(out, "reading", case_reading_json(&maker));
    json_object_set_new(out, "offers", offers_json(&maker));
    json_object_set_new(out, "busy", busy_json(&maker));
    set_mails(&maker, out);
    case_typed_back(&maker, out);
    return out;
}

json_t *case_people_json(const struct case_facts *facts, struct arena *arena)
{
    struct case_maker maker = maker_of(facts, arena);
    json_t *out = json_object(), *people = json_array();
    for (size_t i = 0; i < maker.people.count; i++) {
        json_t *person = json_object();
        json_object_set_new(person, "id", case_id(&maker, i));
        json_object_set_new(person, "name", json_from_text(maker.people.items[i].name));
        json_object_set_new(person, "address", json_from_text(maker.people.items[i].address));
        json_object_set_new(person, "phone", json_from_text(maker.people.items[i].phone));
        json_array_append_new(people, person);
    }
    json_object_set_new(out, "people", people);
    return out;
}

json_t *case_words_json(const struct case_facts *facts, struct arena *arena)
{
    struct case_maker maker = maker_of(facts, arena);
    json_t *out = json_object(), *thread = json_array();
    for (size_t i = 0; i < facts->thread.count; i++) {
        const struct case_message *message = &facts->thread.items[i];
        json_t *one = json_object();
        json_object_set_new(one, "from", sender(&maker, message));
        json_object_set_new(one, "at", case_time(&maker, message->at));
        json_object_set_new(one, "text", json_from_text(slice_sub(message->text, 0, CASE_WORDS_MAX)));
        json_array_append_new(thread, one);
    }
    json_object_set_new(out, "subject", json_from_text(facts->meeting->subject));
    json_object_set_new(out, "thread", thread);
    return out;
}

static json_t *full_mail(const struct case_mail *mail)
{
    json_t *out = json_object(), *to = json_array();
    json_array_append_new(to, json_from_text(mail->to));
    json_object_set_new(out, "to", to);
    json_object_set_new(out, "subject", json_from_text(mail->subject));
    json_object_set_new(out, "text", json_from_text(slice_sub(mail->text, 0, CASE_WORDS_MAX)));
    return out;
}

json_t *case_draft_json(const struct case_facts *facts, struct arena *arena)
{
    static const struct case_mail none;
    size_t first = first_mail(facts);
    json_t *out = full_mail(facts->mails.count == 0 ? &none : &facts->mails.items[first]), *also = json_array();
    (void)arena;
    for (size_t i = 0; i < facts->mails.count; i++)
        if (i != first)
            json_array_append_new(also, full_mail(&facts->mails.items[i]));
    if (facts->mails.count == 0)
        json_array_clear(json_object_get(out, "to"));
    json_object_set_new(out, "also", also);
    return out;
}
