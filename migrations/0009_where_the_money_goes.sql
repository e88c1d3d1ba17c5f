-- Where the money goes, and who said so.

-- Every change of a payout address that the seller confirmed with a typed word. Offers and payments keep the address
-- they were made with; this tells what changed, when, and from what.
create table payout_changes (
    id integer primary key,
    chain_id integer not null,
    from_address blob check (length(from_address) = 20),
    to_address blob not null check (length(to_address) = 20),
    changed_at integer not null
) strict;

create index payout_changes_by_time on payout_changes (changed_at);

-- Payout addresses that their owner has shown to be theirs: by a signature of the address itself, which holds on every
-- network, or by having seen a payment arrive there, which holds on that payment's network. `proof` is the signature,
-- or the payment's id.
create table payout_proofs (
    chain_id integer not null,
    address blob not null check (length(address) = 20),
    how text not null check (how in ('signature', 'payment')),
    proof text not null,
    proved_at integer not null,
    primary key (chain_id, address, how)
) strict;
