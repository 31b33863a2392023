-- Version 4, for SQLite: tasks of the supervision centre, in clear what queues and clocks need, and what is
-- counted of them.

alter table task add column organisation text;
alter table task add column state text not null default 'waiting'
    check (state in ('waiting', 'taken', 'seconding', 'closed'));
alter table task add column reason text;
alter table task add column priority text not null default 'normal'
    check (priority in ('low', 'normal', 'high', 'urgent'));
alter table task add column language text;
alter table task add column skill text;
alter table task add column rank integer not null default 3;
alter table task add column due integer;
alter table task add column risen integer;
alter table task add column breached integer;
alter table task add column taken_by text;
alter table task add column taken_at integer;
alter table task add column taken_until integer;
alter table task add column first_taken integer;
alter table task add column not_by text;
alter table task add column asked_by text;
alter table task add column proposed_by text;
alter table task add column kept_for text;
alter table task add column kept_until integer;
alter table task add column version integer not null default 1;
alter table task add column how text check (how in ('decided', 'overtaken', 'seen'));
-- Those of before are an hour late in an hour; the reason of each is in its sealed part.
update task set state = 'closed', how = 'decided' where closed is not null;
update task set organisation = (select organisation from meeting where meeting.id = task.meeting);
update task set deadline = opened + 3600000000, due = opened + 1800000000 where closed is null;
create index task_due on task (due) where closed is null;
create index task_queue on task (rank, deadline, seq) where closed is null and taken_by is null;
create index task_held on task (taken_by) where closed is null and taken_by is not null;

-- One request, one person.
create trigger task_hold before update of taken_by on task
when new.closed is null and new.taken_by is not null and new.meeting is not null
    and exists (select 1 from task where meeting = new.meeting and closed is null and id <> new.id
                and taken_by <> new.taken_by)
begin select raise(abort, 'somebody else has a task of this meeting'); end;
create trigger task_closed before update of state, closed, how on task when old.closed is not null
begin select raise(abort, 'a closed task does not move'); end;

-- Who handles tasks: what they speak and are good at, and when they were there.
create table supervisor (
    person    text primary key,
    languages integer not null,
    skills    integer not null,
    seen      integer not null
) strict, without rowid;

-- What became of each: figures, nothing of anybody but who decided.
create table supervised (
    seq          integer primary key autoincrement,
    task         text not null unique,
    organisation text,
    at           integer not null,
    language     text,
    reason       text not null,
    confidence   integer not null,
    decision     text not null,
    changed      text,
    waited       integer not null,
    held         integer not null,
    person       text,
    sample       integer not null,
    agreed       integer not null
) strict;
create index supervised_at on supervised (at);

-- When a person decides for a client: never, in doubt, always.
alter table organisation add column policy text not null default 'doubt'
    check (policy in ('never', 'doubt', 'always'));
