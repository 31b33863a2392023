#ifndef RENDEZ_ROLES_CONSOLE_SHOWN_H
#define RENDEZ_ROLES_CONSOLE_SHOWN_H

#include "platform/loop/loop.h"
#include "roles/messages/messages.h"

/* What is shown to whom: which part of which task, in which session, since when, under which lease. No content. */
enum { SHOWN_MAX = 1024, SHOWN_TEXT_MAX = 64 };

struct shown {
    char session[SHOWN_TEXT_MAX + 1]; /* empty: free */
    char person[SHOWN_TEXT_MAX + 1], task[SHOWN_TEXT_MAX + 1], meeting[SHOWN_TEXT_MAX + 1],
        organisation[SHOWN_TEXT_MAX + 1], purpose[SHOWN_TEXT_MAX + 1], lease[SHOWN_TEXT_MAX + 1];
    enum case_part part;
    struct monotonic since;
};

/* Who sees it. lease: under which key; may be empty where that stays the one before. */
struct shown_by {
    struct slice session, person, task, lease;
};

struct shown_list;
/* `ended` is called for each that ends. give_back: the lease is still good. */
typedef void shown_ended_fn(void *context, const struct shown *shown, bool give_back);
struct shown_list *shown_create(shown_ended_fn *ended, void *context);
/* Accepts NULL. All of it ends. */
void shown_destroy(struct shown_list **list);

/* Shown anew, it goes on since when it was; under another lease it is another one's. False: there is no room, or a text
 * that is none. */
MUST_USE bool shown_begin(struct shown_list *list, const struct shown_by *by, const struct lease_ask *of,
                          enum case_part part, struct slice purpose, struct monotonic at);
const struct shown *shown_find(const struct shown_list *list, const struct shown_by *by, enum case_part part); /* or NULL */

void shown_end_part(struct shown_list *list, const struct shown_by *by, enum case_part part);
void shown_end_task(struct shown_list *list, const struct shown_by *by); /* all parts */
void shown_end_session(struct shown_list *list, struct slice session);   /* all tasks */
void shown_end_lease(struct shown_list *list, struct slice lease);       /* it is over already */
void shown_end_all(struct shown_list *list);
size_t shown_count(const struct shown_list *list);

int64_t shown_seconds(const struct shown *shown, struct monotonic at);

#endif
