use std::sync::Arc;

use domain::{Delivery, PaymentSeq};
use store::{PaymentRef, Store};

use crate::grants::{Known, Reserved};
use crate::visits::Visitor;

/// Counts the paid bytes of one answer and writes down how far they got, however the answer ends.
#[derive(Debug)]
pub(crate) struct Tally {
    store: Store,
    payment: PaymentSeq,
    /// What is remembered of earlier answers.
    before: Delivery,
    /// Whether this answer begins at the first byte and whether it ends with the last one.
    from_start: bool,
    to_end: bool,
    left: u64,
    sent: u64,
    /// The payment's links, where one of them was used.
    link: Option<Arc<Known>>,
    /// What may leave by them, where that is limited.
    reserved: Option<Reserved>,
    /// Who gets it.
    visitor: Option<Visitor>,
}

impl Tally {
    /// For the span `start..end` of `bytes` bytes. Long answers say that they began.
    pub(crate) fn begin(store: &Store, payment: &PaymentRef, start: u64, end: u64, bytes: u64) -> Self {
        Self {
            store: store.clone(),
            payment: payment.seq,
            before: payment.delivery,
            from_start: start == 0,
            to_end: end == bytes,
            left: end - start,
            sent: 0,
            link: None,
            reserved: None,
            visitor: None,
        }
    }

    /// Tells what is known of the payment's links as well.
    pub(crate) fn by_link(mut self, link: Arc<Known>, reserved: Option<Reserved>) -> Self {
        (self.link, self.reserved) = (Some(link), reserved);
        self
    }

    /// Tells whoever counts visitors as well.
    pub(crate) fn watched_by(&mut self, visitor: Visitor) {
        self.visitor = Some(visitor);
    }

    /// For an answer whose length nobody knows before it [ends](Self::ends).
    pub(crate) fn open(store: &Store, payment: &PaymentRef) -> Self {
        Self::begin(store, payment, 0, u64::MAX, u64::MAX)
    }

    /// What was sent is all there is.
    pub(crate) const fn ends(&mut self) {
        self.left = 0;
    }

    pub(crate) fn say_streaming(&self) {
        if self.before != Delivery::Delivered {
            self.store.record_delivery(self.payment, Delivery::Streaming, 0);
        }
    }

    pub(crate) const fn count(&mut self, bytes: usize) {
        self.sent += bytes as u64;
        self.left = self.left.saturating_sub(bytes as u64);
    }

    /// A buyer who fetches the end after an interruption has it all; one who fetches nothing but
    /// the end has not.
    fn reached(&self) -> Delivery {
        let all_before = self.from_start || self.before != Delivery::Waiting;
        match (self.before, self.left) {
            (Delivery::Delivered, _) => Delivery::Delivered,
            (_, 0) if self.to_end && all_before => Delivery::Delivered,
            _ => Delivery::Interrupted,
        }
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        let reached = self.reached();
        if let Some(link) = &self.link {
            link.note(reached);
        }
        if let Some(reserved) = self.reserved.take() {
            reserved.sent(&self.store, self.payment, self.sent);
        }
        // What was delivered stays so, whatever a later download does: there is nothing to write.
        if self.before != Delivery::Delivered {
            self.store.record_delivery(self.payment, reached, self.sent);
        }
        if let Some(visitor) = self.visitor.take() {
            let all = reached == Delivery::Delivered && self.before != Delivery::Delivered;
            visitor.served(self.sent, all);
        }
    }
}

/// A payment before its first byte. When this is dropped before it [ends](Self::ends), by the clock or
/// because the buyer hung up, the delivery counts as interrupted (T32).
pub(crate) struct Unsent<'s> {
    store: &'s Store,
    payment: PaymentSeq,
    ended: bool,
}

impl<'s> Unsent<'s> {
    pub(crate) const fn begin(store: &'s Store, payment: &PaymentRef) -> Self {
        Self { store, payment: payment.seq, ended: false }
    }

    /// Somebody else sees to the payment from here on.
    pub(crate) fn ends(mut self) {
        self.ended = true;
    }
}

impl Drop for Unsent<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.store.record_delivery(self.payment, Delivery::Interrupted, 0);
        }
    }
}
