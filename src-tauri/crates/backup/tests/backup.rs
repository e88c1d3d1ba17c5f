//! What a backup keeps, whom it opens for, and what it never puts anywhere (T63, T85).
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use backup::{
    BackupError, Contents, Manifest, Name, Source, look, pack, put_in_place, stage, staged, unstage,
};
use chrono::{DateTime, Utc};
use domain::Environment;
use secrecy::SecretString;

fn passphrase() -> SecretString {
    "a passphrase for tests".into()
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn manifest() -> Manifest {
    let live = Contents {
        environment: Environment::Live,
        endpoints: 2,
        payments: 3,
        open: 1,
        payout: vec!["0x00000000000000000000000000000000000000aa".to_owned()],
        gas_wallet: None,
    };
    Manifest::new("0.1.0", noon(), vec![live])
}

/// A data folder with something in it, and a backup of it.
struct Kept {
    folder: tempfile::TempDir,
    file: PathBuf,
}

impl Kept {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        fs::create_dir_all(data.join("live/pictures")).unwrap();
        fs::write(data.join("live/stall.sqlite"), vec![7; 300_000]).unwrap();
        fs::write(data.join("live/pictures/a.webp"), b"a picture").unwrap();
        let file = folder.path().join("stall.backup");
        let names = ["live/stall.sqlite", "live/pictures/a.webp"];
        let sources: Vec<_> = names
            .map(|name| Source { name: Name::read(Path::new(name)).unwrap(), file: data.join(name) })
            .into();
        let packed = pack(&file, &passphrase(), &manifest(), &sources, false).unwrap();
        assert_eq!(packed.bytes, fs::metadata(&file).unwrap().len());
        Self { folder, file }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

#[test]
fn what_was_packed_comes_back_and_what_was_there_is_put_aside() {
    let kept = Kept::new();
    let data = kept.data();
    assert_eq!(look(&kept.file, &passphrase()).unwrap(), manifest());
    fs::write(data.join("live/stall.sqlite"), b"newer").unwrap();
    fs::create_dir_all(data.join("test")).unwrap();
    assert_eq!(stage(&kept.file, &passphrase(), &data).unwrap(), manifest());
    assert_eq!(staged(&data).unwrap(), Some(manifest()));
    assert_eq!(
        fs::read(data.join("live/stall.sqlite")).unwrap(),
        b"newer",
        "nothing changes before the next start"
    );
    let aside = put_in_place(&data, noon()).unwrap().unwrap();
    assert_eq!(fs::read(data.join("live/stall.sqlite")).unwrap(), vec![7; 300_000]);
    assert_eq!(fs::read(data.join("live/pictures/a.webp")).unwrap(), b"a picture");
    assert_eq!(fs::read(aside.join("live/stall.sqlite")).unwrap(), b"newer");
    assert!(data.join("test").exists(), "what the backup knows nothing of stays");
    assert_eq!((staged(&data).unwrap(), put_in_place(&data, noon()).unwrap()), (None, None));
}

#[test]
fn what_waits_can_be_given_up() {
    let kept = Kept::new();
    stage(&kept.file, &passphrase(), &kept.data()).unwrap();
    assert!(unstage(&kept.data()).unwrap());
    assert!(!unstage(&kept.data()).unwrap());
    assert_eq!(put_in_place(&kept.data(), noon()).unwrap(), None);
}

#[test]
fn a_crash_in_the_middle_of_putting_in_place_is_gone_on_from() {
    let kept = Kept::new();
    let data = kept.data();
    stage(&kept.file, &passphrase(), &data).unwrap();
    // As if it ended between moving the old one away and moving the new one in.
    fs::rename(data.join("live"), kept.folder.path().join("moved away")).unwrap();
    put_in_place(&data, noon()).unwrap().unwrap();
    assert_eq!(fs::read(data.join("live/stall.sqlite")).unwrap().len(), 300_000);
}

#[test]
fn only_its_passphrase_opens_it_and_a_changed_or_cut_one_is_told() {
    let kept = Kept::new();
    assert!(matches!(look(&kept.file, &"another passphrase".into()), Err(BackupError::WrongPassphrase)));
    let whole = fs::read(&kept.file).unwrap();
    assert!(!whole.windows(9).any(|bytes| bytes == b"a picture"));
    let mut changed = whole.clone();
    let last = changed.len() - 20;
    changed[last] ^= 1;
    for (why, bytes) in [("changed", changed.as_slice()), ("cut", &whole[..whole.len() - 1]), ("empty", b"")]
    {
        let file = kept.folder.path().join(why);
        fs::write(&file, bytes).unwrap();
        let refused = stage(&file, &passphrase(), &kept.data());
        assert!(matches!(refused, Err(BackupError::Damaged { .. })), "{why}: {refused:?}");
        assert_eq!(staged(&kept.data()).unwrap(), None, "{why}");
        assert!(!kept.data().join("restore.part").exists(), "{why}");
    }
}

#[test]
fn what_is_there_is_not_replaced_unasked() {
    let kept = Kept::new();
    let before = fs::read(&kept.file).unwrap();
    let refused = pack(&kept.file, &passphrase(), &manifest(), &[], false);
    assert!(matches!(refused, Err(BackupError::File { .. })));
    assert_eq!(fs::read(&kept.file).unwrap(), before);
    let missing = Source {
        name: Name::read(Path::new("live/stall.sqlite")).unwrap(),
        file: kept.folder.path().join("nowhere"),
    };
    assert!(pack(&kept.file, &passphrase(), &manifest(), &[missing], true).is_err());
    assert_eq!(fs::read(&kept.file).unwrap(), before, "a backup that fails leaves the earlier one");
    pack(&kept.file, &passphrase(), &manifest(), &[], true).unwrap();
    assert_ne!(fs::read(&kept.file).unwrap(), before);
}

/// T85: whoever can make a backup and knows its passphrase still writes nothing outside the data folder.
#[test]
fn a_backup_that_names_other_places_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for hostile in ["../outside", "live/../../outside", "/tmp/outside", "tools/cloudflared", "restore/x"] {
        let file = folder.path().join("hostile.backup");
        forge(&file, &[("manifest.json", &serde_json::to_vec(&manifest()).unwrap()), (hostile, b"x")]);
        let data = folder.path().join("data");
        assert!(matches!(stage(&file, &passphrase(), &data), Err(BackupError::Name(_))), "{hostile}");
        assert!(!folder.path().join("outside").exists());
        assert!(!data.join("restore").exists());
    }
    let file = folder.path().join("newer.backup");
    forge(&file, &[("manifest.json", br#"{"form":2,"version":"9.0.0"}"#)]);
    assert!(matches!(look(&file, &passphrase()), Err(BackupError::Newer(version)) if version == "9.0.0"));
}

/// Writes a backup without the product's own care.
fn forge(file: &Path, entries: &[(&str, &[u8])]) {
    let mut recipient = age::scrypt::Recipient::new(passphrase());
    recipient.set_work_factor(2);
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let output = fs::File::create(file).unwrap();
    let sealed = age::Encryptor::with_recipients(recipients).unwrap().wrap_output(output).unwrap();
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(sealed, flate2::Compression::fast()));
    for (name, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        archive.append(&header, *bytes).unwrap();
    }
    let mut sealed = archive.into_inner().unwrap().finish().unwrap();
    sealed.flush().unwrap();
    sealed.finish().unwrap();
}
