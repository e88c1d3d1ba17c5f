//! Buys from a real server over real sockets with a real data file. Only the chain is played.

#[cfg(test)]
mod abuse;
#[cfg(test)]
mod again;
#[cfg(test)]
mod buyer;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod code;
#[cfg(test)]
mod discovery;
#[cfg(test)]
mod exposure;
#[cfg(test)]
mod files;
#[cfg(test)]
mod grants;
#[cfg(test)]
mod hosts;
#[cfg(test)]
mod http;
#[cfg(test)]
mod instant;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod owners;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod pictures;
#[cfg(test)]
mod preflight;
#[cfg(test)]
mod prices;
#[cfg(test)]
mod ranges;
#[cfg(test)]
mod selling;
#[cfg(test)]
mod services;
#[cfg(test)]
mod services_charged;
#[cfg(test)]
mod stall;
#[cfg(test)]
mod upstream;
#[cfg(test)]
mod versions;
#[cfg(test)]
mod visits;
