#ifndef RENDEZ_BASE_EVENTLOG_H
#define RENDEZ_BASE_EVENTLOG_H

#include "base/bytes/bytes.h"
#include "base/datetime/datetime.h"

/* Events of all roles, one JSON object a line on the process's log descriptor. Names
 * (subject.object.outcome) and keys are registered in events.def with a sentence; there
 * is no constructor for subjects, addresses or bodies. */

enum event {
#define EVENT(name, text, sentence) EVENT_##name,
#define TOLD(name, text, sentence) EVENT_##name,
#define ENDS(name, text, sentence, other) EVENT_##name,
#define KEY(name, text, sentence)
#include "base/eventlog/events.def"
#undef EVENT
#undef TOLD
#undef ENDS
#undef KEY
    EVENT_COUNT_
};
enum event_key {
#define EVENT(name, text, sentence)
#define TOLD(name, text, sentence)
#define ENDS(name, text, sentence, other)
#define KEY(name, text, sentence) KEY_##name,
#include "base/eventlog/events.def"
#undef EVENT
#undef TOLD
#undef ENDS
#undef KEY
    KEY_COUNT_
};

struct event_field {
    enum event_key key;
    enum { EVENT_FIELD_TEXT, EVENT_FIELD_ID, EVENT_FIELD_NUMBER } kind;
    struct slice text;
    int64_t number;
};

/* Text is only for identifiers and fixed words of ours. */
struct event_field field_text(enum event_key key, const char *word);
struct event_field field_id(enum event_key key, struct slice id);
struct event_field field_number(enum event_key key, int64_t number);
struct event_field field_status(enum status status);
/* The detail of a problem (which never holds mail content). */
struct event_field field_problem(const struct problem *why);

/* role is written in every line; fd -1 keeps silent (tests, replay). */
void event_log_open(const char *role, int fd);
void event_log_fields(enum event event, const struct event_field *fields, size_t count);
#define event_log(event, ...)                                                                      \
    event_log_fields((event), (const struct event_field[]){__VA_ARGS__},                           \
                     sizeof((const struct event_field[]){__VA_ARGS__}) /                           \
                         sizeof(struct event_field))
const char *event_name(enum event event);
const char *event_key_name(enum event_key key);
/* EVENT_COUNT_ for a name that is none. */
enum event event_from_name(struct slice name);

/* How events.def marks an event. */
enum event_mark { EVENT_PLAIN, EVENT_TOLD, EVENT_ENDS };
enum event_mark event_mark(enum event event);
/* Of one marked ENDS: which event's alerts it ends; else EVENT_COUNT_. */
enum event event_ended(enum event event);
/* Its sentence in events.def. */
const char *event_sentence(enum event event);

/* Gets each marked event after its line is written; once a process. It may not log. */
typedef void event_sink_fn(void *context, enum event event, const struct event_field *fields, size_t count);
void event_log_sink(event_sink_fn *fn, void *context);

#endif
