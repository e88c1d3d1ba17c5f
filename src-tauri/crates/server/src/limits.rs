use std::time::Duration;

/// What the listener puts up with from strangers (I15). One value for the whole product; tests make
/// it smaller to be quick.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a fresh connection may stay silent.
    pub first_byte: Duration,
    /// How long the head of a request may take to arrive, counted from the end of the last answer,
    /// so it also bounds how long an idle connection is kept.
    pub head: Duration,
    /// How long the body of a request for a service may take to arrive.
    pub body: Duration,
    /// How long the answer of a service may take in all, from its head to its end.
    pub answer: Duration,
    /// Bytes of long answers that wait on the disk for their money.
    pub answers: u64,
    /// How long a buyer may take no byte of an answer.
    pub write: Duration,
    /// How long open answers may go on after the stop was asked for.
    pub drain: Duration,
    /// Bytes that a request's head may have.
    pub head_bytes: usize,
    /// Header lines that a request may have.
    pub header_lines: usize,
    /// Connections in all. For more of them, those that have waited longest for a request make room.
    pub connections: usize,
    /// Connections of one address. More of them are closed at once. A tunnel brings all its
    /// buyers from one address, so this is no small number.
    pub connections_of_one: usize,
    /// Payments of one address that are looked at together, where a tunnel names the address.
    pub payments_of_one: usize,
    /// Payments of one payer that are looked at in a minute, unless the seller chose another number; zero for all of them.
    pub payments_of_payer_a_minute: u32,
    /// Payments of one address. Those that nobody signed count for more.
    pub payments_of_address_a_minute: u32,
    /// How often one address is shown terms in a minute.
    pub terms_of_address_a_minute: u32,
    /// How long an instant sale waits for its settlement before it answers 503.
    pub settlement: Duration,
}

impl Limits {
    /// The setting of how many payments of one payer are looked at in a minute.
    pub const OF_PAYER: &str = "payments-of-payer-a-minute";
    /// The setting of how many payments of one address are.
    pub const OF_ADDRESS: &str = "payments-of-address-a-minute";
    /// The setting of how often one address is shown terms in a minute.
    pub const TERMS: &str = "terms-of-address-a-minute";
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            answer: Duration::from_secs(60 * 60),
            answers: 1024 * 1024 * 1024,
            write: Duration::from_secs(30),
            drain: Duration::from_secs(10),
            head_bytes: 32 * 1024,
            header_lines: 64,
            connections: 1024,
            connections_of_one: 512,
            payments_of_one: 32,
            payments_of_payer_a_minute: 1200,
            payments_of_address_a_minute: 3000,
            terms_of_address_a_minute: 6000,
            settlement: Duration::from_secs(60),
        }
    }
}
