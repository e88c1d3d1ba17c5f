//! A small ZIP archive in memory: nothing is compressed, and names are plain.

/// 1 January 1980: the archive says nothing about when files were written.
const DATE: u16 = (1 << 5) | 1;
const LOCAL_HEADER: u32 = 0x0403_4b50;
const CENTRAL_HEADER: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const VERSION: u16 = 20;

/// An archive that is being put together.
#[derive(Default)]
pub(crate) struct Archive {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    files: u16,
}

impl Archive {
    /// Adds a file. All of them together stay far below four gigabytes.
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) {
        let begins = length(self.bytes.len());
        let mut both = Vec::new();
        for field in [VERSION, 0, 0, 0, DATE] {
            both.extend(field.to_le_bytes());
        }
        for field in [crc32fast::hash(content), length(content.len()), length(content.len())] {
            both.extend(field.to_le_bytes());
        }
        both.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
        both.extend(0_u16.to_le_bytes());
        self.bytes.extend(LOCAL_HEADER.to_le_bytes());
        self.bytes.extend(&both);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(content);
        self.directory.extend(CENTRAL_HEADER.to_le_bytes());
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&both);
        // No comment, on this disk, of no kind.
        self.directory.extend([0; 10]);
        self.directory.extend(begins.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.files = self.files.saturating_add(1);
    }

    /// The whole archive.
    pub(crate) fn finish(self) -> Vec<u8> {
        let Self { mut bytes, directory, files } = self;
        let begins = length(bytes.len());
        bytes.extend(&directory);
        bytes.extend(END.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(files.to_le_bytes());
        bytes.extend(files.to_le_bytes());
        bytes.extend(length(directory.len()).to_le_bytes());
        bytes.extend(begins.to_le_bytes());
        bytes.extend([0; 2]);
        bytes
    }
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
