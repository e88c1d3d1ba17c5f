-- What a service has begun to answer counts at once, and may go on for long: more of it comes while this is 1.
alter table answers add column is_open integer not null default 0 check (is_open in (0, 1));
-- How long the answer is, where it waits in a file of its own until its money has come and it was delivered.
alter table answers add column file_bytes integer;

-- What was dropped is forgotten once its authorization has ended.
create index payments_dropped on payments (valid_before) where state = 'voided';

-- A request that no service has answered yet is no sale. It is told of once it counts; when it is dropped instead, nobody
-- is told anything.
drop trigger webhooks_payment_accepted;
create trigger webhooks_payment_accepted after insert on payments
when exists (select 1 from webhook_wants where kind = 'payment.accepted')
    and not exists (select 1 from services where endpoint_id = new.endpoint_id) begin
    insert into webhook_outbox (kind, subject, state, at)
    values ('payment.accepted', lower(hex(new.id)), new.state, new.accepted_at);
end;

create trigger webhooks_payment_answered after update of status on answers
when old.status is null and new.status is not null
    and exists (select 1 from webhook_wants where kind = 'payment.accepted') begin
    insert into webhook_outbox (kind, subject, state, at)
    select 'payment.accepted', lower(hex(id)), state, accepted_at from payments where seq = new.payment_seq;
end;

drop trigger webhooks_payment_failed;
create trigger webhooks_payment_failed after update of state on payments
when new.state in ('failed', 'cancelled', 'diverted', 'voided', 'written_off')
    and old.state in ('queued', 'settling', 'settled', 'settled_elsewhere')
    and not (
        new.state = 'voided'
        and exists (select 1 from answers where payment_seq = new.seq and status is null)
    )
    and exists (select 1 from webhook_wants where kind = 'payment.failed') begin
    insert into webhook_outbox (kind, subject, state, reason, evidence, at)
    values (
        'payment.failed', lower(hex(new.id)), new.state, new.reason, new.evidence_transaction, new.decided_at
    );
end;
