-- What a network's coin is worth, as a price feed on it says.

-- The feed, where it is not the one that is known for the network.
alter table networks add column price_feed blob check (length(price_feed) = 20);

-- The last price of each network's coin in millionths of a dollar, and when the feed found it out.
create table coin_prices (
    chain_id integer primary key,
    price integer not null check (price > 0),
    told_at integer not null
) strict;
