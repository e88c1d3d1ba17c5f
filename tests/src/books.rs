use std::collections::HashSet;

use alloy_primitives::{Address, U256};

use crate::seller::atomic;
use crate::{Node, Stall};

/// The states in which the money has arrived.
pub const PAID: [&str; 2] = ["settled", "settled_elsewhere"];

/// What the payout address held when a test began: the other side of what the stall says it earned.
pub struct Books {
    pay_to: Address,
    opening: U256,
}

impl Books {
    /// Notes the opening balance.
    pub async fn open(stall: &Stall) -> Self {
        let pay_to = stall.pay_to().await;
        Self { pay_to, opening: stall.node().await.balance(pay_to).await }
    }

    /// By how much the payout balance has grown, in atomic units.
    pub async fn received(&self, node: &Node) -> U256 {
        node.balance(self.pay_to).await - self.opening
    }

    /// Compares the stall's books with the chain (I8, I16): no payment twice, and what arrived is what was settled.
    /// Answers how much that is.
    pub async fn agree(&self, stall: &Stall) -> U256 {
        let payments = stall.payments().await;
        let ids: HashSet<_> = payments.iter().map(|payment| payment["id"].to_string()).collect();
        assert_eq!(ids.len(), payments.len(), "a payment is listed twice");
        let paid = payments.iter().filter(|payment| PAID.iter().any(|state| payment["state"] == *state));
        let sum = paid.map(|payment| atomic(&payment["amount"])).sum::<U256>();
        let received = self.received(&stall.node().await).await;
        assert_eq!(received, sum, "the chain has {received}, the books {sum}: {payments:#?}");
        sum
    }
}
