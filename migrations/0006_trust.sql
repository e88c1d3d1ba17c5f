-- What the stall gives before its money has arrived: the seller's caps, what every payer has had, and
-- how far each is trusted.

-- The caps, in millionths of a token whichever it is; null does not bound. No row: nothing was chosen.
create table exposure_policy (
    one integer primary key check (one = 1),
    per_sale integer check (per_sale >= 0),
    per_payer integer check (per_payer >= 0),
    per_new_payer integer check (per_new_payer >= 0),
    per_network integer check (per_network >= 0),
    total integer check (total >= 0),
    oldest_seconds integer check (oldest_seconds > 0),
    beyond text not null check (beyond in ('instant', 'refuse')),
    changed_at integer not null
) strict;

-- Open payments whose content did not wait for the money, by asset.
create table exposures (
    asset_id integer primary key,
    payments integer not null check (payments >= 0),
    amount integer not null check (amount >= 0)
) strict;

-- What is known of each payer, by asset. *Lost* is what failed, expired, was cancelled, diverted or
-- written off; *exposed* is what is open and did not wait for the money.
create table payers (
    payer blob not null check (length(payer) = 20),
    asset_id integer not null,
    first_seen_at integer not null,
    last_seen_at integer not null,
    accepted integer not null check (accepted >= 0),
    accepted_amount integer not null check (accepted_amount >= 0),
    settled integer not null check (settled >= 0),
    settled_amount integer not null check (settled_amount >= 0),
    lost integer not null check (lost >= 0),
    lost_amount integer not null check (lost_amount >= 0),
    exposed integer not null check (exposed >= 0),
    exposed_amount integer not null check (exposed_amount >= 0),
    primary key (payer, asset_id)
) strict, without rowid;

create index payers_by_first_seen on payers (first_seen_at, payer, asset_id);
create index payers_by_settled on payers (settled_amount, payer, asset_id) where settled > 0;
create index payers_by_exposed on payers (exposed_amount, payer, asset_id) where exposed > 0;
create index payers_by_lost on payers (lost_amount, payer, asset_id) where lost > 0;

-- Payers who are not simply held to the caps. `because` is the outcome that put a payer there without
-- anybody's doing, and `payment_seq` the payment that had it; both are null where the seller chose.
create table payer_standings (
    payer blob primary key check (length(payer) = 20),
    standing text not null check (standing in ('trusted', 'instant_only', 'blocked')),
    because text,
    payment_seq integer,
    changed_at integer not null
) strict, without rowid;

create index payer_standings_by_standing on payer_standings (standing, changed_at, payer);

-- The oldest payment that is open and did not wait for the money.
create index payments_exposed on payments (asset_id, accepted_at)
where state in ('queued', 'settling') and mode = 'batched';

insert into exposures (asset_id, payments, amount)
select a.id, count(p.seq), coalesce(sum(p.amount), 0) from assets a
left join payments p on p.asset_id = a.id and p.state in ('queued', 'settling') and p.mode = 'batched'
group by a.id;

insert into payers
select payer, asset_id, min(accepted_at), max(accepted_at),
    sum(state <> 'voided'), sum(iif(state <> 'voided', amount, 0)),
    sum(state in ('settled', 'settled_elsewhere')),
    sum(iif(state in ('settled', 'settled_elsewhere'), amount, 0)),
    sum(state in ('failed', 'expired', 'cancelled', 'diverted', 'written_off')),
    sum(iif(state in ('failed', 'expired', 'cancelled', 'diverted', 'written_off'), amount, 0)),
    sum(state in ('queued', 'settling') and mode = 'batched'),
    sum(iif(state in ('queued', 'settling') and mode = 'batched', amount, 0))
from payments group by payer, asset_id;

insert into payer_standings (payer, standing, because, payment_seq, changed_at)
select payer, 'instant_only', state, max(seq), coalesce(decided_at, accepted_at) from payments
where state in ('failed', 'cancelled', 'diverted') group by payer;

-- Accepting a payment counts it; from then on the sums follow every change of its state, whoever makes
-- it, in the same transaction.
create trigger payments_changed after update of state on payments when old.state <> new.state begin
    update payers set
        accepted = accepted + (new.state <> 'voided') - (old.state <> 'voided'),
        accepted_amount = accepted_amount + new.amount * ((new.state <> 'voided') - (old.state <> 'voided')),
        settled = settled + (new.state in ('settled', 'settled_elsewhere'))
            - (old.state in ('settled', 'settled_elsewhere')),
        settled_amount = settled_amount + new.amount * ((new.state in ('settled', 'settled_elsewhere'))
            - (old.state in ('settled', 'settled_elsewhere'))),
        lost = lost + (new.state in ('failed', 'expired', 'cancelled', 'diverted', 'written_off'))
            - (old.state in ('failed', 'expired', 'cancelled', 'diverted', 'written_off')),
        lost_amount = lost_amount
            + new.amount * ((new.state in ('failed', 'expired', 'cancelled', 'diverted', 'written_off'))
            - (old.state in ('failed', 'expired', 'cancelled', 'diverted', 'written_off'))),
        exposed = exposed + (new.state in ('queued', 'settling') and new.mode = 'batched')
            - (old.state in ('queued', 'settling') and new.mode = 'batched'),
        exposed_amount = exposed_amount
            + new.amount * ((new.state in ('queued', 'settling') and new.mode = 'batched')
            - (old.state in ('queued', 'settling') and new.mode = 'batched'))
    where payer = new.payer and asset_id = new.asset_id;
    update exposures set
        payments = payments + (new.state in ('queued', 'settling') and new.mode = 'batched')
            - (old.state in ('queued', 'settling') and new.mode = 'batched'),
        amount = amount + new.amount * ((new.state in ('queued', 'settling') and new.mode = 'batched')
            - (old.state in ('queued', 'settling') and new.mode = 'batched'))
    where asset_id = new.asset_id;
end;

-- Whoever's payment failed, was cancelled or diverted pays first from then on (T05, T06).
create trigger payments_went_wrong after update of state on payments
when old.state <> new.state and new.state in ('failed', 'cancelled', 'diverted') begin
    insert into payer_standings (payer, standing, because, payment_seq, changed_at)
    values (new.payer, 'instant_only', new.state, new.seq, coalesce(new.decided_at, new.accepted_at))
    on conflict (payer) do update set
        standing = 'instant_only', because = excluded.because, payment_seq = excluded.payment_seq,
        changed_at = excluded.changed_at
    where payer_standings.standing <> 'blocked';
end;
