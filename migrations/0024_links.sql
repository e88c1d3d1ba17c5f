-- Links by which a buyer receives again what one payment bought.
-- How often they were revoked: those that were made before that open nothing.
alter table grants add column link_epoch integer not null default 0;
-- How many bytes left through them, where the seller limits that.
alter table grants add column link_bytes integer not null default 0;

-- The names that buyers gave their payments, by their hash, and which payment was named so: the same name with
-- another payment is refused, and with the same one gets the same answer.
create table payment_names (
    name blob primary key check (length(name) = 32),
    fingerprint blob not null check (length(fingerprint) = 32),
    payment_id blob not null check (length(payment_id) = 16)
) strict, without rowid;

create unique index payment_names_by_payment on payment_names (payment_id);
