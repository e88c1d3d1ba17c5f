-- Networks: which token, how much a node may be asked, and what was found on chain when one was set up.

-- The token that is paid in, where it is not the network's USDC.
alter table networks add column token blob check (length(token) = 20);

-- How many calls each of its nodes may be sent in a second.
alter table networks add column calls_per_second integer check (calls_per_second > 0);

-- What was found on chain. Another finding later stops the sale until the seller has looked at it: hashes of the
-- code of token and Multicall3 (null: there is none that can be trusted), and from when on a block is final.
alter table networks add column found_token blob check (length(found_token) = 20);
alter table networks add column token_code blob check (length(token_code) = 32);
alter table networks add column multicall_code blob check (length(multicall_code) = 32);
alter table networks add column finality text check (finality in ('finalized', 'safe', 'depth'));
alter table networks add column block_gas_limit integer;
alter table networks add column checked_at integer;
