-- What was sold in each hour, and what came on chain in each minute of the last days: how a day goes, and how it compares
-- with the day before up to now, without reading payments.
create table totals_by_hour (
    -- UTC hours since 1970, by when a payment was accepted.
    hour integer not null,
    asset_id integer not null,
    state text not null,
    payments integer not null,
    amount integer not null,
    primary key (hour, asset_id, state)
) strict, without rowid;

insert into totals_by_hour (hour, asset_id, state, payments, amount)
select accepted_at / 3600000, asset_id, state, count(*), sum(amount) from payments group by 1, 2, 3;

create table arrivals_by_minute (
    -- UTC minutes since 1970; those of days long past are dropped.
    minute integer not null,
    asset_id integer not null,
    payments integer not null,
    amount integer not null,
    primary key (minute, asset_id)
) strict, without rowid;

insert into arrivals_by_minute (minute, asset_id, payments, amount)
select decided_at / 60000, asset_id, count(*), sum(amount) from payments
where state in ('settled', 'settled_elsewhere') and decided_at > (select max(decided_at) - 259200000 from payments)
group by 1, 2;
