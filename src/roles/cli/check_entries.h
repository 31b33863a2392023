#ifndef RENDEZ_ROLES_CLI_CHECK_ENTRIES_H
#define RENDEZ_ROLES_CLI_CHECK_ENTRIES_H

/* `rendez check --entries [--json] [--dir DIR]`: looks at every sealed entry without a key. Exit code 1:
 * one is not well formed, a salt or an IV comes twice, or their bytes do not look random. */
int check_entries(const char *dir, int as_json);

#endif
