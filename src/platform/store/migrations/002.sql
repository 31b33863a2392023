-- Version 2, for SQLite: who wants no mail, when a meeting's content may go, and what is
-- counted against limits.

-- An address (keyed hash) that gets nothing any more from an organisation, or with '' from
-- the whole installation. No reference: it outlives whatever is erased.
create table suppression (
    address_hash blob not null,
    organisation text not null,
    at           integer not null,
    cause        text not null,
    primary key (address_hash, organisation)
) strict, without rowid;

-- From when the retention of a meeting counts: the end of a confirmed one, else its last
-- change. Looked at again before anything is destroyed.
create table retention (
    meeting text primary key references meeting (id) on delete cascade,
    since   integer not null
) strict, without rowid;
create index retention_since on retention (since);
insert into retention (meeting, since) select id, created from meeting where erased is null;

-- How often something of a kind happened for a subject (keyed hash) in a period.
create table tally (
    subject blob not null,
    kind    text not null,
    period  integer not null,
    count   integer not null,
    primary key (subject, kind, period)
) strict, without rowid;
create index tally_period on tally (period);
