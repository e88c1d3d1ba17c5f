-- Facilitators: others who settle for the seller, one for each network at most.
create table facilitators (
    chain_id integer primary key,
    url text not null,
    -- For every payment, or only for those that the gas wallet cannot pay for.
    used text not null check (used in ('always', 'without_gas')),
    -- In which version of the protocol it is asked.
    protocol integer not null check (protocol in (1, 2)),
    -- How it is told who asks. The secret itself is where the keys are, never here.
    credential text check (credential in ('bearer', 'cdp', 'payai')),
    key_id text,
    changed_at integer not null
) strict;

-- Whom a facilitator attempt asks, as scheme and host, and what came back last: a hint, and no more.
alter table attempts add column facilitator text;
alter table attempts add column answer text;
alter table attempts add column answered_at integer;

-- By which rail a payment is to go next, where that is not for its network to say: the seller chose,
-- or a facilitator let it down.
alter table payments add column wanted_rail text check (wanted_rail in ('direct', 'facilitator'));

create index payments_wanting on payments (asset_id) where wanted_rail is not null;
