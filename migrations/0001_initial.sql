-- What a stall remembers. One file holds one environment; practice, test and live never share one.
--
-- Money is an integer in atomic units of its asset. Times are Unix milliseconds, except for the two
-- bounds of an authorization, which are the Unix seconds that the buyer signed. Addresses, hashes
-- and signatures are raw bytes.

-- Facts about this file itself: which chain it belongs to, whether it was closed in order.
create table meta (
    key text primary key,
    value text not null
) strict;

-- What the seller has chosen, one row for each setting that differs from its default.
create table settings (
    key text primary key,
    value text not null
) strict;

-- Networks that the seller has set up: where to ask, and where the money goes.
create table networks (
    chain_id integer primary key,
    rpc_urls text not null,
    pay_to blob check (length(pay_to) = 20),
    changed_at integer not null
) strict;

-- Tokens, with the parts of their EIP-712 domain as their own contracts gave them.
create table assets (
    id integer primary key,
    chain_id integer not null,
    address blob not null check (length(address) = 20),
    name text not null,
    version text not null,
    decimals integer not null,
    unique (chain_id, address)
) strict;

-- What the seller has priced. A row is never deleted: payments and owners point at it.
create table endpoints (
    id blob primary key check (length(id) = 16),
    path text not null,
    title text not null,
    kind text not null check (kind in ('file')),
    file_path text not null,
    file_name text not null,
    media_type text not null,
    bytes integer not null,
    sha256 blob not null check (length(sha256) = 32),
    mode text not null check (mode in ('batched', 'instant')),
    owned_for integer not null,
    state text not null check (state in ('live', 'paused', 'removed')),
    created_at integer not null
) strict;

-- A path leads to one endpoint at a time; a removed endpoint gives its path up.
create unique index endpoints_by_path on endpoints (path) where state <> 'removed';

-- The requirements quoted for an endpoint. Immutable but for the moment from which a newer offer
-- took its place; a change of price is a new row.
create table offers (
    id integer primary key,
    endpoint_id blob not null references endpoints (id),
    version integer not null,
    asset_id integer not null references assets (id),
    pay_to blob not null check (length(pay_to) = 20),
    amount integer not null check (amount > 0),
    window_seconds integer not null,
    created_at integer not null,
    honoured_until integer,
    unique (endpoint_id, version, asset_id)
) strict;

-- Payments chosen to be settled together.
create table batches (
    id integer primary key,
    asset_id integer not null references assets (id),
    started_by text not null check (started_by in ('seller', 'deadline', 'instant')),
    state text not null check (
        state in ('preparing', 'submitted', 'settled', 'partly_settled', 'failed', 'final', 'dissolved')
    ),
    opened_at integer not null,
    closed_at integer
) strict;

create index batches_open on batches (asset_id) where state in ('preparing', 'submitted');

-- One accepted authorization and everything that happened to it. The unique key below is the whole
-- defence against paying once and receiving twice: it is the authorization's identity, whatever
-- spelling or protocol version it came in.
create table payments (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    asset_id integer not null references assets (id),
    payer blob not null check (length(payer) = 20),
    nonce blob not null check (length(nonce) = 32),
    offer_id integer not null references offers (id),
    endpoint_id blob not null references endpoints (id),
    pay_to blob not null check (length(pay_to) = 20),
    amount integer not null check (amount > 0),
    valid_after integer not null,
    valid_before integer not null,
    signature blob not null check (length(signature) = 65),
    protocol integer not null check (protocol in (1, 2)),
    mode text not null check (mode in ('batched', 'instant')),
    state text not null check (
        state in (
            'queued', 'settling', 'settled', 'settled_elsewhere', 'failed', 'expired', 'cancelled',
            'diverted', 'written_off', 'voided'
        )
    ),
    reason text,
    accepted_at integer not null,
    accepted_block integer not null,
    -- Set before the signature is first shown to a node: from then on it is public and proves nothing.
    handed_over_at integer,
    batch_id integer references batches (id),
    -- Where the chain proved its outcome, and since when that is beyond reorganisation.
    evidence_block integer,
    evidence_hash blob,
    evidence_transaction blob,
    final_at integer,
    -- Whether its amount still counts against the payer's balance.
    held integer not null check (held in (0, 1)),
    delivery text not null check (delivery in ('waiting', 'streaming', 'delivered', 'interrupted')),
    bytes_sent integer not null,
    unique (asset_id, payer, nonce)
) strict;

create index payments_queued on payments (asset_id, valid_before) where state = 'queued';
create index payments_by_state on payments (state, seq) where state not in ('settled', 'voided');
create index payments_by_batch on payments (batch_id) where batch_id is not null;
-- Settled, but the payer's balance has not been read since.
create index payments_unreleased on payments (asset_id, payer) where held = 1 and evidence_block is not null;
-- Seen on chain and not yet final.
create index payments_unfinal on payments (asset_id, evidence_block) where evidence_block is not null and final_at is null;

-- The right to receive what one payment bought. `request` binds it to method, path, query and body.
create table grants (
    payment_seq integer primary key references payments (seq) on delete cascade,
    endpoint_id blob not null,
    payer blob not null,
    request blob not null check (length(request) = 32),
    owned_until integer not null,
    -- Whether it can still be claimed by the payer with a fresh signature: while it is owned, or
    -- after a delivery that broke off.
    claimable integer not null check (claimable in (0, 1))
) strict;

create index grants_claimable on grants (endpoint_id, payer) where claimable = 1;

-- What each payer has promised and we have not yet seen leave the payer's balance. `proved` is the
-- part that is on chain and waits for a balance read at or after its block. `read_at_block` is the
-- newest block of a balance that let something go: an older balance still shows what left since.
create table holds (
    asset_id integer not null references assets (id),
    payer blob not null check (length(payer) = 20),
    amount integer not null check (amount >= 0),
    proved integer not null check (proved >= 0),
    read_at_block integer not null,
    primary key (asset_id, payer)
) strict;

-- Which payments a batch held and what became of each of them in it.
create table batch_payments (
    batch_id integer not null references batches (id),
    payment_seq integer not null references payments (seq),
    result text not null check (result in ('pending', 'settled', 'settled_elsewhere', 'excluded', 'returned')),
    reason text,
    primary key (batch_id, payment_seq)
) strict;

-- Signed transactions. Written before they are sent, never changed and never deleted; only the
-- moment of the first sending is added.
create table attempts (
    id integer primary key,
    batch_id integer not null references batches (id),
    rail text not null check (rail in ('direct')),
    chain_id integer not null,
    wallet blob not null check (length(wallet) = 20),
    nonce integer not null,
    hash blob not null unique check (length(hash) = 32),
    raw blob not null,
    gas_limit integer not null,
    max_fee_per_gas text not null,
    max_priority_fee_per_gas text not null,
    saved_at integer not null,
    sent_at integer
) strict;

create index attempts_by_batch on attempts (batch_id);
create index attempts_by_nonce on attempts (chain_id, wallet, nonce);

-- Where an attempt was mined. The row goes when a reorganisation takes the block back.
create table receipts (
    attempt_id integer primary key references attempts (id),
    block integer not null,
    block_hash blob not null,
    succeeded integer not null check (succeeded in (0, 1)),
    gas_used integer not null,
    cost_wei text not null,
    seen_at integer not null
) strict;

-- Sums that screens need, kept in the transaction that changes what they sum: by the UTC day of
-- acceptance, the endpoint, the asset and the state.
create table totals (
    asset_id integer not null,
    endpoint_id blob not null,
    day integer not null,
    state text not null,
    payments integer not null,
    amount integer not null,
    primary key (asset_id, endpoint_id, day, state)
) strict;
