-- Failures as work, and books.

-- When a failed payment is looked at next, and how often it was: its signature holds until its window
-- is over, so somebody may submit it still, and it may be worth another try. Null when there is
-- nothing left to look for.
alter table payments add column next_look_at integer;
alter table payments add column looks integer not null default 0;

-- Where a payment stood that the seller gave up.
alter table payments add column written_off_from text
    check (written_off_from in ('failed', 'expired', 'cancelled', 'diverted'));

update payments set written_off_from = case
    when reason = 'expired' then 'expired' else 'failed' end
where state = 'written_off' and evidence_block is null;

update payments set next_look_at = accepted_at
where state = 'failed' or (state = 'written_off' and written_off_from = 'failed');

create index payments_watched on payments (asset_id, next_look_at) where next_look_at is not null;
-- Problems by the time that is left.
create index payments_problems on payments (valid_before, seq)
where state in ('failed', 'expired', 'cancelled', 'diverted');
-- Payments that came back to the queue.
create index payments_returned on payments (valid_before, seq) where state = 'queued' and reason is not null;
-- What was seen on chain between two blocks, and when money came.
create index payments_by_evidence on payments (asset_id, evidence_block) where evidence_block is not null;
create index payments_arrived on payments (decided_at) where state in ('settled', 'settled_elsewhere');

-- Which payments a batch's transaction carried, and each one's share of what that cost: in wei, on
-- which UTC day, whether it was lost because the payment was not settled by it, and in millionths of
-- a dollar where the price of the coin was known.
alter table batch_payments add column carried integer not null default 0 check (carried in (0, 1));
alter table batch_payments add column cost_wei integer;
alter table batch_payments add column cost_day integer;
alter table batch_payments add column cost_lost integer check (cost_lost in (0, 1));
alter table batch_payments add column cost_value integer;

-- What one of the network's coins was worth in millionths of a dollar, as the seller said then.
alter table receipts add column coin_price integer;

-- Money given back to a buyer: by which transfer, seen in which block.
create table refunds (
    id integer primary key,
    payment_seq integer not null references payments (seq),
    asset_id integer not null references assets (id),
    endpoint_id blob not null,
    payer blob not null check (length(payer) = 20),
    sender blob not null check (length(sender) = 20),
    amount integer not null check (amount > 0),
    transaction_hash blob not null check (length(transaction_hash) = 32),
    log_index integer not null,
    block integer not null,
    block_hash blob not null check (length(block_hash) = 32),
    note text,
    recorded_at integer not null,
    -- A transfer gives back once.
    unique (asset_id, transaction_hash, log_index)
) strict;

create index refunds_by_payment on refunds (payment_seq);

-- The books of each UTC day, kept in the transaction that changes what they sum: what came on chain,
-- what settling cost and what of that was lost, what was given back. Wei are kept in two columns,
-- billions and the rest, so that no sum grows too large.
create table books (
    asset_id integer not null,
    endpoint_id blob not null,
    day integer not null,
    payments integer not null default 0,
    gross integer not null default 0,
    paid_gwei integer not null default 0,
    paid_rest integer not null default 0,
    lost_gwei integer not null default 0,
    lost_rest integer not null default 0,
    unpriced_gwei integer not null default 0,
    unpriced_rest integer not null default 0,
    cost_value integer not null default 0,
    refunds integer not null default 0,
    refunded integer not null default 0,
    primary key (asset_id, endpoint_id, day)
) strict;

create index books_by_day on books (day);

insert into books (asset_id, endpoint_id, day, payments, gross)
select asset_id, endpoint_id, decided_at / 86400000, count(*), sum(amount) from payments
where state in ('settled', 'settled_elsewhere') and decided_at is not null group by 1, 2, 3;
