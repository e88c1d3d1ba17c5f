-- Payments of code that failed: once some of them were mined within a day, code that has never paid is not believed.
create index payments_of_code_failed on payments (asset_id, decided_at)
where code_signature is not null and state in ('failed', 'written_off');
