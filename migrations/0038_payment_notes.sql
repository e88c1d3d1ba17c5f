-- What the seller wrote beside a payment. It stays on this computer.
create table payment_notes (
    payment_seq integer primary key references payments (seq) on delete cascade,
    note text not null check (length(note) between 1 and 2000),
    written_at integer not null
) strict;
