delete from totals;
insert into totals (asset_id, endpoint_id, day, state, payments, amount)
    select asset_id, endpoint_id, accepted_at / 86400000, state, count(*), sum(amount)
    from payments group by 1, 2, 3, 4;
delete from endpoint_totals;
insert into endpoint_totals (endpoint_id, asset_id, state, payments, amount)
    select endpoint_id, asset_id, state, sum(payments), sum(amount) from totals group by 1, 2, 3;
delete from arrivals;
insert into arrivals (asset_id, day, payments, amount)
    select asset_id, decided_at / 86400000, count(*), sum(amount)
    from payments where state = 'settled' group by 1, 2;
delete from payers;
insert into payers
    select payer, asset_id, min(accepted_at), max(accepted_at), count(*), sum(amount),
        sum(state = 'settled'), sum(amount * (state = 'settled')), sum(state = 'failed'),
        sum(amount * (state = 'failed')), 0, 0
    from payments group by payer, asset_id;
