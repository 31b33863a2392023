-- Version 1, for SQLite. Instants are microseconds since 1970; digests of files are SHA-256 in hex; sealed
-- columns are XAES-256-GCM entries under the key KEY_FOR_TRUST of the whole service.

-- What checks found. digest: of the check that found it; version: of the service.
create table evidence (
    seq     integer primary key autoincrement,
    control text not null,
    at      integer not null,
    result  text not null check (result in ('holds', 'fails')),
    cause   text,
    facts   text,
    digest  text not null,
    version text not null,
    entry   integer not null -- number in log_entry
) strict;
create index evidence_control on evidence (control, seq);
create index evidence_at on evidence (at);

-- What people state. done: what was due was done then (record); until: how long it is so (attest).
create table statement (
    id      text primary key,
    control text not null,
    kind    text not null check (kind in ('record', 'attest')),
    at      integer not null,
    done    integer,
    until   integer,
    digest  text not null,
    name    text not null, -- of the file, without its folder
    sealed  blob not null,
    entry   integer not null,
    check ((kind = 'record') = (done is not null)),
    check ((kind = 'attest') = (until is not null))
) strict;
create index statement_control on statement (control, kind, at);

-- Certifications that the service itself holds: each with its file, until a date.
create table certification (
    id     text primary key,
    name   text not null,
    holder text not null,
    ends   integer not null,
    digest text not null check (length(digest) = 64),
    sealed blob not null
) strict;

-- Who is told of what concerns security; organisation 'service': our own.
create table contact (
    organisation text primary key,
    large        integer not null,
    sealed       blob not null
) strict;

-- The state of each control as it was last told, and each change of one.
create table standing (
    control text primary key,
    state   text not null,
    since   integer not null,
    cause   text
) strict;
create table change (
    seq     integer primary key autoincrement,
    at      integer not null,
    control text not null,
    was     text not null,
    becomes text not null,
    cause   text,
    entry   integer not null
) strict;
create index change_control on change (control, seq);

-- Which version has served since when.
create table release (
    seq     integer primary key autoincrement,
    version text not null,
    began   integer not null
) strict;

create table log_entry (
    seq    integer primary key,
    at     integer not null,
    kind   text not null,
    ids    text not null,
    digest blob not null
) strict;
create trigger log_update before update on log_entry
begin select raise(abort, 'the log is append-only'); end;
create trigger log_delete before delete on log_entry
begin select raise(abort, 'the log is append-only'); end;
