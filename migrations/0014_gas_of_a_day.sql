-- What was signed on a network lately: what the transactions of a day cost is added up from it.
create index attempts_by_time on attempts (chain_id, saved_at) where rail = 'direct';
