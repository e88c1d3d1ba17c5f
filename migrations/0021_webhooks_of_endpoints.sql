-- Endpoints and offers were made anew, which took away what notes their changes for webhooks. Whoever makes a table anew
-- again makes these again too; the test `an_endpoint_that_changes_twice_before_anybody_looks_changed_once` sees it.

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
