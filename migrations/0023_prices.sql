-- Prices that begin later, what costs nothing, and what is shown before anything is paid.

-- Prices that begin at a moment. A row is gone once its price is quoted, or was called off.
create table price_changes (
    id integer primary key,
    endpoint_id blob not null references endpoints (id),
    -- As in offers.
    part text not null,
    audience text not null,
    -- As the seller wrote it; what it comes to in each token is known when it begins.
    price text not null,
    begins_at integer not null,
    created_at integer not null
) strict;

create index price_changes_by_time on price_changes (begins_at);

-- Parts of endpoints that cost nothing; empty for all there is.
create table free_parts (
    endpoint_id blob not null references endpoints (id),
    part text not null,
    primary key (endpoint_id, part)
) strict, without rowid;

-- Files of the seller's that everybody gets to see of an endpoint, as they were when they were published.
create table previews (
    endpoint_id blob primary key references endpoints (id),
    path text not null,
    file_name text not null,
    media_type text not null,
    bytes integer not null,
    sha256 blob not null check (length(sha256) = 32)
) strict, without rowid;
