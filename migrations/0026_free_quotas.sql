-- How many requests a day a service answers each address for nothing.
create table free_quotas (
    endpoint_id blob primary key references endpoints (id),
    requests_a_day integer not null check (requests_a_day > 0)
) strict, without rowid;
