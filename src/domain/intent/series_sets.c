/* Recurrences as the text says them: timex's rules, and what timex takes for something else. */
#include "domain/intent/series_set.h"

int64_t set_number(struct slice text)
{
    uint64_t value = 0;
    return slice_to_u64(text, 99999999, &value) ? (int64_t)value : 0;
}

static void read_day(struct slice item, struct set_said *set)
{
    static const char *const days[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    bool back = slice_starts(item, LIT("-"));
    struct slice rank = slice_sub(item, back, item.len - 2);
    for (unsigned day = 0; day < 7; day++)
        if (slice_equal(slice_sub(item, item.len - 2, item.len), slice_from(days[day])))
            set->days |= 1u << day;
    if (rank.len == 0)
        return;
    uint32_t nth = back ? SERIES_LAST : (uint32_t)set_number(rank);
    set->odd |= (back && set_number(rank) != 1) || nth > SERIES_LAST || (!back && nth == SERIES_LAST) ||
                (set->nth != 0 && set->nth != nth);
    set->nth = nth;
}

static void read_days(struct slice list, struct set_said *set)
{
    while (list.len >= 2) {
        size_t comma = slice_find(list, LIT(","), 0);
        size_t end = comma == SIZE_MAX ? list.len : comma;
        read_day(slice_sub(list, 0, end), set);
        list = slice_sub(list, end + (comma != SIZE_MAX), list.len);
    }
}

static void read_part(struct slice name, struct slice value, struct set_said *set)
{
    int64_t number = set_number(value);
    if (slice_equal(name, LIT("FREQ"))) {
        set->freq = value;
    } else if (slice_equal(name, LIT("INTERVAL"))) {
        set->interval = (uint32_t)number;
    } else if (slice_equal(name, LIT("COUNT"))) {
        set->count = (uint32_t)number;
    } else if (slice_equal(name, LIT("UNTIL"))) {
        set->until_day = civil_date_to_days((struct civil_date){
            (int32_t)(number / 10000), (uint8_t)(number / 100 % 100), (uint8_t)(number % 100)});
    } else if (slice_equal(name, LIT("BYDAY"))) {
        read_days(value, set);
    } else if (slice_equal(name, LIT("BYMONTHDAY"))) {
        set->monthday = (uint32_t)number;
        set->odd |= number < 1 || number > 28; /* not every month has a 29th */
    } else if (slice_equal(name, LIT("BYMONTH"))) {
        set->month = (uint32_t)number;
        set->odd |= number < 1 || number > 12;
    } else if (slice_equal(name, LIT("BYHOUR"))) {
        set->minute = (int32_t)number * 60 + (set->minute > 0 ? set->minute : 0);
    } else if (slice_equal(name, LIT("BYMINUTE"))) {
        set->minute = (set->minute > 0 ? set->minute : 0) + (int32_t)number;
    } else {
        set->odd = true;
    }
}

/* "Every 14 days" is every other week. */
static void count_days_as_weeks(struct set_said *set)
{
    if (slice_equal(set->freq, LIT("DAILY")) && set->interval > 0 && set->interval % 7 == 0) {
        set->freq = LIT("WEEKLY");
        set->interval /= 7;
    }
}

void set_read_rule(struct slice rule, struct set_said *set)
{
    *set = (struct set_said){.tokens = set->tokens, .interval = 1, .minute = -1};
    while (rule.len > 0) {
        size_t end = slice_find(rule, LIT(";"), 0);
        struct slice part = slice_sub(rule, 0, end == SIZE_MAX ? rule.len : end);
        size_t sign = slice_find(part, LIT("="), 0);
        if (sign != SIZE_MAX)
            read_part(slice_sub(part, 0, sign), slice_sub(part, sign + 1, part.len), set);
        rule = end == SIZE_MAX ? SLICE_NONE : slice_sub(rule, end + 1, rule.len);
    }
    count_days_as_weeks(set);
}

bool set_has_number(const struct text *text, struct span tokens)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (text->tokens[i].kind == TOKEN_NUMBER)
            return true;
    return false;
}

/* Which month it is, is said: "le premier lundi du mois de juin", "of next month". */
static bool names_a_month(const struct text *text, struct span tokens)
{
    bool month = tokens.first > 0 && IS(next, text, tokens.first - 1);
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        month |= IS(next, text, i) ||
                 (i > tokens.first && IS(month, text, i - 1) && IS(of_that, text, i));
    return month || IS(of_that, text, tokens.end);
}

/* "Tuesdays at 2": by day, unless it says otherwise. */
int32_t set_by_day(const struct text *text, struct span tokens, int32_t minute)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (IS(morning, text, i) || slice_starts(text->tokens[i].word, LIT("0")) ||
            slice_ends(text->tokens[i].word, LIT("am")))
            return minute;
    return minute >= 60 && minute < 7 * 60 ? minute + 12 * 60 : minute;
}

/* "le premier mardi du mois", "le 15 du mois": timex takes it for the one of this month. */
static bool read_month_rank(const struct text *text, const struct timex *timex, struct span tokens,
                            struct set_said *set)
{
    uint32_t rank = 0, named = 0, month = 0;
    for (uint32_t i = tokens.first; i < tokens.end; i++) {
        rank = rank == 0 ? PLACE(ordinal, text, i) : rank;
        named += IS(weekday, text, i);
        month += IS(month, text, i);
    }
    bool day_of = rank == 0 && named == 0 && set_has_number(text, tokens);
    int64_t length = civil_to_us(timex->end) - civil_to_us(timex->start);
    if (month == 0 || timex->grain > GRAIN_DAY || length > DAY_US || timex->open != TIMEX_BOUNDED ||
        names_a_month(text, tokens) || ((rank == 0 || named == 0) && !day_of))
        return false;
    uint32_t day = timex->start.date.day;
    bool two = false; /* "le premier et le troisième jeudi du mois" */
    for (uint32_t i = tokens.first; i > 0 && tokens.first - i < 4; i--)
        two |= IS(ordinal, text, i - 1) && (IS(and, text, i) || IS(and, text, tokens.first - 1));
    *set = (struct set_said){
        .tokens = tokens,
        .freq = LIT("MONTHLY"),
        .interval = 1,
        .nth = rank == 0 ? 0 : (rank - 1) % 5 + 1,
        .days = rank == 0 ? 0 : 1u << civil_date_weekday(timex->start.date),
        .monthday = rank == 0 ? day : 0,
        .odd = two || (rank == 0 && day > 28), /* not every month has a 29th */
        .minute = timex->has_clock ? timex->start.hour * 60 + timex->start.minute : -1,
        .strong = true,
    };
    return true;
}

static bool has_freq_word(const struct text *text, struct span tokens)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (IS(freq, text, i))
            return true;
    return false;
}

/* What the rule leaves out, or knows better than the words: "hebdo du mardi 10h" has a day, "the
 * first week of each month" none. */
static void take_words(const struct text *text, struct span tokens, struct set_said *set)
{
    bool week = false, ordinal = false;
    uint32_t days = 0;
    for (uint32_t i = tokens.first; i < tokens.end; i++) {
        week |= IS(week, text, i);
        ordinal |= IS(ordinal, text, i);
        if (IS(weekday, text, i))
            days |= 1u << (PLACE(weekday, text, i) - 1) % 7;
    }
    if (slice_equal(set->freq, LIT("WEEKLY")) && set->days == 0)
        set->days = days;
    if (set->monthday > 0 && !set_has_number(text, tokens) && (week || !ordinal))
        set->monthday = 0;
}

bool set_read(const struct text *text, uint32_t at, struct set_said *set)
{
    const struct timex *timex = set_timex(text, at);
    struct span tokens = set_tokens(text, at);
    set->tokens = tokens;
    if (timex->negated)
        return false;
    if (timex->kind != TIMEX_SET)
        return timex->kind != TIMEX_DURATION && read_month_rank(text, timex, tokens, set);
    set_read_rule(timex->rrule, set);
    set->minute = set_by_day(text, tokens, set->minute);
    if (text->tokens[at].kind == TOKEN_NUMBER && at + 1 < tokens.end &&
        text->tokens[at + 1].kind == TOKEN_PUNCT)
        set->minute = -1; /* "1) a weekly call": the number of the item */
    set->strong = has_freq_word(text, tokens);
    set->odd |= timex->exception;
    if (timex->exception && !slice_equal(set->freq, LIT("WEEKLY")))
        return false; /* "tous les jours sauf lundi": when it may be */
    take_words(text, tokens, set);
    uint32_t choice = 0;
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        choice += IS(or, text, i);
    bool several = (set->days & (set->days - 1)) != 0;
    set->odd |= several && choice == 0; /* "Tuesdays or Thursdays": either will do */
    return true;
}

/* "cinq rendez-vous hebdomadaires", "une par semaine", "an hour a week": what timex leaves. */
bool set_read_loose(const struct text *text, uint32_t at, struct set_said *set)
{
    bool per = at > 0 && IS(one, text, at - 1) && IS(per, text, at) &&
               (IS(week, text, at + 1) || IS(month, text, at + 1));
    bool each = IS(every, text, at) && IS(article, text, at + 1) && IS(week, text, at + 2);
    bool weekly = each || IS(weekly, text, at) || IS(fortnightly, text, at);
    if (text->tokens[at].timex != 0 || text->tokens[at].masked ||
        (!per && !weekly && !IS(monthly, text, at)))
        return false;
    bool monthly = per ? IS(month, text, at + 1) : !weekly;
    *set = (struct set_said){
        .tokens = {at, at + 1 + per + 2 * (uint32_t)each},
        .freq = monthly ? LIT("MONTHLY") : LIT("WEEKLY"),
        .interval = IS(fortnightly, text, at) ? 2 : 1,
        .minute = -1,
        .strong = true,
    };
    return true;
}

/* Twice a week and the like, which timex does not read: how many tokens, or 0. */
uint32_t set_several_times(const struct text *text, uint32_t at)
{
    uint32_t number = PLACE(number, text, at);
    bool digits = text->tokens[at].kind == TOKEN_NUMBER && set_number(text->tokens[at].word) > 1;
    if (IS(often, text, at) && IS(per, text, at + 1) && IS(period, text, at + 2))
        return 3;
    if ((number > 1 || digits) && in_class(text, at + 1, CLASS_times_over) && IS(per, text, at + 2) &&
        IS(period, text, at + 3))
        return 4;
    return 0;
}
