-- Version 1, for SQLite. Instants are microseconds since 1970; hashes are keyed (HMAC-SHA256), but
-- for those of sessions, tokens and flows, which are SHA-256 of 32 random bytes; sealed columns are
-- XAES-256-GCM entries under the identity key of the row's organisation. Ids come from the service.

create table organisation (
    id          text primary key,
    kind        text not null check (kind in ('client', 'processor', 'operator')),
    state       text not null check (state in ('active', 'ended')),
    created     integer not null,
    wrapped_key blob not null,
    key_version integer not null
) strict;

-- owner: of a service account. ends: when it ends by itself.
create table account (
    seq           integer primary key autoincrement,
    id            text not null unique,
    organisation  text not null references organisation (id),
    kind          text not null check (kind in ('person', 'service')),
    owner         text references account (id),
    function      text not null,
    state         text not null check (state in ('invited', 'active', 'ended')),
    version       integer not null,
    created       integer not null,
    ends          integer,
    ended         integer,
    address_hash  blob,
    external_hash blob,
    sealed        blob not null,
    check ((kind = 'service') = (owner is not null)),
    check ((kind = 'person') = (address_hash is not null)),
    check ((state = 'ended') = (ended is not null))
) strict;
create unique index account_address on account (address_hash) where state <> 'ended';
create unique index account_external on account (organisation, external_hash);
create index account_organisation on account (organisation);
create index account_owner on account (owner) where owner is not null;
create index account_ends on account (ends) where ends is not null and state <> 'ended';

-- secret: of a code, sealed by keyd. sealed: struct factor_details. pending: being enrolled.
create table factor (
    seq             integer primary key autoincrement,
    id              text not null unique,
    account         text not null references account (id),
    kind            text not null check (kind in ('passkey', 'password', 'code', 'recovery', 'sso')),
    state           text not null check (state in ('pending', 'active', 'ended')),
    created         integer not null,
    used            integer,
    ended           integer,
    last_step       integer not null,
    sign_count      integer not null,
    credential_hash blob,
    secret          blob,
    sealed          blob not null,
    check ((state = 'ended') = (ended is not null))
) strict;
create index factor_account on factor (account);
create unique index factor_credential on factor (credential_hash) where state <> 'ended';
-- One password, one authenticator of codes, one set of recovery codes.
create unique index factor_single on factor (account, kind)
    where kind in ('password', 'code', 'recovery') and state = 'active';

create table recovery_code (
    factor    text not null references factor (id) on delete cascade,
    code_hash blob not null,
    used      integer,
    primary key (factor, code_hash)
) strict, without rowid;

-- factor: in words, as doc/identity.md has them ("password+code"). proved: when one of our factors was
-- last shown in it; null: never.
create table session (
    token_hash            blob primary key,
    id                    text not null unique,
    account               text not null references account (id),
    kind                  text not null check (kind in ('full', 'enrolment')),
    factor                text not null,
    provider              text,
    provider_session_hash blob,
    begun                 integer not null,
    seen                  integer not null,
    ends                  integer not null,
    proved                integer,
    sealed                blob not null
) strict, without rowid;
create index session_account on session (account);
create index session_provider on session (provider, provider_session_hash)
    where provider_session_hash is not null;

create table token (
    token_hash blob primary key,
    id         text not null unique,
    account    text not null references account (id),
    scopes     text not null,
    made       integer not null,
    used       integer,
    ends       integer not null,
    sealed     blob not null
) strict, without rowid;
create index token_account on token (account);

-- account: empty until somebody is known. step: how far it has come.
create table flow (
    id_hash blob primary key,
    kind    text not null check (kind in ('login', 'enrolment', 'passkey', 'code', 'sso', 'proof')),
    account text references account (id),
    step    text not null,
    begun   integer not null,
    ends    integer not null,
    tries   integer not null,
    sealed  blob not null
) strict, without rowid;
create index flow_account on flow (account) where account is not null;
create index flow_ends on flow (ends);

-- Browsers and networks from which somebody has signed in.
create table familiar (
    account text not null references account (id),
    kind    text not null check (kind in ('device', 'network')),
    subject blob not null,
    seen    integer not null,
    primary key (account, kind, subject)
) strict, without rowid;

-- what: a right, of a raise. target: the organisation that it is for.
create table access_grant (
    seq          integer primary key autoincrement,
    id           text not null unique,
    account      text not null references account (id),
    organisation text not null references organisation (id),
    cause        text not null check (cause in ('raise', 'break_glass')),
    what         text not null,
    target       text,
    approved_by  text references account (id),
    wanted       integer not null,
    asked        integer not null,
    begins       integer,
    until        integer,
    ended        integer,
    sealed       blob not null,
    check (approved_by is null or approved_by <> account)
) strict;
create index access_grant_account on access_grant (account);
create index access_grant_open on access_grant (organisation) where ended is null;

create table review (
    id           text primary key,
    organisation text not null references organisation (id),
    opened       integer not null,
    due          integer not null,
    closed       integer,
    state        text not null check (state in ('open', 'closed'))
) strict;
-- One item for each thing that there is. id: its number. thing: id of the account, grant,
-- token and so on; account: whose it is (of a service account its owner; none: the organisation's).
-- reminded: notices sent to the reviewer.
create table review_item (
    review      text not null references review (id),
    id          text not null,
    kind        text not null
        check (kind in ('account', 'service', 'grant', 'token', 'certificate', 'provider')),
    thing       text not null,
    account     text references account (id),
    approved_by text references account (id),
    reviewer    text references account (id),
    function    text,
    made        integer not null,
    used        integer,
    decision    text not null check (decision in ('open', 'keep', 'remove', 'change')),
    change      text,
    decided     integer,
    executed    integer,
    reminded    integer not null,
    sealed      blob,
    primary key (review, id),
    unique (review, kind, thing),
    check (reviewer is null or account is null or reviewer <> account),
    check ((decision = 'open') = (decided is null)),
    check ((decision = 'change') = (change is not null))
) strict, without rowid;
create index review_item_reviewer on review_item (reviewer) where decision = 'open';

-- When somebody last used a right, to the day: what is not used is not needed.
create table right_use (
    account text not null references account (id),
    what    text not null,
    used    integer not null,
    primary key (account, what)
) strict, without rowid;

-- crl: the last list of revoked certificates. sealed: the key; a root's is not here.
create table authority (
    id          text primary key,
    kind        text not null check (kind in ('root', 'issuing')),
    certificate blob not null,
    created     integer not null,
    ends        integer not null,
    retired     integer,
    revoked     integer,
    crl_number  integer not null,
    crl         blob,
    crl_made    integer,
    crl_until   integer,
    sealed      blob,
    check ((kind = 'issuing') = (sealed is not null)),
    check ((crl is null) = (crl_made is null) and (crl is null) = (crl_until is null))
) strict;
create unique index authority_root on authority (kind) where kind = 'root';
create unique index authority_signs on authority (kind) where kind = 'issuing' and retired is null;

-- subject: the account's id, a device's, a host name. account: of a device or server, its owner.
create table certificate (
    seq        integer primary key autoincrement,
    serial     text not null unique,
    authority  text not null references authority (id),
    kind       text not null check (kind in ('person', 'device', 'server')),
    subject    text not null,
    account    text not null references account (id),
    bytes      blob not null,
    digest     blob not null,
    key_digest blob not null,
    issued     integer not null,
    ends       integer not null,
    used       integer,
    reminded   integer,
    revoked    integer,
    cause      text,
    check (kind <> 'person' or subject = account),
    check ((revoked is null) = (cause is null))
) strict;
create index certificate_account on certificate (account);
create index certificate_key on certificate (key_digest);
create index certificate_subject on certificate (subject, kind);
create index certificate_revoked on certificate (authority, ends) where revoked is not null;
create trigger certificate_delete before delete on certificate
begin select raise(abort, 'what was certified stays known'); end;

create table provider (
    id           text primary key,
    organisation text not null references organisation (id),
    issuer       text not null,
    domains      text,
    state        text not null check (state in ('active', 'ended')),
    exclusive    integer not null check (exclusive in (0, 1)),
    created      integer not null,
    sealed       blob not null
) strict;
create index provider_issuer on provider (issuer);
create index provider_organisation on provider (organisation);
-- What a provider's logout token was taken once (jti).
create table provider_token (
    provider   text not null references provider (id),
    token_hash blob not null,
    ends       integer not null,
    primary key (provider, token_hash)
) strict, without rowid;

create table scim_group (
    seq           integer primary key autoincrement,
    id            text not null unique,
    organisation  text not null references organisation (id),
    function      text,
    version       integer not null,
    created       integer not null,
    changed       integer not null,
    name_hash     blob not null,
    external_hash blob,
    sealed        blob not null,
    unique (organisation, name_hash)
) strict;
create table scim_member (
    scim_group text not null references scim_group (id) on delete cascade,
    account    text not null references account (id),
    primary key (scim_group, account)
) strict, without rowid;
create index scim_member_account on scim_member (account);
-- Names to sign in with, by which a directory finds its people (userName).
create table scim_user (
    account      text primary key references account (id),
    organisation text not null references organisation (id),
    name_hash    blob not null,
    unique (organisation, name_hash)
) strict, without rowid;

-- How often something was tried for a subject in a period.
create table attempt (
    subject blob not null,
    kind    text not null,
    period  integer not null,
    count   integer not null,
    primary key (subject, kind, period)
) strict, without rowid;
create index attempt_period on attempt (period);

-- What other roles have yet to hear, and to answer.
create table errand (
    seq     integer primary key autoincrement,
    id      text not null,
    kind    text not null check (kind in ('notice', 'person', 'ended')),
    peer    text not null,
    account text not null,
    created integer not null,
    sealed  blob not null,
    unique (id, peer)
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
