-- Since when nothing can become of a signed transaction any more that is not known: it is in a final block, or another one
-- with its wallet's nonce is. Until then a block that goes takes its cost out of the books, and one that brings it adds
-- it, also when nobody waits any more for what it settles.
alter table attempts add column ended_at integer;

update attempts set ended_at = saved_at where batch_id in (
    select id from batches where state not in ('preparing', 'submitted')
) and not exists (
    select 1 from payments p
    where p.batch_id = attempts.batch_id and p.evidence_block is not null and p.final_at is null
);

create index attempts_loose on attempts (chain_id, ended_at) where rail = 'direct';
