-- What services answered to payments. While a service has not answered, nobody is shown the authorization: it is dropped
-- when the answer is no good. Afterwards the row keeps the answer for whoever asks again, until the authorization
-- ends or many others were sold since.
create table answers (
    payment_seq integer primary key references payments (seq) on delete cascade,
    kept_until integer not null,
    -- Null while the service is asked.
    status integer,
    -- A line for each header.
    headers text not null default '',
    -- Null where it was too long to be kept, or broke off.
    body blob
) strict;

create index answers_awaited on answers (payment_seq) where status is null;
