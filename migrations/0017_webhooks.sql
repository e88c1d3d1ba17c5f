-- Webhooks: who is told what happens at the stall, what there is to tell, and how far it has got.

create table webhooks (
    id integer primary key autoincrement,
    url text not null,
    -- Whether its host may be anywhere, and be told without encryption, because the seller said so.
    allowed integer not null check (allowed in (0, 1)),
    -- What it asks for, with blanks in between.
    events text not null,
    is_on integer not null check (is_on in (0, 1)),
    -- Why it was switched off, where that was not the seller.
    off_because text check (off_because in ('failing', 'gone')),
    -- Since when, and how often in a row, nothing could be delivered to it.
    failing_since integer,
    failures integer not null default 0,
    -- What happened up to here was before its time.
    since integer not null,
    created_at integer not null
) strict;

-- What is asked for by those that are on: one look here says whether anybody is told.
create table webhook_wants (
    kind text not null,
    webhook_id integer not null references webhooks (id) on delete cascade,
    primary key (kind, webhook_id)
) strict, without rowid;

-- What happened and was not made into messages yet: written by the triggers below in the transaction in which it
-- happens, removed in the one that writes the messages. So nothing is missed and nothing told twice, whenever the
-- program ends.
create table webhook_outbox (
    id integer primary key autoincrement,
    kind text not null,
    -- A payment's or an endpoint's id in hex, a batch's number, or nothing.
    subject text not null,
    state text,
    reason text,
    evidence blob,
    detail text,
    at integer
) strict;

-- An endpoint that changes several times before anybody looks changed once.
create index webhook_outbox_of_endpoints on webhook_outbox (subject) where kind = 'endpoint.changed';

-- Messages, one row for each webhook that is told. What it answered is kept of the last try only.
create table webhook_deliveries (
    id integer primary key autoincrement,
    webhook_id integer not null references webhooks (id) on delete cascade,
    message text not null,
    kind text not null,
    subject text not null,
    body text not null,
    made_at integer not null,
    state text not null check (state in ('waiting', 'delivered', 'dead')),
    attempts integer not null default 0,
    next_at integer,
    tried_at integer,
    status integer,
    answer text check (length(answer) <= 1024),
    error text,
    -- One message is told to one webhook under one id, however often it is tried.
    unique (message, webhook_id)
) strict;

create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_at) where next_at is not null;
create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, id);
create index webhook_deliveries_open on webhook_deliveries (webhook_id, state, kind) where state <> 'delivered';
create index webhook_deliveries_by_subject on webhook_deliveries (subject, id);
create index webhook_deliveries_done on webhook_deliveries (made_at) where next_at is null;

create trigger webhooks_payment_accepted after insert on payments
when exists (select 1 from webhook_wants where kind = 'payment.accepted') begin
    insert into webhook_outbox (kind, subject, state, at)
    values ('payment.accepted', lower(hex(new.id)), new.state, new.accepted_at);
end;

create trigger webhooks_payment_settled after update of state on payments
when new.state in ('settled', 'settled_elsewhere') and old.state not in ('settled', 'settled_elsewhere')
    and exists (select 1 from webhook_wants where kind = 'payment.settled') begin
    insert into webhook_outbox (kind, subject, state, evidence, at)
    values ('payment.settled', lower(hex(new.id)), new.state, new.evidence_transaction, new.decided_at);
end;

-- What failed before is not told again when it becomes clearer why.
create trigger webhooks_payment_failed after update of state on payments
when new.state in ('failed', 'cancelled', 'diverted', 'voided', 'written_off')
    and old.state in ('queued', 'settling', 'settled', 'settled_elsewhere')
    and exists (select 1 from webhook_wants where kind = 'payment.failed') begin
    insert into webhook_outbox (kind, subject, state, reason, evidence, at)
    values (
        'payment.failed', lower(hex(new.id)), new.state, new.reason, new.evidence_transaction, new.decided_at
    );
end;

create trigger webhooks_payment_expired after update of state on payments
when new.state = 'expired' and old.state not in ('expired', 'written_off')
    and exists (select 1 from webhook_wants where kind = 'payment.expired') begin
    insert into webhook_outbox (kind, subject, state, reason, at)
    values ('payment.expired', lower(hex(new.id)), new.state, new.reason, new.decided_at);
end;

create trigger webhooks_batch_settled after update of state on batches
when new.state in ('settled', 'partly_settled') and old.state not in ('settled', 'partly_settled', 'final')
    and exists (select 1 from webhook_wants where kind = 'batch.settled') begin
    insert into webhook_outbox (kind, subject, state, at)
    values ('batch.settled', cast(new.id as text), new.state, new.closed_at);
end;

create trigger webhooks_endpoint_added after insert on endpoints
when exists (select 1 from webhook_wants where kind = 'endpoint.changed') begin
    insert into webhook_outbox (kind, subject)
    select 'endpoint.changed', lower(hex(new.id)) where not exists (
        select 1 from webhook_outbox where kind = 'endpoint.changed' and subject = lower(hex(new.id))
    );
end;

create trigger webhooks_endpoint_changed after update on endpoints
when exists (select 1 from webhook_wants where kind = 'endpoint.changed') begin
    insert into webhook_outbox (kind, subject)
    select 'endpoint.changed', lower(hex(new.id)) where not exists (
        select 1 from webhook_outbox where kind = 'endpoint.changed' and subject = lower(hex(new.id))
    );
end;

create trigger webhooks_offer_added after insert on offers
when exists (select 1 from webhook_wants where kind = 'endpoint.changed') begin
    insert into webhook_outbox (kind, subject)
    select 'endpoint.changed', lower(hex(new.endpoint_id)) where not exists (
        select 1 from webhook_outbox where kind = 'endpoint.changed' and subject = lower(hex(new.endpoint_id))
    );
end;

create trigger webhooks_offer_ended after update of honoured_until on offers
when exists (select 1 from webhook_wants where kind = 'endpoint.changed') begin
    insert into webhook_outbox (kind, subject)
    select 'endpoint.changed', lower(hex(new.endpoint_id)) where not exists (
        select 1 from webhook_outbox where kind = 'endpoint.changed' and subject = lower(hex(new.endpoint_id))
    );
end;
