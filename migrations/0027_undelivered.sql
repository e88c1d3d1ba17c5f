-- What was paid for and has not arrived is found without a look at everything that has.
create index payments_undelivered on payments (delivery, seq) where delivery in ('waiting', 'interrupted');
