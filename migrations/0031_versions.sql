-- What was sold before: an update need not take from owners what they bought.

-- What owners of an earlier version receive: the newest one, or the one they bought as long as its files are there.
alter table endpoints add column owners_get text not null default 'newest' check (owners_get in ('newest', 'bought'));

-- What of the endpoint's part a payment bought, by its digest; none for services, and for what was bought before this table was.
alter table grants add column sha256 blob check (length(sha256) = 32);

-- Every version of each part that is bought by itself. Versions stay, because receipts name them.
create table versions (
    endpoint_id blob not null references endpoints (id),
    part text not null,
    -- Of the file, the archive or the text.
    sha256 blob not null check (length(sha256) = 32),
    -- Of an archive, that of its files together.
    bytes integer not null,
    -- When it was published; the last time, if it came back.
    published_at integer not null,
    -- How many payments bought it that were not dropped.
    bought integer not null default 0,
    primary key (endpoint_id, part, sha256)
) strict, without rowid;

-- The files that a version is made of, where they were last published. Texts have none.
create table version_files (
    endpoint_id blob not null,
    part text not null,
    sha256 blob not null,
    -- Of an archive, which of its files it is.
    member text not null,
    name text not null,
    path text not null,
    file_name text not null,
    media_type text not null,
    bytes integer not null,
    file_sha256 blob not null check (length(file_sha256) = 32),
    crc32 integer,
    primary key (endpoint_id, part, sha256, member),
    foreign key (endpoint_id, part, sha256) references versions (endpoint_id, part, sha256)
) strict, without rowid;

-- What is sold now.
insert into versions (endpoint_id, part, sha256, bytes, published_at)
select f.endpoint_id, f.part, f.sha256, f.bytes, e.created_at from files f join endpoints e on e.id = f.endpoint_id
where not exists (select 1 from folders d where d.endpoint_id = f.endpoint_id and d.archive_sha256 is not null);

insert into versions (endpoint_id, part, sha256, bytes, published_at)
select d.endpoint_id, '', d.archive_sha256, (select coalesce(sum(f.bytes), 0) from files f where f.endpoint_id = d.endpoint_id), e.created_at
from folders d join endpoints e on e.id = d.endpoint_id where d.archive_sha256 is not null;

insert into versions (endpoint_id, part, sha256, bytes, published_at)
select t.endpoint_id, '', t.sha256, length(cast(t.body as blob)), e.created_at from texts t join endpoints e on e.id = t.endpoint_id;

insert into version_files
select f.endpoint_id, v.part, v.sha256, f.part, f.name, f.path, f.file_name, f.media_type, f.bytes, f.sha256, f.crc32
from files f join versions v on v.endpoint_id = f.endpoint_id and (v.part = f.part and v.sha256 = f.sha256
    or exists (select 1 from folders d where d.endpoint_id = f.endpoint_id and d.archive_sha256 is not null));

create trigger grants_versions_bought after insert on grants when new.sha256 is not null begin
    update versions set bought = bought + 1
    where endpoint_id = new.endpoint_id and part = new.part and sha256 = new.sha256;
end;

create trigger grants_versions_dropped after delete on grants when old.sha256 is not null begin
    update versions set bought = bought - 1
    where endpoint_id = old.endpoint_id and part = old.part and sha256 = old.sha256;
end;
