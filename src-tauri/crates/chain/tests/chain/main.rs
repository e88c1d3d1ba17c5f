//! The node client against a real node that carries the practice token.

#[cfg(test)]
mod code;
#[cfg(test)]
mod connection;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod front;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod opinions;
#[cfg(test)]
mod payers;
#[cfg(test)]
mod sending;
#[cfg(test)]
mod simulate;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod survey;
#[cfg(test)]
mod transfers;
