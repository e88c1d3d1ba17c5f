-- Between which places in the order of acceptance the payments of each UTC day lie, kept in the transaction that accepts them:
-- a clock that was ahead or behind for a while leaves days that overlap, which no halving finds.
create table payment_days (
    day integer primary key,
    first_seq integer not null,
    last_seq integer not null
) strict;

insert into payment_days (day, first_seq, last_seq)
select accepted_at / 86400000, min(seq), max(seq) from payments group by 1;
