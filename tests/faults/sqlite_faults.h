#ifndef RENDEZ_TESTS_SQLITE_FAULTS_H
#define RENDEZ_TESTS_SQLITE_FAULTS_H

/* Below SQLite: its files and its memory, and OpenSSL's memory, fail as fault_arm says.
 * Before either is used. */
void sqlite_faults(void);

#endif
