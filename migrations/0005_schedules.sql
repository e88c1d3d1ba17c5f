-- When each network's queue is settled by itself. A network without a row is settled by the seller's
-- hand; before the first deadline every one is.
create table schedules (
    chain_id integer primary key,
    -- As people write them: 2h; 18:00; mon,thu,18:00; the zone by its IANA name.
    every text,
    daily text,
    weekly text,
    zone text not null,
    at_amount integer check (at_amount > 0),
    at_count integer check (at_count > 0),
    -- Wei per gas.
    gas_ceiling text,
    wait_for_gas integer not null check (wait_for_gas in (0, 1)),
    changed_at integer not null,
    -- The last run at a time of its own: written once everything it took is signed, so that one that a
    -- crash cut short is made up for, and one that was whole is not repeated.
    ran_at integer
) strict;
