#ifndef RENDEZ_ROLES_MAINS_H
#define RENDEZ_ROLES_MAINS_H

#include "roles/messages/role.h"

/* The main function of every role, each in its folder's main.c. */
MUST_USE enum status keyd_main(struct role *role, struct problem *why);
MUST_USE enum status reader_main(struct role *role, struct problem *why);
MUST_USE enum status calsync_main(struct role *role, struct problem *why);
MUST_USE enum status mailout_main(struct role *role, struct problem *why);
MUST_USE enum status planner_main(struct role *role, struct problem *why);
MUST_USE enum status mailin_main(struct role *role, struct problem *why);
MUST_USE enum status api_main(struct role *role, struct problem *why);
MUST_USE enum status authd_main(struct role *role, struct problem *why);
MUST_USE enum status sso_main(struct role *role, struct problem *why);
MUST_USE enum status logd_main(struct role *role, struct problem *why);
MUST_USE enum status trust_main(struct role *role, struct problem *why);
MUST_USE enum status prober_main(struct role *role, struct problem *why);
MUST_USE enum status archive_main(struct role *role, struct problem *why);
MUST_USE enum status console_main(struct role *role, struct problem *why);

#endif
