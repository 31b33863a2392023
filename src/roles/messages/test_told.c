#include "roles/messages/metrics.h"
#include "roles/messages/told_queue.h"

#include "check.h"

enum { ARENA_MAX = 1 << 20 };

static void only_fixed_words_are_told(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    struct problem why = {.detail = "line 12:\ta \xC3\xA9 b\n"};
    const struct event_field fields[] = {
        field_text(KEY_ROLE, "reader"), field_id(KEY_PERSON, LIT("p_1")), field_number(KEY_COUNT, 7),
        field_status(ST_LIMIT), field_text(KEY_CAUSE, ""), field_problem(&why),
    };
    struct slice_list words = told_words(fields, sizeof fields / sizeof *fields, arena);
    CHECK_NUMBER(words.count, 3);
    CHECK_TEXT(words.items[0], "role.name=reader");
    CHECK_TEXT(words.items[1], "status=limit");
    CHECK_TEXT(words.items[2], "problem=line 12:?a ?? b?");
    CHECK_TEXT(told_word(&words, KEY_STATUS), "limit");
    CHECK_NUMBER(told_word(&words, KEY_CAUSE).len, 0);
}

static void many_and_long_ones_are_cut(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    struct event_field fields[TOLD_WORDS_MAX + 5];
    char *text = arena_alloc(arena, 2 * TOLD_WORD_BYTES_MAX);
    memset(text, 'x', 2 * TOLD_WORD_BYTES_MAX - 1);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        fields[i] = field_text(KEY_CAUSE, text);
    struct slice_list words = told_words(fields, sizeof fields / sizeof *fields, arena);
    CHECK_NUMBER(words.count, TOLD_WORDS_MAX);
    CHECK_NUMBER(words.items[0].len, TOLD_WORD_BYTES_MAX);
    CHECK(told_signature(&words, arena).len > 0);
}

static const struct {
    const char *name, *one, *other;
    bool alike;
} pairs[] = {
    {"numbers", "problem=row 4 of 10", "problem=row 19 of 200", true},
    {"other words", "problem=row 4", "problem=line 4", false},
    {"another key", "cause=a", "status=a", false},
    {"deep addresses", "addresses=0x1 0x2 0x3 0x4 0x5", "addresses=0x1 0x2 0x3 0x4 0x6 0x7", true},
    {"shallow addresses", "addresses=0x1 0x2 0x3 0x4", "addresses=0x1 0x2 0x3 0x5", false},
    {"numbers in addresses", "addresses=0x11", "addresses=0x12", false},
};

static void alike_ones_have_one_signature(void)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        AUTO_ARENA arena = arena_create(ARENA_MAX);
        struct slice one[] = {slice_from(pairs[i].one)}, other[] = {slice_from(pairs[i].other)};
        struct slice_list first = {one, 1, 1}, second = {other, 1, 1};
        check_row(pairs[i].name);
        CHECK(slice_equal(told_signature(&first, arena), told_signature(&second, arena)) == pairs[i].alike);
    }
}

static void add(struct told_queue *queue, enum event event, const char *cause)
{
    struct event_field field = field_text(KEY_CAUSE, cause);
    CHECK(told_queue_add(queue, event, &field, 1, clock_now()));
}

static void next_is(struct told_queue *queue, enum event event, const char *word, uint32_t count)
{
    struct told_waiting *first = told_queue_first(queue);
    CHECK(first != NULL);
    if (first == NULL)
        return;
    CHECK_NUMBER(first->event, event);
    CHECK_TEXT(first->words.items[0], word);
    CHECK_NUMBER(first->count, count);
    told_queue_drop(first);
}

/* An alert that ended before it began would stay open. */
static void they_leave_in_the_order_of_each_ones_last(void)
{
    struct told_queue queue = {0};
    add(&queue, EVENT_DEVICE_FAILS, "one");
    add(&queue, EVENT_DEVICES_HOLD, "all");
    add(&queue, EVENT_DEVICE_FAILS, "other");
    add(&queue, EVENT_DEVICE_FAILS, "one");
    add(&queue, EVENT_DEVICES_HOLD, "all");
    next_is(&queue, EVENT_DEVICE_FAILS, "cause=other", 1);
    next_is(&queue, EVENT_DEVICE_FAILS, "cause=one", 2);
    next_is(&queue, EVENT_DEVICES_HOLD, "cause=all", 2);
    CHECK(told_queue_first(&queue) == NULL);
    told_queue_clear(&queue);
}

static void of_many_different_ones_the_first_are_kept(void)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    struct told_queue queue = {0};
    char cause[2] = "";
    for (int i = 0; i < TOLD_QUEUE_MAX; i++) {
        cause[0] = letters[i];
        add(&queue, EVENT_DEVICE_FAILS, cause);
    }
    struct event_field more = field_text(KEY_CAUSE, "more");
    CHECK(!told_queue_add(&queue, EVENT_DEVICE_FAILS, &more, 1, clock_now()));
    add(&queue, EVENT_DEVICE_FAILS, "b");
    next_is(&queue, EVENT_DEVICE_FAILS, "cause=a", 1);
    next_is(&queue, EVENT_DEVICE_FAILS, "cause=c", 1);
    told_queue_clear(&queue);
    CHECK(told_queue_first(&queue) == NULL);
}

static void histograms_go_and_come(void)
{
    static const struct {
        int64_t us;
        size_t bucket;
    } times[] = {{-5, 0}, {0, 0}, {1000, 0}, {1001, 1}, {60000000, HISTOGRAM_BUCKETS - 2}, {60000001, HISTOGRAM_BUCKETS - 1}};
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    struct histogram histogram = {0}, back;
    struct metric_list list = {0};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        uint64_t before = histogram.buckets[times[i].bucket];
        histogram_add(&histogram, times[i].us);
        CHECK_NUMBER(histogram.buckets[times[i].bucket], before + 1);
    }
    CHECK_NUMBER(histogram.sum_us, 120002002);
    histogram.buckets[3] = UINT64_C(0x0102030405060708);
    metric_add_histogram(&list, arena, METRIC_MAIL_ANSWER, &histogram);
    CHECK_NUMBER(list.count, 1);
    CHECK_OK(metric_histogram(&list.items[0], &back));
    CHECK(memcmp(&back, &histogram, sizeof back) == 0);
    list.items[0].buckets.len--;
    CHECK_NUMBER(metric_histogram(&list.items[0], &back), ST_INVALID);
}

static void names_are_known(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    struct metric_list list = {0};
    for (int id = 0; id < METRIC_COUNT_; id++)
        CHECK_NUMBER(metric_from_name(slice_from(metric_rows[id].name)), id);
    CHECK_NUMBER(metric_from_name(LIT("rendez_nothing")), METRIC_COUNT_);
    for (int i = 0; i < METRICS_MAX + 3; i++)
        metric_add(&list, arena, METRIC_CPU, "", i);
    CHECK_NUMBER(list.count, METRICS_MAX);
    /* Each event that is told is marked, and what ends one ends a told one. */
    CHECK_NUMBER(event_mark(EVENT_ROLE_CRASHED), EVENT_TOLD);
    for (int event = 0; event < EVENT_COUNT_; event++)
        CHECK((event_mark((enum event)event) == EVENT_ENDS) == (event_ended((enum event)event) != EVENT_COUNT_));
}

int main(void)
{
    TEST(only_fixed_words_are_told);
    TEST(many_and_long_ones_are_cut);
    TEST(alike_ones_have_one_signature);
    TEST(they_leave_in_the_order_of_each_ones_last);
    TEST(of_many_different_ones_the_first_are_kept);
    TEST(histograms_go_and_come);
    TEST(names_are_known);
    return check_done();
}
