-- Which trouble a notice tells of, so that one that grows, or comes and goes, adds to its notice until that was seen.
alter table notices add column name text not null default '';
