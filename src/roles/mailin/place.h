#ifndef RENDEZ_ROLES_MAILIN_PLACE_H
#define RENDEZ_ROLES_MAILIN_PLACE_H

#include "base/datetime/datetime.h"
#include "roles/mailin/spool.h"

/* How far a mailbox is taken over, in a file of the spool: what a crash must not forget. */
struct mailbox_place {
    struct slice account;  /* keyed hash of server, user and folder: another one begins anew */
    uint32_t uidvalidity;  /* 0: never seen */
    uint32_t high;         /* every message with this UID or below is ours or was not wanted */
    uint32_t known;        /* UIDs from here on came after the first look, or after new numbers */
    bool renumbered;       /* below `known`: what came since `since`; else what is unread */
    struct instant since;
    struct instant looked; /* a moment at which every message was taken over */
    uint32_t unmarked;     /* ours, perhaps not yet marked in the mailbox; 0: none */
};

/* A place that is not there, or of another account, is a new one.
 * ST_INVALID  the file is damaged: nobody guesses what was taken over */
MUST_USE enum status place_load(const char *path, struct slice account, struct arena *arena,
                                struct mailbox_place *place, struct problem *why);
/* On disk when it returns ST_OK. */
MUST_USE enum status place_save(const char *path, const struct mailbox_place *place, struct problem *why);

/* What SELECT says, against what is known. True: it has begun anew (save it).
 * The first look takes what is unread and all that comes. When the server has given new
 * numbers (UIDVALIDITY) it takes what came since two days before the last look, whatever
 * its number: the spool's ids and the planner know what they had. */
bool place_meet(struct mailbox_place *place, uint32_t uidvalidity, uint32_t uidnext);

#endif
