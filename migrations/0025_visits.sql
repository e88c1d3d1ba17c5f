-- What became of those who came: how many were shown terms, signed, got everything, and paid in the end.
create table visits (
    endpoint_id blob not null references endpoints (id),
    -- UTC days since 1970; a settled payment counts on the day on which it was accepted.
    day integer not null,
    shown integer not null default 0,
    signed integer not null default 0,
    delivered integer not null default 0,
    settled integer not null default 0,
    primary key (endpoint_id, day)
) strict, without rowid;

create index visits_by_day on visits (day);

-- Whose purchases are the seller's own, made to see how selling goes. They do not count as visits.
create table own_payers (
    payer blob primary key check (length(payer) = 20)
) strict, without rowid;

create trigger payments_settled_visits after update of state on payments
when (old.state in ('settled', 'settled_elsewhere')) <> (new.state in ('settled', 'settled_elsewhere'))
    and not exists (select 1 from own_payers where payer = new.payer) begin
    insert into visits (endpoint_id, day, settled) values (
        new.endpoint_id, new.accepted_at / 86400000,
        (new.state in ('settled', 'settled_elsewhere')) - (old.state in ('settled', 'settled_elsewhere'))
    )
    on conflict (endpoint_id, day) do update set settled = settled + excluded.settled;
end;
