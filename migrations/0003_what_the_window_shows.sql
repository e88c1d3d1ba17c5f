-- Sums, pages and histories that stay instant with a million payments.

-- Requests to settle that were named by whoever asked: a name that is here begins nothing again. One
-- row for each network that was asked; written with the first batch, or alone when nothing waited.
create table settle_requests (
    key text not null,
    chain_id integer not null,
    asked_at integer not null,
    primary key (key, chain_id)
) strict;

alter table batches add column request_key text;
create index batches_by_request on batches (request_key) where request_key is not null;

-- What a removed endpoint becomes again when it is restored.
alter table endpoints add column removed_from text check (removed_from in ('live', 'paused'));

-- When its outcome was written down, and when the seller gave it up.
alter table payments add column decided_at integer;
alter table payments add column written_off_at integer;

update payments set decided_at = (select b.closed_at from batches b where b.id = payments.batch_id)
where state not in ('queued', 'settling');

-- Pages of any state, newest first, of the whole stall or of one endpoint.
drop index payments_by_state;
create index payments_by_state on payments (state, seq);
create index payments_by_endpoint on payments (endpoint_id, state, seq);

-- Problems by their reason, without looking at any payment that has none.
create index payments_attention on payments (asset_id, state, reason, amount)
where state in ('failed', 'expired', 'cancelled', 'diverted');

-- The batches a payment was in.
create index batch_payments_by_payment on batch_payments (payment_seq);

-- The last days' sums, whatever came before.
create index totals_by_day on totals (day);

-- The sums of all days, kept in the same transaction as those of each day.
create table endpoint_totals (
    endpoint_id blob not null,
    asset_id integer not null,
    state text not null,
    payments integer not null,
    amount integer not null,
    primary key (endpoint_id, asset_id, state)
) strict;

insert into endpoint_totals (endpoint_id, asset_id, state, payments, amount)
select endpoint_id, asset_id, state, sum(payments), sum(amount) from totals group by 1, 2, 3;

-- What came on chain on which UTC day, whenever it was sold.
create table arrivals (
    asset_id integer not null,
    day integer not null,
    payments integer not null,
    amount integer not null,
    primary key (asset_id, day)
) strict;

insert into arrivals (asset_id, day, payments, amount)
select asset_id, decided_at / 86400000, count(*), sum(amount) from payments
where state in ('settled', 'settled_elsewhere') and decided_at is not null group by 1, 2;
