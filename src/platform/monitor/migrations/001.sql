-- Version 1, for SQLite: what logd keeps beside the log. Instants are microseconds since 1970. Nothing
-- of it is sealed: it holds events' names, fixed words and numbers, never personal data.

-- words: one a line. An alert is the only one of its group until it is ended.
create table alert (
    seq          integer primary key autoincrement,
    id           text not null unique,
    kind         text not null,
    role         text not null,
    build        text not null,
    signature    text not null,
    words        text not null,
    state        text not null check (state in ('open', 'acknowledged', 'escalated', 'ended')),
    count        integer not null,
    first        integer not null,
    last         integer not null,
    acknowledged integer,
    escalated    integer,
    ended        integer,
    check ((state = 'ended') = (ended is not null))
) strict;
create unique index alert_group on alert (kind, role, build, signature) where state <> 'ended';
create index alert_first on alert (first);

-- What people are to be told, until it is taken.
create table delivery (
    seq      integer primary key autoincrement,
    id       text not null unique,
    alert    text not null references alert (id),
    way      text not null check (way in ('mail', 'webhook')),
    what     text not null check (what in ('opened', 'escalated', 'many')),
    state    text not null check (state in ('waiting', 'done', 'dropped')),
    attempts integer not null,
    due      integer not null,
    created  integer not null
) strict;
create index delivery_due on delivery (due) where state = 'waiting';
create index delivery_created on delivery (created);

-- The last value of each hour. label: "role=planner", and what the role says besides.
create table sample (
    name  text not null,
    label text not null,
    hour  integer not null,
    value integer not null,
    primary key (name, label, hour)
) strict, without rowid;
create index sample_hour on sample (hour);
