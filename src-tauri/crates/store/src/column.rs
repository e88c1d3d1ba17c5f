//! Columns to domain types, failing with the table and the column instead of guessing.

use std::str::FromStr;

use alloy_primitives::{Address, B256, U256};
use chrono::{DateTime, Utc};
use domain::{Amount, PayerSignature, Signature};
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row as _, Sqlite, Type};
use uuid::Uuid;

use crate::StoreError;

/// One row of a known table.
pub(crate) struct Columns<'r> {
    row: &'r SqliteRow,
    table: &'static str,
}

impl<'r> Columns<'r> {
    pub(crate) const fn of(table: &'static str, row: &'r SqliteRow) -> Self {
        Self { row, table }
    }

    fn wrong(&self, column: &'static str) -> StoreError {
        StoreError::Inconsistent { table: self.table, column }
    }

    pub(crate) fn get<T: Decode<'r, Sqlite> + Type<Sqlite>>(
        &self,
        column: &'static str,
    ) -> Result<T, StoreError> {
        Ok(self.row.try_get(column)?)
    }

    pub(crate) fn word<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.get::<&str>(column)?.parse().map_err(|_| self.wrong(column))
    }

    pub(crate) fn optional_word<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        self.get::<Option<&str>>(column)?.map(|text| text.parse().map_err(|_| self.wrong(column))).transpose()
    }

    fn bytes<const N: usize>(&self, column: &'static str) -> Result<[u8; N], StoreError> {
        self.get::<&[u8]>(column)?.try_into().map_err(|_| self.wrong(column))
    }

    pub(crate) fn address(&self, column: &'static str) -> Result<Address, StoreError> {
        self.bytes(column).map(Address::new)
    }

    pub(crate) fn optional_address(&self, column: &'static str) -> Result<Option<Address>, StoreError> {
        self.get::<Option<&[u8]>>(column)?
            .map(|bytes| Address::try_from(bytes).map_err(|_| self.wrong(column)))
            .transpose()
    }

    pub(crate) fn hash(&self, column: &'static str) -> Result<B256, StoreError> {
        self.bytes(column).map(B256::new)
    }

    pub(crate) fn optional_hash(&self, column: &'static str) -> Result<Option<B256>, StoreError> {
        self.get::<Option<&[u8]>>(column)?
            .map(|bytes| B256::try_from(bytes).map_err(|_| self.wrong(column)))
            .transpose()
    }

    pub(crate) fn uuid(&self, column: &'static str) -> Result<Uuid, StoreError> {
        self.bytes(column).map(Uuid::from_bytes)
    }

    pub(crate) fn optional_uuid(&self, column: &'static str) -> Result<Option<Uuid>, StoreError> {
        self.get::<Option<&[u8]>>(column)?
            .map(|bytes| Uuid::from_slice(bytes).map_err(|_| self.wrong(column)))
            .transpose()
    }

    /// What a payment's payer signed with, of the two columns for it the one that holds it.
    pub(crate) fn payer_signature(&self) -> Result<PayerSignature, StoreError> {
        if let Some(bytes) = self.get::<Option<Vec<u8>>>("code_signature")? {
            return Ok(PayerSignature::Code(bytes.into()));
        }
        let column = "signature";
        let signature = Signature::normalise(&self.bytes::<65>(column)?);
        signature.map(PayerSignature::Key).map_err(|_| self.wrong(column))
    }

    pub(crate) fn amount(&self, column: &'static str) -> Result<Amount, StoreError> {
        Amount::try_from(self.get::<i64>(column)?).map_err(|_| self.wrong(column))
    }

    pub(crate) fn wei(&self, column: &'static str) -> Result<U256, StoreError> {
        self.word(column)
    }

    pub(crate) fn unsigned<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, StoreError> {
        T::try_from(self.get::<i64>(column)?).map_err(|_| self.wrong(column))
    }

    pub(crate) fn optional_unsigned<T: TryFrom<i64>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        self.get::<Option<i64>>(column)?
            .map(|number| T::try_from(number).map_err(|_| self.wrong(column)))
            .transpose()
    }

    pub(crate) fn time(&self, column: &'static str) -> Result<DateTime<Utc>, StoreError> {
        DateTime::from_timestamp_millis(self.get(column)?).ok_or_else(|| self.wrong(column))
    }

    pub(crate) fn optional_time(&self, column: &'static str) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.get::<Option<i64>>(column)?
            .map(|millis| DateTime::from_timestamp_millis(millis).ok_or_else(|| self.wrong(column)))
            .transpose()
    }

    /// Refuses a combination of columns that no version of this program writes.
    pub(crate) fn inconsistent<T>(&self, column: &'static str) -> Result<T, StoreError> {
        Err(self.wrong(column))
    }
}

/// A number that the database keeps as a signed one. What does not fit was refused long before.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
