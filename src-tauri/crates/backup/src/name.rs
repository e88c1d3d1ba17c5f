use std::path::{Component, Path, PathBuf};

use domain::Environment;

use crate::BackupError;

/// The name of a file below a data folder: something of one environment. Nothing else is put anywhere, whatever a backup
/// says (T85): `config.toml` and the programs that a seller brought belong to a computer, not to a stall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(PathBuf);

impl Name {
    /// A file of an environment, by its path below it.
    ///
    /// # Errors
    /// When the path leads out of it.
    pub fn of(environment: Environment, path: &Path) -> Result<Self, BackupError> {
        Self::read(&Path::new(environment.as_str()).join(path))
    }

    /// The name as it stands in a backup.
    ///
    /// # Errors
    /// When a data folder has no file of this name.
    pub fn read(path: &Path) -> Result<Self, BackupError> {
        let wrong = || BackupError::Name(path.to_string_lossy().into_owned());
        let parts: Option<Vec<&str>> = path
            .components()
            .map(|part| match part {
                Component::Normal(name) => name.to_str(),
                Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => None,
            })
            .collect();
        match parts.as_deref() {
            Some([environment, _, ..]) if environment.parse::<Environment>().is_ok() => {
                Ok(Self(path.to_owned()))
            }
            Some(_) | None => Err(wrong()),
        }
    }

    /// Below the data folder.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_a_data_folder_has_a_name() {
        for good in ["live/stall.sqlite", "practice/pictures/ab/cd.webp"] {
            assert_eq!(Name::read(Path::new(good)).unwrap().path(), Path::new(good));
        }
        for bad in [
            "",
            ".",
            "live",
            "config.toml",
            "other/stall.sqlite",
            "/live/stall.sqlite",
            "live/../config.toml",
            "tools/program",
            "live/../../x",
        ] {
            assert!(Name::read(Path::new(bad)).is_err(), "{bad}");
        }
        assert!(Name::of(Environment::Live, Path::new("../x")).is_err());
    }
}
