#ifndef RENDEZ_ROLES_NOTIFY_H
#define RENDEZ_ROLES_NOTIFY_H

/* Tells systemd (sd_notify(3), Type=notify): "READY=1\nSTATUS=…". Nothing where nobody listens. */
void notify_supervisor(const char *state);

#endif
