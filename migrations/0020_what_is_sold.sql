-- More than files: folders, texts, services; and more than one price to an endpoint.
--
-- Two tables are made anew, because neither a check nor a unique key can be changed. Rows that point at them
-- find theirs again before the transaction ends; were one missing, nothing of this would be kept.
pragma defer_foreign_keys = on;

create temporary table endpoints_before as select * from endpoints;
create temporary table offers_before as select * from offers;
drop table offers;
drop table endpoints;

-- What the seller has priced. What it delivers stands in the table of its kind.
create table endpoints (
    id blob primary key check (length(id) = 16),
    path text not null,
    title text not null,
    description text not null,
    kind text not null check (kind in ('file', 'folder', 'text', 'service')),
    mode text not null check (mode in ('batched', 'instant')),
    owned_for integer not null,
    state text not null check (state in ('live', 'paused', 'removed')),
    removed_from text check (removed_from in ('live', 'paused')),
    -- Whether the stall's own pages show it.
    listed integer not null check (listed in (0, 1)),
    created_at integer not null
) strict;

insert into endpoints
select id, path, title, '', kind, mode, owned_for, state, removed_from, 1, created_at from endpoints_before;

create unique index endpoints_by_path on endpoints (path) where state <> 'removed';

-- The files of endpoints, as they were when they were published: the one that a file endpoint is, whose part
-- is empty, or those of a folder, by where they are reached below it.
create table files (
    endpoint_id blob not null references endpoints (id),
    part text not null,
    -- Where it stands in its folder, as people see it; empty without a folder.
    name text not null,
    path text not null,
    file_name text not null,
    media_type text not null,
    bytes integer not null,
    sha256 blob not null check (length(sha256) = 32),
    -- What archives carry; only a folder's files have it.
    crc32 integer,
    primary key (endpoint_id, part)
) strict, without rowid;

insert into files
select id, '', '', file_path, file_name, media_type, bytes, sha256, null from endpoints_before;

-- Folders for sale. Sold as an archive they have its digest, else each of their files is sold by itself.
create table folders (
    endpoint_id blob primary key references endpoints (id),
    path text not null,
    archive_sha256 blob check (length(archive_sha256) = 32)
) strict, without rowid;

-- Texts for sale.
create table texts (
    endpoint_id blob primary key references endpoints (id),
    file_name text not null,
    media_type text not null,
    body text not null,
    sha256 blob not null check (length(sha256) = 32)
) strict, without rowid;

-- Programs whose answers are for sale. Lists are parted by commas.
create table services (
    endpoint_id blob primary key references endpoints (id),
    upstream text not null,
    is_remote integer not null check (is_remote in (0, 1)),
    pattern text not null,
    methods text not null,
    request_headers text not null,
    answer_headers text not null,
    longest_request integer not null,
    longest_answer integer not null,
    patience_seconds integer not null
) strict, without rowid;

-- The requirements quoted for an endpoint. Never changed, but for when one ends.
create table offers (
    id integer primary key,
    endpoint_id blob not null references endpoints (id),
    -- Which part of it: a folder's file, a service's method, or empty for all there is.
    part text not null,
    -- Whom it is for: empty for everybody, code=… for who names it, pay for who chooses what to pay.
    audience text not null,
    version integer not null,
    asset_id integer not null references assets (id),
    pay_to blob not null check (length(pay_to) = 20),
    amount integer not null check (amount > 0),
    window_seconds integer not null,
    created_at integer not null,
    honoured_until integer,
    unique (endpoint_id, version, asset_id, part, audience)
) strict;

insert into offers
select id, endpoint_id, '', '', version, asset_id, pay_to, amount, window_seconds, created_at, honoured_until
from offers_before;

drop table endpoints_before;
drop table offers_before;

-- Which part a payment bought: who owns one file of a folder does not own another.
alter table grants add column part text not null default '';

drop index grants_claimable;
create index grants_claimable on grants (endpoint_id, part, payer) where claimable = 1;
