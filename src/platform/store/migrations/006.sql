-- Version 6, for SQLite: calendars are kept by calsync alone, in memory; nothing ever wrote this.

drop table calendar_copy;
