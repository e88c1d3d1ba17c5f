use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use alloy_primitives::B256;
use domain::PublishedFile;

use super::Goods;
use crate::content::Published;

/// The files of one listing, each of them once: most of an archive's files are the same in many of its versions, and each
/// is to be opened and read through once.
#[derive(Default)]
pub(crate) struct Files<'f> {
    known: HashMap<(&'f str, u64, B256), Arc<Published>>,
    held: Vec<Arc<Published>>,
}

impl<'f> Files<'f> {
    /// What was held before at the path whose goods are asked for next: a file that is still the same stays open.
    pub(crate) fn hold<'g>(&mut self, goods: impl Iterator<Item = &'g Goods>) {
        let mut seen = HashSet::new();
        let files = goods.flat_map(Goods::files);
        self.held = files.filter(|file| seen.insert(Arc::as_ptr(file))).cloned().collect();
    }

    pub(super) fn of(&mut self, file: &'f PublishedFile) -> Arc<Published> {
        let Self { known, held } = self;
        let known = known.entry((&file.path, file.bytes, file.sha256));
        Arc::clone(known.or_insert_with(|| Published::among(file, held)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};
    use std::fs;
    use std::iter;
    use std::path::Path;

    use chrono::{DateTime, Utc};
    use domain::{
        Clock, Content, Endpoint, EndpointId, EndpointState, Folder, Member, Mode, OwnedFor, OwnersGet, Part,
        Sleep, SoldAs,
    };
    use sha2::{Digest as _, Sha256};
    use store::{Earlier, Given, Listing};

    use super::*;
    use crate::catalogue::Catalogue;
    use crate::content::Checks;
    use crate::goods::Sound;
    use crate::sign_in::Challenges;

    struct Noon;

    impl Clock for Noon {
        fn now(&self) -> DateTime<Utc> {
            DateTime::from_timestamp(1_800_000_000, 0).unwrap()
        }

        fn sleep_until(&self, _at: DateTime<Utc>) -> Sleep<'_> {
            Box::pin(std::future::pending())
        }
    }

    /// A file of the folder, written now.
    fn member(folder: &Path, name: &str) -> Member {
        let path = folder.join(name);
        fs::write(&path, name).unwrap();
        let file = PublishedFile {
            path: path.to_str().unwrap().to_owned(),
            file_name: name.to_owned(),
            media_type: "audio/wav".to_owned(),
            bytes: name.len() as u64,
            sha256: B256::from_slice(&Sha256::digest(name)),
        };
        Member { part: name.parse().unwrap(), name: name.to_owned(), file, crc32: 0 }
    }

    /// An archive that was sold without its last file, and before that without its last two.
    fn listing(folder: &Path) -> Listing {
        let members: Vec<_> = ["a.wav", "b.wav", "c.wav"].map(|name| member(folder, name)).into();
        let earlier = |count: u8| Earlier {
            part: Part::WHOLE,
            sha256: B256::repeat_byte(count),
            files: members[..usize::from(count)].into(),
        };
        let content = Content::Folder(Folder {
            path: folder.to_str().unwrap().to_owned(),
            sold_as: SoldAs::Archive { sha256: B256::repeat_byte(3) },
            members: members.as_slice().into(),
        });
        let endpoint = Endpoint {
            id: EndpointId::from_random([1; 16]),
            path: "/stems".parse().unwrap(),
            title: "Stems".to_owned(),
            description: String::new(),
            is_listed: true,
            content,
            mode: Mode::Batched,
            owned_for: OwnedFor::DEFAULT,
            owners_get: OwnersGet::Bought,
            state: EndpointState::Live,
            created_at: Noon.now(),
        };
        let earlier = vec![earlier(2), earlier(1)];
        Listing { endpoint, offers: Vec::new(), given: Given::default(), cover: None, earlier }
    }

    #[tokio::test]
    async fn a_file_that_is_in_many_versions_of_an_archive_is_opened_once_also_after_a_start() {
        let folder = tempfile::tempdir().unwrap();
        let keys = tempfile::tempdir().unwrap();
        let receipts =
            wallet::ReceiptKey::open_or_create(&keys.path().join("receipts.key"), [2; 32]).unwrap();
        let challenges = Arc::new(Challenges::new(wallet::SignInKey::new([3; 32]), receipts, Arc::new(Noon)));
        let build = |listing: Listing, before: &Catalogue| {
            let url = "https://stall.example".parse().unwrap();
            Catalogue::build(vec![listing], &HashMap::new(), &HashSet::new(), &url, &challenges, before)
        };
        let checks = Checks::default();
        let opened = async |catalogue: &Catalogue| {
            let item = catalogue.find("/stems").unwrap();
            let mut opened = Vec::new();
            for version in iter::once(item).chain(&item.earlier) {
                let Sound::Archive(archive) = version.goods.sellable(&checks).await.unwrap() else {
                    panic!("no archive")
                };
                opened.extend(archive.files.iter().cloned());
            }
            let distinct: HashSet<_> = opened.iter().map(Arc::as_ptr).collect();
            assert_eq!((opened.len(), distinct.len()), (3 + 2 + 1, 3));
            opened
        };
        let listing = listing(folder.path());
        let first = build(listing.clone(), &Catalogue::default());
        first.check_files(&checks);
        let before = opened(&first).await;
        // What stays in an earlier version only is the same still.
        let mut shorter = listing;
        let Content::Folder(archive) = &mut shorter.endpoint.content else { panic!("no folder") };
        let latest = Earlier {
            sha256: B256::repeat_byte(3),
            files: archive.members.clone(),
            ..shorter.earlier[0].clone()
        };
        archive.members = archive.members[..1].into();
        archive.sold_as = SoldAs::Archive { sha256: B256::repeat_byte(1) };
        shorter.earlier = vec![latest, shorter.earlier[0].clone()];
        let now = opened(&build(shorter, &first)).await;
        let pointers = |files: &[_]| files.iter().map(Arc::as_ptr).collect::<HashSet<_>>();
        assert_eq!(pointers(&now), pointers(&before));
    }
}
