create temp table kept as select max(seq) as last, max(accepted_at) as now, count(*) as kinds from payments;
create temp table old as
    select payments.*, row_number() over (order by seq) - 1 as kind, kept.* from payments cross join kept;
create temp table old_batches as select * from batches where state in ('settled', 'final') limit 1;
create temp table old_attempts as
    select * from attempts where batch_id in (select id from old_batches) and hash is not null limit 1;
create temp table people (person integer primary key, who blob not null);
insert into people
    with recursive numbers (number) as (select 0 union all select number + 1 from numbers where number < 39999)
    select number, randomblob(20) from numbers;
create temp table moves (move integer primary key, move_hash blob not null, made_at integer not null);
insert into moves
    with recursive numbers (number) as (select 0 union all select number + 1 from numbers where number < 10000)
    select number, randomblob(32), now - (10000 - number) * 3000000 from numbers cross join kept;
create temp table numbers (number integer primary key);
insert into numbers
    with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < 999995)
    select number from numbers;
