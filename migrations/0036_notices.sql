-- What the seller was told, the newest of it: sales in bundles, what needed a look, backups, new versions.
create table notices (
    seq integer primary key,
    -- When it began, and when something was last added to it.
    at integer not null,
    until integer not null,
    kind text not null check (kind in ('sales', 'attention', 'backup', 'version')),
    -- Of a single sale, what was bought; of what needed a look, what that was about; of a version, its number.
    about text not null,
    -- What was said of it, where no numbers say it.
    sentence text not null,
    payments integer not null,
    amount integer not null
) strict;

-- What needs a look now and was told: it is told again when it concerns more payments, or after it was over.
create table notices_open (
    name text primary key,
    payments integer not null
) strict;
