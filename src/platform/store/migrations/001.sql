-- Version 1, for SQLite. Instants are microseconds since 1970, hashes are keyed
-- (HMAC-SHA256), sealed columns are XAES-256-GCM entries. Ids come from the service.

create table organisation (
    id          text primary key,
    state       text not null,
    created     integer not null,
    wrapped_key blob not null,
    sealed      blob not null
) strict;

create table person (
    seq          integer primary key autoincrement,
    id           text not null unique,
    organisation text not null references organisation (id),
    role         text not null,
    state        text not null,
    created      integer not null,
    address_hash blob not null unique,
    sealed       blob not null
) strict;
create index person_organisation on person (organisation);

create table meeting (
    seq          integer primary key autoincrement,
    id           text not null unique,
    organisation text not null references organisation (id),
    state        text not null,
    version      integer not null,
    due          integer,
    created      integer not null,
    erased       integer,
    wrapped_key  blob,
    sealed       blob,
    check (erased is not null or (wrapped_key is not null and sealed is not null)),
    check (erased is null or (wrapped_key is null and sealed is null))
) strict;
create index meeting_organisation on meeting (organisation);
create index meeting_due on meeting (due) where due is not null;

create table participant (
    meeting      text not null references meeting (id) on delete cascade,
    address_hash blob not null,
    primary key (meeting, address_hash)
) strict, without rowid;
create index participant_address on participant (address_hash);

create table message (
    seq             integer primary key autoincrement,
    id              text not null unique,
    meeting         text references meeting (id) on delete cascade,
    direction       text not null check (direction in ('in', 'out')),
    at              integer not null,
    message_id_hash blob,
    sealed_raw      blob not null,
    sealed_reading  blob
) strict;
create index message_meeting on message (meeting);

create table message_link (
    message_id_hash blob not null,
    meeting         text not null references meeting (id) on delete cascade,
    primary key (message_id_hash, meeting)
) strict, without rowid;
create index message_link_meeting on message_link (meeting);

create table inbound (
    spool_id        text primary key,
    message_id_hash blob,
    recipient_hash  blob not null,
    at              integer not null,
    unique (message_id_hash, recipient_hash)
) strict;

create table hold (
    person   text not null references person (id) on delete cascade,
    meeting  text not null references meeting (id) on delete cascade,
    start_us integer not null,
    end_us   integer not null,
    check (start_us < end_us),
    primary key (person, start_us)
) strict, without rowid;
create index hold_meeting on hold (meeting);
-- The last one that starts before the new one's end is the only one that can overlap.
create trigger hold_insert before insert on hold
when new.start_us < (select end_us from hold where person = new.person
                     and start_us < new.end_us order by start_us desc limit 1)
begin select raise(abort, 'holds overlap'); end;
create trigger hold_update before update on hold
begin select raise(abort, 'holds are not changed'); end;

create table outbox (
    seq             integer primary key autoincrement,
    id              text not null unique,
    idempotency_key text not null unique,
    meeting         text references meeting (id) on delete cascade,
    due             integer not null,
    attempts        integer not null,
    state           text not null check (state in ('queued', 'taken', 'done', 'failed')),
    message_id      text,
    sealed          blob not null
) strict;
create index outbox_due on outbox (due) where state in ('queued', 'taken');
create index outbox_meeting on outbox (meeting);

create table job (
    seq             integer primary key autoincrement,
    id              text not null unique,
    idempotency_key text not null unique,
    kind            text not null,
    meeting         text references meeting (id) on delete cascade,
    due             integer not null,
    attempts        integer not null,
    state           text not null check (state in ('queued', 'taken', 'done', 'failed')),
    sealed          blob
) strict;
create index job_due on job (due) where state in ('queued', 'taken');
create index job_meeting on job (meeting);

create table task (
    seq      integer primary key autoincrement,
    id       text not null unique,
    meeting  text references meeting (id) on delete cascade,
    opened   integer not null,
    deadline integer,
    closed   integer,
    sealed   blob,
    check (closed is null or sealed is null)
) strict;
create index task_open on task (opened) where closed is null;
create index task_meeting on task (meeting);

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

create table calendar_copy (
    person  text primary key references person (id) on delete cascade,
    fetched integer not null,
    sealed  blob not null
) strict;

create table sandbox_mail (
    seq          integer primary key autoincrement,
    id           text not null unique,
    mailbox_hash blob not null,
    at           integer not null,
    sealed       blob not null
) strict;
create index sandbox_mail_mailbox on sandbox_mail (mailbox_hash);
