-- Version 2: who writes to us, who wants to hear of changes, and mail that waits.

-- A message sent through the page. sealed: address and text. answered: by a person.
create table ticket (
    id           text primary key,
    at           integer not null,
    acknowledged integer, -- when the mail server took our word that it is here
    answered     integer,
    sealed       blob not null,
    entry        integer not null
) strict;
create index ticket_open on ticket (at) where answered is null;

-- told: the last change of which they were told. hash: of the address under the register's key. The id is the
-- secret of their links.
create table subscriber (
    id        text primary key,
    at        integer not null,
    language  text not null check (language in ('fr', 'en')),
    confirmed integer,
    told      integer not null,
    hash      blob not null unique,
    sealed    blob not null
) strict;

-- Mail that the mail server has not taken. ticket: the one that it acknowledges.
create table letter (
    id       text primary key,
    at       integer not null,
    due      integer not null,
    attempts integer not null,
    ticket   text,
    sealed   blob not null
) strict;
create index letter_due on letter (due);

-- Minutes of a day (in days since 1970) in which something was tried, the newest of them, and longer silences.
create table uptime (
    day     integer primary key,
    minutes integer not null
) strict;
create table beat (
    id integer primary key check (id = 1),
    at integer not null
) strict;
create table silence (
    began integer primary key,
    ended integer not null
) strict;
