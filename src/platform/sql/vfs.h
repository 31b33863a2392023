#ifndef RENDEZ_PLATFORM_SQL_VFS_H
#define RENDEZ_PLATFORM_SQL_VFS_H

/* Within the module: the name of SQLite's way to files that this program uses, for sqlite3_open_v2. */
const char *sql_relative_vfs(void);

#endif
