use std::collections::HashMap;
use std::path::Path;

/// A system call as `strace` saw it.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// Its arguments, texts as `\x..`, descriptors with what they stand for.
    pub arguments: String,
    /// The line of the trace at which it began.
    pub began: usize,
    /// The line of the trace at which it had ended.
    pub ended: usize,
}

impl Call {
    /// Whether its texts hold these bytes.
    pub fn carries(&self, bytes: &[u8]) -> bool {
        let escaped: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
        self.arguments.contains(&escaped)
    }

    /// Whether it makes a file durable.
    pub fn is_sync(&self) -> bool {
        matches!(self.name.as_str(), "fsync" | "fdatasync")
    }
}

/// Reads a trace written by `strace -f -yy -xx`; calls that never ended are left out.
pub fn trace(path: &Path) -> Vec<Call> {
    let bytes = std::fs::read(path).expect("a trace");
    let text = String::from_utf8_lossy(&bytes);
    let mut open: HashMap<&str, Call> = HashMap::new();
    let mut calls = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some((process, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if rest.starts_with("<... ") {
            if let Some(mut call) = open.remove(process) {
                call.ended = number;
                calls.push(call);
            }
            continue;
        }
        let Some((name, arguments)) = rest.split_once('(') else { continue };
        let call =
            Call { name: name.to_owned(), arguments: arguments.to_owned(), began: number, ended: number };
        if rest.ends_with("<unfinished ...>") {
            open.insert(process, call);
        } else {
            calls.push(call);
        }
    }
    calls.sort_by_key(|call| call.began);
    calls
}
