-- What settling and the status look at all the time is found without reading the whole queue.

-- Instant sales that wait: their buyers wait too.
create index payments_instant on payments (asset_id, valid_before) where state = 'queued' and mode = 'instant';

-- Since when all that a batch settled is beyond reorganisation. Its state alone cannot tell: of a
-- batch that was settled in part, it says that.
alter table batches add column final_at integer;

update batches set final_at = (select max(p.final_at) from payments p where p.batch_id = batches.id)
where state in ('final', 'partly_settled') and not exists (
    select 1 from payments p where p.batch_id = batches.id and p.evidence_block is not null and p.final_at is null
);

create index batches_not_final on batches (asset_id) where state in ('settled', 'partly_settled') and final_at is null;
