-- Version 3: what a probe outside saw of the service, outages, and claims that follow from them.

-- The probe whose word counts, by its key, and how far its clock of outages has come. seen: 0 unknown, 1 up, 2 down;
-- begun: of the outage that goes on; heard: when it last reported.
create table probe (
    id      integer primary key check (id = 1),
    key     text not null,
    pinned  integer not null,
    heard   integer,
    last    integer,
    seen    integer not null,
    begun   integer,
    down_ms integer not null
) strict;

-- Milliseconds of a day (in days since 1970, UTC) that it saw; the rest of the day is unknown.
create table measured (
    day     integer primary key,
    up_ms   integer not null,
    down_ms integer not null
) strict;

-- down_ms: what was seen of it; the rest of the time up to its end is unknown.
create table outage (
    begun   integer primary key,
    ended   integer,
    down_ms integer not null
) strict;

-- evidence: the probe's signed report in which the outage came to ten minutes. sent: by a person, to the host.
create table claim (
    id       text primary key,
    outage   integer not null unique,
    opened   integer not null,
    sent     integer,
    evidence text not null,
    entry    integer not null
) strict;
