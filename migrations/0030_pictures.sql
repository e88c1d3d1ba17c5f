-- Pictures that the stall's pages show. Each lies as a file of its own in the folder `pictures` beside this one, under the SHA-256 of its
-- content; here stands only whose it is, so that rows stay short, and so do the copies that are made of this file.
create table pictures (
    -- The endpoint whose cover it is; empty for the seller's own.
    owner blob primary key check (length(owner) in (0, 16)),
    -- For the page of one thing, and for lists.
    large blob not null check (length(large) = 32),
    small blob not null check (length(small) = 32),
    -- Of the larger one, in pixels.
    width integer not null check (width > 0),
    height integer not null check (height > 0)
) strict, without rowid;
