/* Many tasks, many people, and everything that goes wrong: a planner of its own process, killed in the
 * middle of what it does and started anew on the same store; answers that get lost, so that a question comes
 * twice; people whose heartbeats stop. Nothing is lost, nothing decided twice, nobody has what another has,
 * and the work is spread evenly.
 *
 *   simulate [TASKS PEOPLE [SEED]]   prints figures; without, a small one as a test */
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "formats/json/json.h"
#include "roles/planner/test_house.h"

enum {
    TICK_S = 5, BEAT_S = 30, PEOPLE_MAX = 200, LEDGER = 1 << 16, ID_MAX = 63,
    MEETING_EVERY = 25,  /* of so many tasks one is a riddle in a meeting */
    KILL_EVERY = 300,    /* questions */
    TWICE_EVERY = 40,    /* questions whose answer is lost */
    FALL_EVERY = 700,    /* ticks of a person */
};

struct question {
    int64_t now_us;
    char who[16], name[24], json[400];
};
struct spoken {
    int status;
    char text[1600];
};

/* What is known of a task by those who handle it. */
struct known {
    char id[ID_MAX + 1];
    int holder; /* 1 + the person */
    int64_t until_us;
    unsigned decided;
};
struct in_hand {
    char id[ID_MAX + 1], meeting[ID_MAX + 1];
    bool seconding;
    int64_t done_us, beat_us;
};
struct worker {
    char id[16];
    int64_t away_us; /* until then */
    struct in_hand hand;
    bool busy;
    unsigned decided;
    int64_t duty_us;
};

static struct {
    char path[200];
    pid_t pid;
    int fd;
    uint64_t random;
    int64_t now_us;
    struct known ledger[LEDGER];
    struct worker people[PEOPLE_MAX];
    unsigned people_count, tasks, opened, known, decided;
    unsigned questions, kills, repeats, falls, over;
} sim;

static uint32_t draw(uint32_t below)
{
    sim.random = sim.random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(sim.random >> 33) % below;
}

static struct known *known_task(const char *id)
{
    uint32_t at = 2166136261u;
    for (const char *c = id; *c != '\0'; c++)
        at = (at ^ (unsigned char)*c) * 16777619u;
    for (at %= LEDGER; sim.ledger[at].id[0] != '\0' && strcmp(sim.ledger[at].id, id) != 0;)
        at = (at + 1) % LEDGER;
    if (sim.ledger[at].id[0] == '\0') {
        snprintf(sim.ledger[at].id, sizeof sim.ledger[at].id, "%s", id);
        sim.known++;
    }
    return &sim.ledger[at];
}

/* The planner's process */

static void open_house(struct house *house, bool first)
{
    struct planner_ports ports = {house, understand, read_calendar, give_key};
    struct planner_options options = {.assistant = {LIT("Iris"), LIT("iris@bureau.example")},
                                      .link_base = LIT("https://link.example/r/")};
    house->arena = arena_create((size_t)1 << 30);
    vault_random_seed(2026); /* the same root key in each process; ids of each are its own */
    CHECK_OK(keyd_create_for_replay(&house->keyd, NULL));
    vault_random_seed(sim.random | 1);
    CHECK_OK(store_open(&sqlite_driver, sim.path, &house->store, NULL));
    CHECK_OK(planner_create(house->store, &ports, &options, &house->planner, NULL));
    if (!first)
        return;
    CHECK_OK(planner_add_organisation(house->planner, LIT("o"), LIT("Bureau"), NULL));
    add_person(house, "p-ada", "Ada Lorrain", "ada@bureau.example", true);
}

/* A meeting with a guest who wrote a riddle; said again it is known. */
static void riddle(struct house *house, unsigned number)
{
    enum meeting_outcome outcome;
    struct slice ask = arena_format(
        house->arena, "From: Ada Lorrain <ada@bureau.example>\r\nSubject: Budget %u\r\n"
        "To: Bob %u <bob%u@guest.example>\r\nCc: iris@bureau.example\r\nMessage-ID: <ask-%u@b.example>",
        number, number, number, number);
    struct slice reply = arena_format(
        house->arena, "From: Bob %u <bob%u@guest.example>\r\nTo: iris@bureau.example\r\n"
        "Subject: Re: Budget %u\r\nMessage-ID: <riddle-%u@g.example>", number, number, number, number);
    house->mails = 10 * number;
    CHECK_OK(receive(house, ask.data, "Iris, please find us 30 minutes on Wednesday or Thursday for a call.",
                     MAIL_ORIGIN_PASS, &outcome));
    house->mails = 10 * number + 5;
    CHECK_OK(receive(house, reply.data, "Maybe, it depends, or not, who knows, I could perhaps see.", MAIL_ORIGIN_PASS,
                     &outcome));
}

static enum status open_one(struct house *house, unsigned number)
{
    static const char *const reasons[] = {"unclear", "reader_died", "complaint", "unsure", "policy"};
    if (number % MEETING_EVERY == 0) {
        riddle(house, number);
        return ST_OK;
    }
    struct unreadable unreadable = {arena_format(house->arena, "sim-%u", number),
                                    slice_from(reasons[number % 5]), LIT("bytes")};
    return planner_report_unreadable(house->planner, &unreadable, house->now, NULL);
}

static enum status version_of(struct house *house, const char *meeting, struct spoken *answer)
{
    struct stored_meeting row;
    TRY(store_load_meeting(house->store, slice_from(meeting), house->arena, &row, NULL));
    snprintf(answer->text, sizeof answer->text, "%u", row.version);
    return ST_OK;
}

static enum status answer_one(struct house *house, const struct question *q, struct spoken *answer)
{
    struct slice json = SLICE_NONE;
    struct planner_caller caller = {slice_from(q->who), LIT("processor"), LIT("requests.edit"), LIT("supervisor")};
    house->now = (struct instant){q->now_us};
    if (strcmp(q->name, "open") == 0)
        return open_one(house, (unsigned)strtoul(q->json, NULL, 10));
    if (strcmp(q->name, "wake") == 0)
        return planner_wake(house->planner, house->now, NULL);
    if (strcmp(q->name, "version") == 0)
        return version_of(house, q->json, answer);
    AUTO_ARENA arena = arena_create((size_t)512 << 20);
    enum status status = planner_command(house->planner, &caller, slice_from(q->name), slice_from(q->json),
                                         house->now, arena, &json);
    snprintf(answer->text, sizeof answer->text, "%.*s", SLICE_ARG(json));
    return status;
}

static void serve(int fd, bool first)
{
    static struct house house;
    struct question q;
    open_house(&house, first);
    while (read(fd, &q, sizeof q) == sizeof q) {
        struct spoken answer = {0};
        answer.status = answer_one(&house, &q, &answer);
        if (write(fd, &answer, sizeof answer) != sizeof answer)
            break;
    }
    _exit(check_failed > 0);
}

static void start(bool first)
{
    int pair[2];
    fflush(stdout);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0 || (sim.pid = fork()) < 0)
        abort();
    if (sim.pid == 0) {
        close(pair[0]);
        serve(pair[1], first);
    }
    close(pair[1]);
    sim.fd = pair[0];
}

static void stop(int signal)
{
    int status = 0;
    if (signal != 0)
        kill(sim.pid, signal);
    close(sim.fd);
    waitpid(sim.pid, &status, 0);
    CHECK(signal != 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

/* Asked until it is answered; *again: it may have been done before. */
static enum status ask(const char *who, const char *name, const char *json, struct spoken *answer, bool *again)
{
    struct question q = {.now_us = sim.now_us};
    bool lost = draw(TWICE_EVERY) == 0;
    snprintf(q.who, sizeof q.who, "%s", who);
    snprintf(q.name, sizeof q.name, "%s", name);
    snprintf(q.json, sizeof q.json, "%s", json);
    *again = false;
    for (;;) {
        bool killed = draw(KILL_EVERY) == 0;
        sim.questions++;
        if (write(sim.fd, &q, sizeof q) != sizeof q)
            abort();
        if (killed) {
            usleep(draw(4000)); /* while it works */
            stop(SIGKILL);
            start(false);
            sim.kills++;
            *again = true;
            continue;
        }
        if (read(sim.fd, answer, sizeof *answer) != sizeof *answer)
            abort();
        if (!lost)
            return (enum status)answer->status;
        lost = false;
        *again = true;
        sim.repeats++;
    }
}

/* People */

static void let_go(struct worker *worker)
{
    struct known *task = known_task(worker->hand.id);
    if (task->holder == 1 + (int)(worker - sim.people))
        task->holder = 0;
    worker->busy = false;
}

static void take(struct worker *worker)
{
    struct spoken answer;
    bool again;
    AUTO_JSON json = NULL;
    if (ask(worker->id, "case.take", "{}", &answer, &again) != ST_OK)
        return; /* an answer was lost: they have enough, and it will come back */
    CHECK_OK(json_read(slice_from(answer.text), &json, NULL));
    struct slice id = json_text(json, "task");
    if (id.len == 0)
        return;
    worker->hand = (struct in_hand){.done_us = sim.now_us + (int64_t)(30 + draw(60)) * 1000000, .beat_us = sim.now_us};
    snprintf(worker->hand.id, sizeof worker->hand.id, "%.*s", SLICE_ARG(id));
    snprintf(worker->hand.meeting, sizeof worker->hand.meeting, "%.*s", SLICE_ARG(json_text(json, "meeting")));
    worker->hand.seconding = slice_equal(json_text(json, "state"), LIT("seconding"));
    worker->busy = true;
    struct known *task = known_task(worker->hand.id);
    int self = 1 + (int)(worker - sim.people);
    CHECK(task->decided == 0);
    CHECK(task->holder == 0 || task->holder == self || task->until_us <= sim.now_us);
    task->holder = self;
    task->until_us = sim.now_us + (int64_t)TASK_HELD_SECONDS * 1000000;
}

static void beat(struct worker *worker)
{
    struct spoken answer;
    bool again;
    char json[200];
    snprintf(json, sizeof json, "{\"task\":\"%s\"}", worker->hand.id);
    worker->hand.beat_us = sim.now_us;
    if (ask(worker->id, "case.beat", json, &answer, &again) == ST_OK)
        known_task(worker->hand.id)->until_us = sim.now_us + (int64_t)TASK_HELD_SECONDS * 1000000;
    else
        let_go(worker);
}

/* Of a meeting two people refuse, or one answers; what could not be read is seen. */
static const char *decision_of(const struct worker *worker, char *json, size_t room)
{
    struct spoken answer = {0};
    bool again;
    const char *name = worker->hand.seconding ? "case.second" : "case.decide", *act = "\"decision\":{\"approve\":true}";
    if (worker->hand.meeting[0] != '\0')
        (void)!ask(worker->id, "version", worker->hand.meeting, &answer, &again);
    if (worker->hand.meeting[0] != '\0' && !worker->hand.seconding && draw(3) == 0) {
        name = "case.propose";
        act = "\"decision\":{\"refuse\":true}";
    } else if (worker->hand.meeting[0] != '\0' && !worker->hand.seconding) {
        act = "\"decision\":{\"take_over\":\"Which day, [P2]?\"}";
    }
    snprintf(json, room, "{\"task\":\"%s\",\"version\":%s,\"yes\":true%s%s}", worker->hand.id,
             answer.text[0] == '\0' ? "0" : answer.text, worker->hand.seconding ? "" : ",",
             worker->hand.seconding ? "" : act);
    return name;
}

static void decide(struct worker *worker)
{
    struct spoken answer;
    bool again;
    char json[300];
    const char *name = decision_of(worker, json, sizeof json);
    struct known *task = known_task(worker->hand.id);
    enum status status = ask(worker->id, name, json, &answer, &again);
    bool over = status == ST_DENIED && strstr(answer.text, "\"over\"") != NULL;
    bool done = strcmp(name, "case.propose") != 0 && (status == ST_OK || (again && over));
    CHECK(status == ST_OK || again || task->until_us <= sim.now_us);
    sim.over += over;
    if (done) {
        CHECK_NUMBER(task->decided, 0);
        task->decided++;
        worker->decided++;
        sim.decided++;
    }
    let_go(worker);
}

static void work(struct worker *worker)
{
    if (worker->away_us > sim.now_us)
        return;
    worker->duty_us += (int64_t)TICK_S * 1000000;
    if (draw(FALL_EVERY) == 0) { /* a screen goes dark; what they had goes back by itself */
        worker->away_us = sim.now_us + (int64_t)(100 + draw(500)) * 1000000;
        worker->busy = false;
        sim.falls++;
        return;
    }
    if (worker->busy && worker->hand.beat_us + (int64_t)BEAT_S * 1000000 <= sim.now_us)
        beat(worker);
    if (worker->busy && worker->hand.done_us <= sim.now_us)
        decide(worker);
    if (!worker->busy)
        take(worker);
}

static void tick(void)
{
    struct spoken answer;
    bool again;
    unsigned coming = sim.people_count / 12 + 1;
    for (unsigned i = 0; i < coming && sim.opened < sim.tasks; i++) {
        char number[16];
        snprintf(number, sizeof number, "%u", ++sim.opened);
        CHECK_OK(ask("-", "open", number, &answer, &again));
    }
    CHECK_OK(ask("-", "wake", "", &answer, &again));
    for (unsigned i = 0, first = draw(sim.people_count); i < sim.people_count; i++)
        work(&sim.people[(first + i) % sim.people_count]);
    sim.now_us += (int64_t)TICK_S * 1000000;
}

/* The end, as the store tells it. */

static unsigned count_entries(struct store *store, const char *kind, struct arena *arena)
{
    struct log_entry_list entries;
    unsigned count = 0;
    for (uint32_t after = 0;; after = (uint32_t)entries.items[entries.count - 1].seq) {
        CHECK_OK(store_list_log(store, after, arena, &entries, NULL));
        if (entries.count == 0)
            return count;
        for (size_t i = 0; i < entries.count; i++)
            count += slice_equal(entries.items[i].kind, slice_from(kind));
    }
}

static void check_store(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 30);
    AUTO_STORE store = NULL;
    struct stored_task_list open;
    struct supervised_list figures;
    CHECK_OK(store_open(&sqlite_driver, sim.path, &store, NULL));
    CHECK_OK(store_list_open_tasks(store, arena, &open, NULL));
    CHECK_NUMBER(open.count, 0);
    CHECK_NUMBER(count_entries(store, "supervision.task.opened", arena), sim.tasks);
    CHECK_NUMBER(count_entries(store, "supervision.task.decided", arena), sim.tasks);
    CHECK_OK(store_list_supervised(store, (struct instant){0}, 1000000, arena, &figures, NULL));
    CHECK_NUMBER(figures.count, sim.tasks);
    CHECK_OK(store_verify_log(store, NULL));
}

/* By the time that each was there: *least and *most of the mean, in thousandths. */
static void spread(int64_t *least, int64_t *most)
{
    int64_t duty_us = 0;
    *least = INT64_MAX;
    *most = 0;
    for (unsigned i = 0; i < sim.people_count; i++)
        duty_us += sim.people[i].duty_us;
    for (unsigned i = 0; i < sim.people_count; i++) {
        const struct worker *worker = &sim.people[i];
        double mean = (double)sim.decided * (double)worker->duty_us / (double)duty_us;
        int64_t share = (int64_t)(1000.0 * worker->decided / mean);
        *least = share < *least ? share : *least;
        *most = share > *most ? share : *most;
    }
}

static void simulate(unsigned tasks, unsigned people, uint64_t seed)
{
    char folder[] = "/tmp/rendez-simulate-XXXXXX";
    int64_t least, most;
    sim.random = seed;
    sim.tasks = tasks;
    sim.people_count = people;
    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(sim.path, sizeof sim.path, "%s/rendez.db", folder);
    struct instant begin;
    CHECK_OK(instant_parse(LIT("2026-03-02T08:00:00Z"), &begin, NULL, NULL));
    sim.now_us = begin.us;
    for (unsigned i = 0; i < people; i++)
        snprintf(sim.people[i].id, sizeof sim.people[i].id, "p%u", i);
    start(true);
    for (unsigned ticks = 0; sim.decided < tasks && ticks < 40 * tasks + 4000; ticks++)
        tick();
    stop(0);
    CHECK_NUMBER(sim.decided, tasks);
    check_store();
    spread(&least, &most);
    CHECK(least >= 800 && most <= 1200);
    printf("# %u tasks, %u people, %lld minutes: %u decided, %u questions, planner killed %u times, %u asked twice, "
           "people fell %u times; spread %lld to %lld of 1000\n",
           tasks, people, (long long)((sim.now_us - begin.us) / MINUTE_US), sim.decided, sim.questions, sim.kills,
           sim.repeats, sim.falls, (long long)least, (long long)most);
    char command[300];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK_NUMBER(system(command), 0);
}

static void none_lost_none_twice(void)
{
    simulate(250, 5, 11);
}

int main(int argc, char **argv)
{
    zone_load_all();
    if (argc >= 3) {
        struct instant began = clock_now();
        simulate((unsigned)strtoul(argv[1], NULL, 10), (unsigned)strtoul(argv[2], NULL, 10),
                 argc > 3 ? strtoull(argv[3], NULL, 10) : 1);
        printf("# %lld s\n", (long long)((clock_now().us - began.us) / 1000000));
        return check_failed > 0;
    }
    TEST(none_lost_none_twice);
    return check_done();
}
