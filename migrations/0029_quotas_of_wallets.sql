-- Who has requests for nothing: each network address, or each wallet that signs in.
alter table free_quotas add column counted_by text not null default 'address'
    check (counted_by in ('address', 'wallet'));
