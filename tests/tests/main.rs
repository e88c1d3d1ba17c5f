//! The product as its users meet it: a real `stallkeeper`, a real node, real clients. One file to a subject.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod bad_one;
#[cfg(test)]
mod cache;
#[cfg(test)]
mod cancelled;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod durable;
#[cfg(test)]
mod facilitator;
#[cfg(test)]
mod follow_up;
#[cfg(test)]
mod front_run;
#[cfg(test)]
mod gas;
#[cfg(test)]
mod hostile_floods;
#[cfg(test)]
mod hostile_paths;
#[cfg(test)]
mod hostile_resume;
#[cfg(test)]
mod instant;
#[cfg(test)]
mod issuer;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod live;
#[cfg(test)]
mod many;
#[cfg(test)]
mod networks;
#[cfg(test)]
mod nonce_twice;
#[cfg(test)]
mod outbid;
#[cfg(test)]
mod overdraft;
#[cfg(test)]
mod owner;
#[cfg(test)]
mod ports;
#[cfg(test)]
mod reach;
#[cfg(test)]
mod schedule;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod seed;
#[cfg(test)]
mod selling;
#[cfg(test)]
mod services;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod single_use;
#[cfg(test)]
mod smart_accounts;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod window;
#[cfg(test)]
mod window_away;
#[cfg(test)]
mod window_backup;
#[cfg(test)]
mod window_desktop;
#[cfg(test)]
mod window_ends;
#[cfg(test)]
mod window_keys;
#[cfg(test)]
mod window_many;
#[cfg(test)]
mod window_network;
#[cfg(test)]
mod window_opens;
#[cfg(test)]
mod window_sale;
