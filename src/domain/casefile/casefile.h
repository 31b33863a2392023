#ifndef RENDEZ_DOMAIN_CASEFILE_H
#define RENDEZ_DOMAIN_CASEFILE_H

#include "domain/casefile/mask.h"
#include "domain/meeting/meeting.h"
#include "formats/json/json.h"

/* What somebody is shown who decides a task: the parts of doc/supervision.md, from what the planner has. No I/O, no
 * clock. Of the members of "task" only those that follow from the message are made here. */

enum {
    CASE_THREAD_MAX = 20,
    CASE_TEXT_MAX = 4000,  /* bytes of each message, and of what would be sent */
    CASE_WORDS_MAX = 16000, /* with nothing shortened */
    CASE_BUSY_DAYS = 14,   /* of calendars, from the first window */
};

struct case_message {
    bool ours;
    struct slice from; /* address; may be empty */
    struct instant at;
    enum language language;
    struct slice text;
    bool quoted;       /* from below an answer: we have not seen it otherwise */
    uint32_t attachments;
    struct said_cue_list cues; /* phrases that said what it does; of the one in doubt */
};
struct case_message_list {
    struct case_message *items;
    size_t count, capacity;
};

/* A mail that would be sent. */
struct case_mail {
    struct slice to; /* address */
    struct slice subject, text;
};
struct case_mail_list {
    struct case_mail *items;
    size_t count, capacity;
};

/* Words of the person's own in a decision that is tried, as they were typed ("[P2]" is still that); empty: none. */
enum case_typed_words { CASE_TYPED_REPLY, CASE_TYPED_QUESTION, CASE_TYPED_REFUSAL, CASE_TYPED_PLACE, CASE_TYPED_COUNT_ };
struct case_typed {
    struct slice words[CASE_TYPED_COUNT_];
};

struct case_facts {
    const struct meeting *meeting; /* as it is, or as it would be */
    const struct meeting *answered; /* as the message in doubt found it: whose offers it speaks of */
    const struct task *task;
    const struct reading *reading; /* NULL: not shown (a second look) */
    const struct meeting_env *env;
    struct case_message_list thread; /* oldest first; the last is the one in doubt */
    struct case_person_list others; /* whom the organisation knows besides: they may be named */
    struct case_mail_list mails;
    bool drafts; /* approving sends the draft; else it acts on the reading */
    const struct case_typed *typed; /* of the decision that was tried (case_set_aside); NULL: nobody typed it */
};

/* Before case_try, of a decision that somebody types: a mark stands for their words, and with facts->typed the part has the
 * words again. Of what is in them only names of the case's people are taken out: what becomes of others', or of an address,
 * would say whom the organisation knows. */
void case_set_aside(struct supervisor_decision *decision);

/* What deciding so leads to, on a copy: nothing is changed. `after` is the meeting then, `mails` what would be sent,
 * without personal links. ST_CONFLICT as of meeting_step. */
MUST_USE enum status case_try(const struct meeting *meeting, const struct task *task,
                              const struct supervisor_decision *decision, const struct meeting_env *env,
                              struct arena *arena, struct meeting *after, struct case_mail_list *mails,
                              struct problem *why);

/* At most CASE_THREAD_MAX of them: the first, and the last ones. */
void case_shorten(struct case_message_list *thread);

/* P1, P2, …: the meeting's people in their order, their delegates, who is spoken of, who wrote, and whom else the
 * planner knows of that message; then who came with a decision that is tried, so that nobody's number is another's. */
void case_people(const struct case_facts *facts, struct arena *arena, struct case_person_list *out);

/* Words of a colleague's about the case, in which "[P1]" may stand, as the part `case` has them; and all strings of a
 * value (a decision's). */
json_t *case_masked_words(const struct case_facts *facts, struct slice text, struct arena *arena);
void case_mask_strings(const struct case_facts *facts, json_t *value, struct arena *arena);

/* The parts. All are new references; "task" has "id", "reason", "reason_words" and "opened". */
json_t *case_shown_json(const struct case_facts *facts, struct arena *arena);
json_t *case_people_json(const struct case_facts *facts, struct arena *arena);
json_t *case_words_json(const struct case_facts *facts, struct arena *arena);
json_t *case_draft_json(const struct case_facts *facts, struct arena *arena);

#endif
