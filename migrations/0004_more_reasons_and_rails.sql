-- More that makes a batch begin, and a second rail to settle by.
--
-- Both tables are made anew, because a check cannot be changed. Rows that point at them find theirs
-- again before the transaction ends; were one missing, nothing of this would be kept.
pragma defer_foreign_keys = on;

create temporary table batches_before as select * from batches;
create temporary table attempts_before as select * from attempts;
drop table attempts;
drop table batches;

-- Payments chosen to be settled together.
create table batches (
    id integer primary key,
    asset_id integer not null references assets (id),
    started_by text not null check (
        started_by in ('seller', 'deadline', 'instant', 'schedule', 'exposure', 'recovery')
    ),
    state text not null check (
        state in ('preparing', 'submitted', 'settled', 'partly_settled', 'failed', 'final', 'dissolved')
    ),
    opened_at integer not null,
    closed_at integer,
    final_at integer,
    request_key text
) strict;

insert into batches (id, asset_id, started_by, state, opened_at, closed_at, final_at, request_key)
select id, asset_id, started_by, state, opened_at, closed_at, final_at, request_key from batches_before;

create index batches_open on batches (asset_id) where state in ('preparing', 'submitted');
create index batches_not_final on batches (asset_id) where state in ('settled', 'partly_settled') and final_at is null;
create index batches_by_request on batches (request_key) where request_key is not null;

-- What was signed and is sent to a node, or asked of a facilitator. Written before it leaves, never
-- changed and never deleted; only the moment of the first sending is added, and the hash that a
-- facilitator named. A facilitator is asked for one payment at a time, and may name one hash for
-- several of them. What is there to fill moves nothing: it uses up a wallet nonce that the batch's
-- own transaction waits for.
create table attempts (
    id integer primary key,
    batch_id integer not null references batches (id),
    rail text not null check (rail in ('direct', 'facilitator')),
    purpose text not null check (purpose in ('settle', 'fill')),
    chain_id integer not null,
    wallet blob check (length(wallet) = 20),
    nonce integer,
    hash blob check (length(hash) = 32),
    raw blob,
    gas_limit integer,
    max_fee_per_gas text,
    max_priority_fee_per_gas text,
    payment_seq integer references payments (seq),
    request text,
    saved_at integer not null,
    sent_at integer,
    check (
        (rail = 'direct' and wallet is not null and nonce is not null and hash is not null and raw is not null
            and gas_limit is not null and max_fee_per_gas is not null
            and max_priority_fee_per_gas is not null and request is null)
        or (rail = 'facilitator' and payment_seq is not null and request is not null and raw is null)
    )
) strict;

insert into attempts (
    id, batch_id, rail, purpose, chain_id, wallet, nonce, hash, raw, gas_limit, max_fee_per_gas,
    max_priority_fee_per_gas, saved_at, sent_at
)
select id, batch_id, rail, 'settle', chain_id, wallet, nonce, hash, raw, gas_limit, max_fee_per_gas,
    max_priority_fee_per_gas, saved_at, sent_at from attempts_before;

create unique index attempts_by_hash on attempts (hash) where rail = 'direct';
create index attempts_by_batch on attempts (batch_id);
create index attempts_by_nonce on attempts (chain_id, wallet, nonce);
create index attempts_by_payment on attempts (payment_seq) where payment_seq is not null;

drop table attempts_before;
drop table batches_before;
