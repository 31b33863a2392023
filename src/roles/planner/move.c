#include "base/eventlog/eventlog.h"
#include "roles/planner/internal.h"

static const char *const input_names[INPUT_KIND_COUNT_] = {
    [INPUT_MAIL] = "mail",   [INPUT_CHOICE] = "choice",         [INPUT_ITIP] = "itip",
    [INPUT_TIMER] = "timer", [INPUT_SUPERVISED] = "supervised", [INPUT_BOUNCED] = "bounced",
    [INPUT_STOPPED] = "stopped",
};

static enum status log_move(struct unit *unit, const struct meeting *meeting,
                            enum meeting_input_kind input)
{
    struct slice ids = arena_format(unit->arena, "meeting=%.*s state=%s input=%s",
                                    SLICE_ARG(meeting->id), meeting_state_names[meeting->state],
                                    input_names[input]);
    event_log(EVENT_MEETING_MOVED, field_id(KEY_MEETING, meeting->id),
              field_text(KEY_STATE, meeting_state_names[meeting->state]),
              field_text(KEY_INPUT, input_names[input]));
    return store_append_log(unit->planner->store, unit->now, slice_from("meeting.state.moved"), ids,
                            unit->why);
}

static enum status move_once(struct unit *unit, struct meeting_hand *hand,
                             const struct meeting_input *input, const struct relevant *relevant,
                             enum meeting_outcome *outcome)
{
    struct meeting_env env;
    struct effect_list effects = {0};
    TRY(build_env(unit, relevant, &hand->meeting, &env));
    enum status stepped = meeting_step(&hand->meeting, input, &env, unit->arena, &effects, outcome, unit->why);
    unit->refused = stepped == ST_CONFLICT;
    TRY(stepped);
    /* The row comes first, since holds and mails refer to it, and again with what the
     * mails have changed (Message-IDs); both in the same transaction. */
    if (hand->is_new)
        TRY(save_meeting(unit, hand));
    TRY(keep_effects(unit, hand, &env, &effects));
    if (input->message_id.len > 0)
        TRY(store_link_message(unit->planner->store, message_hash(unit, input->message_id),
                               hand->meeting.id, unit->why));
    TRY(save_meeting(unit, hand));
    unit->planner->change++;
    return log_move(unit, &hand->meeting, input->kind);
}

/* A mail that its reader does not want was not written: the meeting moves once more, so that
 * the organizer hears of it. Each such move takes one person out, so there is an end. */
enum status move_meeting(struct unit *unit, struct meeting_hand *hand,
                         const struct meeting_input *input, const struct relevant *relevant,
                         enum meeting_outcome *outcome)
{
    struct mailbox_list stopped;
    unit->stopped = (struct mailbox_list){0};
    TRY(move_once(unit, hand, input, relevant, outcome));
    stopped = unit->stopped;
    unit->stopped = (struct mailbox_list){0};
    for (size_t i = 0; i < stopped.count; i++) {
        enum meeting_outcome ignored;
        struct meeting_input stop = {.kind = INPUT_STOPPED, .from = stopped.items[i]};
        TRY(move_meeting(unit, hand, &stop, relevant, &ignored));
    }
    return ST_OK;
}
