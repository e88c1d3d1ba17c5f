//! The practice chain with its real node.

#[cfg(test)]
mod buyer;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod common;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod survival;
