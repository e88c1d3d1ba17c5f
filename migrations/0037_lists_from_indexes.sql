-- Every filter and every search of the list of payments is answered from an index or from sums, however many there are.

-- How many payments of which amount there are, kept in the transaction that changes it. It says which amounts have to be
-- looked for, and what they come to.
create table amount_totals (
    asset_id integer not null,
    amount integer not null,
    day integer not null,
    endpoint_id blob not null,
    state text not null,
    payments integer not null,
    primary key (asset_id, amount, day, endpoint_id, state)
) strict, without rowid;

insert into amount_totals (asset_id, amount, day, endpoint_id, state, payments)
select asset_id, amount, accepted_at / 86400000, endpoint_id, state, count(*) from payments group by 1, 2, 3, 4, 5;

-- The newest of one amount.
create index payments_by_amount on payments (asset_id, amount, endpoint_id, state, seq);

-- By how a nonce begins, as long a piece of it as tells payments apart.
create index payments_by_nonce on payments (substr(nonce, 1, 8));

-- By the transaction that decided it, whoever sent that.
create index payments_by_transaction on payments (evidence_transaction) where evidence_transaction is not null;
