use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use alloy_primitives::{Address, U64, hex};
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::PracticeError;
use crate::durable;

/// Blocks without transactions say nothing that anybody asks for later; only the newest of them are kept, and the
/// first, whose hash names the chain.
const EMPTY_BLOCKS_KEPT: u64 = 2048;

const GENERATIONS: usize = 2;

/// The chain as it was at one block, in files of the practice folder: `chain-1.json`, `chain-2.json` and so on, of
/// which the newest two are kept.
#[derive(Clone, Debug)]
pub(crate) struct Snapshots {
    folder: PathBuf,
}

/// A snapshot that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    pub(crate) path: PathBuf,
    /// The highest block in it.
    pub(crate) block: u64,
}

/// A snapshot that was just written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) snapshot: Snapshot,
    /// How many blocks the node still holds in memory that the snapshot does without.
    pub(crate) surplus: usize,
}

/// As much of the node's state as says whether it is whole.
#[derive(Deserialize)]
struct Outline {
    best_block_number: u64,
    #[serde(rename = "accounts")]
    _accounts: IgnoredAny,
    #[serde(rename = "blocks")]
    _blocks: IgnoredAny,
}

#[derive(Deserialize)]
struct BlockOutline {
    header: HeaderOutline,
    transactions: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct HeaderOutline {
    number: U64,
    miner: Address,
}

impl HeaderOutline {
    /// A node makes a first block of its own before it reads ours from a snapshot, and holds both from then on. Were
    /// both in the next snapshot, it would be chance which of them a later node takes for the first.
    fn is_the_nodes_own_genesis(&self) -> bool {
        self.number.is_zero() && self.miner.is_zero()
    }
}

impl Snapshots {
    /// The snapshots of a practice folder.
    pub(crate) fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The newest snapshot that is whole; a newer one that a crash or a disk cut short is passed over.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn newest(&self) -> Result<Option<Snapshot>, PracticeError> {
        for path in self.files()?.into_values().rev() {
            let whole = fs::read(&path).ok().and_then(|bytes| outline(&bytes));
            if let Some(outline) = whole {
                return Ok(Some(Snapshot { path, block: outline.best_block_number }));
            }
            tracing::warn!(path = %path.display(), "a snapshot of the practice chain is cut short; using an older one");
        }
        Ok(None)
    }

    /// Keeps what `anvil_dumpState` answered, durably, and lets the oldest generation go.
    ///
    /// # Errors
    /// When the state cannot be read as one or the file cannot be written; older snapshots then still stand.
    pub(crate) fn keep(&self, dump: &str) -> Result<Kept, PracticeError> {
        let state = unpack(dump).ok_or_else(|| PracticeError::Request {
            method: "anvil_dumpState",
            what: "the answer is not a state of the chain".to_owned(),
        })?;
        let files = self.files()?;
        let sequence = files.keys().next_back().map_or(1, |newest| newest + 1);
        let path = self.folder.join(format!("chain-{sequence}.json"));
        durable::replace(&path, &state.bytes)?;
        for (_, old) in files.into_iter().rev().skip(GENERATIONS - 1) {
            fs::remove_file(&old).map_err(PracticeError::file(&old))?;
        }
        Ok(Kept { snapshot: Snapshot { path, block: state.block }, surplus: state.surplus })
    }

    /// Puts every snapshot aside, so that the next start begins another chain.
    ///
    /// # Errors
    /// When a file cannot be renamed.
    pub(crate) fn put_aside(&self) -> Result<(), PracticeError> {
        for path in self.files()?.into_values() {
            fs::rename(&path, durable::with_suffix(&path, ".broken")).map_err(PracticeError::file(&path))?;
        }
        Ok(())
    }

    fn files(&self) -> Result<BTreeMap<u64, PathBuf>, PracticeError> {
        let entries = fs::read_dir(&self.folder).map_err(PracticeError::file(&self.folder))?;
        let numbered = entries.flatten().filter_map(|entry| {
            let name = entry.file_name();
            let number = name.to_str()?.strip_prefix("chain-")?.strip_suffix(".json")?;
            Some((number.parse().ok()?, entry.path()))
        });
        Ok(numbered.collect())
    }
}

struct State {
    block: u64,
    bytes: Vec<u8>,
    surplus: usize,
}

fn outline(bytes: &[u8]) -> Option<Outline> {
    serde_json::from_slice(bytes).ok()
}

/// The node answers with hex of gzip; it reads only what is neither.
fn unpack(dump: &str) -> Option<State> {
    let packed = hex::decode(dump).ok()?;
    let mut bytes = Vec::new();
    GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).ok()?;
    let block = outline(&bytes)?.best_block_number;
    without_old_empty_blocks(&bytes, block)
}

/// Everything but the blocks is carried over untouched.
fn without_old_empty_blocks(bytes: &[u8], best: u64) -> Option<State> {
    let mut state: BTreeMap<&str, &RawValue> = serde_json::from_slice(bytes).ok()?;
    let blocks: Vec<&RawValue> = serde_json::from_str(state.get("blocks")?.get()).ok()?;
    let oldest_empty = best.saturating_sub(EMPTY_BLOCKS_KEPT);
    let mut kept = Vec::with_capacity(blocks.len());
    for block in &blocks {
        let BlockOutline { header, transactions } = serde_json::from_str(block.get()).ok()?;
        let number = header.number.to::<u64>();
        if header.is_the_nodes_own_genesis() {
            continue;
        }
        if number == 0 || number > oldest_empty || !transactions.is_empty() {
            kept.push(*block);
        }
    }
    let surplus = blocks.len() - kept.len();
    let kept = serde_json::value::to_raw_value(&kept).ok()?;
    state.insert("blocks", &kept);
    Some(State { block: best, bytes: serde_json::to_vec(&state).ok()?, surplus })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use serde_json::{Value, json};

    use super::*;

    fn block(number: u64, transactions: usize) -> Value {
        block_by(Address::repeat_byte(7), number, transactions)
    }

    fn block_by(miner: Address, number: u64, transactions: usize) -> Value {
        let header = json!({ "number": format!("{number:#x}"), "miner": miner });
        json!({ "header": header, "transactions": vec![json!({}); transactions] })
    }

    fn dump_at(best: u64, blocks: &[Value]) -> String {
        let state =
            json!({ "best_block_number": best, "accounts": { "0x01": { "nonce": 7 } }, "blocks": blocks });
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(state.to_string().as_bytes()).unwrap();
        hex::encode_prefixed(packed.finish().unwrap())
    }

    #[test]
    fn the_newest_whole_snapshot_is_the_one_to_start_from() {
        let folder = tempfile::tempdir().unwrap();
        let snapshots = Snapshots::of(folder.path());
        assert_eq!(snapshots.newest().unwrap(), None);
        for best in [3, 4, 2] {
            snapshots.keep(&dump_at(best, &[block(0, 0)])).unwrap();
        }
        assert_eq!(snapshots.newest().unwrap().map(|newest| newest.block), Some(2));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), GENERATIONS);
    }

    #[test]
    fn a_cut_snapshot_falls_back_to_the_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let snapshots = Snapshots::of(folder.path());
        let older = snapshots.keep(&dump_at(3, &[block(0, 0)])).unwrap().snapshot;
        let newer = snapshots.keep(&dump_at(4, &[block(0, 0)])).unwrap().snapshot;
        let whole = fs::read(&newer.path).unwrap();
        for length in [0, 1, whole.len() / 2, whole.len() - 1] {
            fs::write(&newer.path, &whole[..length]).unwrap();
            assert_eq!(snapshots.newest().unwrap(), Some(older.clone()), "cut at {length}");
        }
        fs::write(&older.path, "").unwrap();
        assert_eq!(snapshots.newest().unwrap(), None);
        snapshots.put_aside().unwrap();
        let again = snapshots.keep(&dump_at(1, &[block(0, 0)])).unwrap().snapshot;
        assert_eq!(snapshots.newest().unwrap(), Some(again));
    }

    #[test]
    fn an_answer_that_is_no_state_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let snapshots = Snapshots::of(folder.path());
        let first = snapshots.keep(&dump_at(3, &[block(0, 0)])).unwrap().snapshot;
        let whole = dump_at(4, &[block(0, 0)]);
        for dump in ["", "0x", "0x1f8b", &whole[..whole.len() / 4 * 2]] {
            assert!(snapshots.keep(dump).is_err(), "{dump}");
        }
        assert_eq!(snapshots.newest().unwrap(), Some(first));
    }

    #[test]
    fn old_blocks_stay_only_where_they_hold_transactions() {
        let best = EMPTY_BLOCKS_KEPT + 10;
        let blocks: Vec<Value> = (0..=best).map(|number| block(number, usize::from(number == 5))).collect();
        let state = unpack(&dump_at(best, &blocks)).unwrap();
        let kept: Value = serde_json::from_slice(&state.bytes).unwrap();
        let kept_blocks = kept["blocks"].as_array().unwrap();
        assert_eq!(kept_blocks.len(), 2 + usize::try_from(EMPTY_BLOCKS_KEPT).unwrap());
        assert_eq!(kept_blocks[..2], [block(0, 0), block(5, 1)]);
        assert_eq!(state.surplus, blocks.len() - kept_blocks.len());
        assert_eq!(kept["accounts"], json!({ "0x01": { "nonce": 7 } }));
    }
    #[test]
    fn the_first_block_that_a_started_node_adds_is_left_out_wherever_it_stands() {
        let own = block_by(Address::ZERO, 0, 0);
        for blocks in [[own.clone(), block(0, 0), block(1, 1)], [block(0, 0), block(1, 1), own]] {
            let state = unpack(&dump_at(1, &blocks)).unwrap();
            let kept: Value = serde_json::from_slice(&state.bytes).unwrap();
            assert_eq!(kept["blocks"], json!([block(0, 0), block(1, 1)]));
        }
    }
}
