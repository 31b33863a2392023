-- Version 4: the key by which clients know the log, where an operator has said it.

create table log_key (
    id     integer primary key check (id = 1),
    key    text not null,
    pinned integer not null
) strict;
