-- What a payer signed with whose address has code, as it came: the token shows it to that code. Such a
-- payment has no signature of a key, and zeroes, which are no key's, stand in the column for that.
alter table payments add column code_signature blob check (length(code_signature) <= 2048);
