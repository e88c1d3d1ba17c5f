//! Whether what packages bring is whole, without making one: every file that the bundler is told of is there, the system is
//! told one name and one version everywhere, and the manual and the completions can be read.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::package::{PACKAGING, lay_out_pages};
use crate::step;
use crate::workspace::{Profile, Workspace};

const METAINFO: &str = "dev.stallkeeper.desktop.metainfo.xml";

/// What only making a package lays out.
const LAID_OUT: &str = "../target/package/";

/// The files, and what a built program says about itself.
pub(crate) fn check(workspace: &Workspace, profile: Profile) -> Result<(), String> {
    files(workspace)?;
    let share = workspace.target().join("tmp/shipped");
    lay_out_pages(workspace, profile, &share)?;
    let pages = fs::read_dir(share.join("man/man1")).map_err(|error| error.to_string())?;
    let pages: Vec<PathBuf> = pages.flatten().map(|page| page.path()).collect();
    let mut groff = workspace.command("groff");
    let warned = groff.args(["-man", "-Tutf8", "-ww", "-z", "-rLL=100n"]).args(&pages).output();
    let warned = warned.map_err(|error| format!("cannot start `groff`: {error}"))?.stderr;
    if !warned.is_empty() || pages.len() < 100 {
        return Err(format!("{} pages of the manual: {}", pages.len(), String::from_utf8_lossy(&warned)));
    }
    let desktop = share.join("Stallkeeper.desktop");
    fs::write(&desktop, desktop_file(workspace)?).map_err(|error| error.to_string())?;
    step::run(workspace.command("desktop-file-validate").arg(&desktop))?;
    let metainfo = workspace.path(PACKAGING).join(METAINFO);
    step::run(workspace.command("appstreamcli").args(["validate", "--no-net", "--no-color"]).arg(metainfo))
}

/// The files alone.
pub(crate) fn files(workspace: &Workspace) -> Result<(), String> {
    let folder = workspace.path("src-tauri");
    let config = config(workspace)?;
    let metainfo = read(&workspace.path(PACKAGING).join(METAINFO))?;
    let wrong: Vec<String> = missing(&config["bundle"], &folder)
        .into_iter()
        .chain(missing(&json(&workspace.path(PACKAGING).join("beside.json"))?["bundle"], &folder))
        .chain(icons_of_another_size(&workspace.path("icons")))
        .chain(disagreements(&config, &desktop_file(workspace)?, &metainfo, env!("CARGO_PKG_VERSION")))
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

fn config(workspace: &Workspace) -> Result<Value, String> {
    json(&workspace.path("src-tauri/tauri.conf.json"))
}

/// As the bundler fills it in.
fn desktop_file(workspace: &Workspace) -> Result<String, String> {
    let config = config(workspace)?;
    let template = read(&workspace.path(PACKAGING).join("stallkeeper.desktop"))?;
    let said = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(template
        .replace("{{name}}", &said(&config["productName"]))
        .replace("{{comment}}", &said(&config["bundle"]["shortDescription"]))
        .replace("{{exec}}", "stallkeeper-desktop")
        .replace("{{icon}}", "stallkeeper-desktop"))
}

/// The files that a configuration names and nobody has, whatever it names them for.
fn missing(named: &Value, folder: &Path) -> Vec<String> {
    match named {
        Value::String(path) => {
            let is_path = path.starts_with("../") || path.starts_with("packages/");
            let is_missing = is_path && !path.starts_with(LAID_OUT) && !folder.join(path).is_file();
            is_missing.then(|| format!("{path} is not there")).into_iter().collect()
        }
        Value::Array(items) => items.iter().flat_map(|item| missing(item, folder)).collect(),
        Value::Object(fields) => fields.values().flat_map(|value| missing(value, folder)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// Icons that are not as large as their names say.
fn icons_of_another_size(folder: &Path) -> Vec<String> {
    [16_u32, 24, 32, 48, 64, 128, 256, 512]
        .into_iter()
        .filter_map(|size| {
            let name = if size == 512 { "icon.png".to_owned() } else { format!("{size}x{size}.png") };
            let bytes = fs::read(folder.join(&name)).unwrap_or_default();
            // A PNG says how wide and high it is in its first part.
            let said = [size.to_be_bytes(), size.to_be_bytes()].concat();
            (bytes.get(16..24) != Some(&said))
                .then(|| format!("icons/{name} is not {size} pixels wide and high"))
        })
        .collect()
}

/// What the configuration, the desktop file and the metainfo say differently.
fn disagreements(config: &Value, desktop: &str, metainfo: &str, version: &str) -> Vec<String> {
    let said = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (name, id) = (said(&config["productName"]), said(&config["identifier"]));
    let scheme = said(&config["plugins"]["deep-link"]["desktop"]["schemes"][0]);
    let summary = said(&config["bundle"]["shortDescription"]);
    let mut expected = vec![
        (METAINFO, metainfo, format!("<id>{id}</id>")),
        (METAINFO, metainfo, format!("<launchable type=\"desktop-id\">{name}.desktop</launchable>")),
        (METAINFO, metainfo, format!("<name>{name}</name>")),
        (METAINFO, metainfo, format!("<summary>{summary}</summary>")),
        (METAINFO, metainfo, format!("<mediatype>x-scheme-handler/{scheme}</mediatype>")),
        (METAINFO, metainfo, format!("<releases>\n    <release version=\"{version}\"")),
        ("the desktop file", desktop, format!("\nMimeType=x-scheme-handler/{scheme};\n")),
        ("the desktop file", desktop, "\nExec=stallkeeper-desktop %u\n".to_owned()),
    ];
    for language in ["de", "es"] {
        let comment = format!("\nComment[{language}]=");
        let line = desktop.split_once(&comment).and_then(|(_, rest)| rest.lines().next()).unwrap_or_default();
        expected.push((METAINFO, metainfo, format!("<summary xml:lang=\"{language}\">{line}</summary>")));
    }
    let lacks = expected.into_iter().filter(|(_, text, part)| !text.contains(part));
    lacks.map(|(which, _, part)| format!("{which} does not say {}", part.trim())).collect()
}

fn json(file: &Path) -> Result<Value, String> {
    serde_json::from_str(&read(file)?).map_err(|error| format!("{}: {error}", file.display()))
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_shipped_here_agrees() {
        assert_eq!(files(&Workspace::find().unwrap()), Ok(()));
    }

    #[test]
    fn a_file_that_nobody_has_and_a_version_that_is_not_ours_are_named() {
        let workspace = Workspace::find().unwrap();
        let named = json!({ "icon": ["../icons/32x32.png", "../icons/33x33.png"], "deb": { "files": { "/usr": "../target/package/share" } } });
        assert_eq!(missing(&named, &workspace.path("src-tauri")), ["../icons/33x33.png is not there"]);
        let (config, desktop) = (config(&workspace).unwrap(), desktop_file(&workspace).unwrap());
        let metainfo = read(&workspace.path(PACKAGING).join(METAINFO)).unwrap();
        let wrong = disagreements(&config, &desktop, &metainfo, "99.0.0");
        assert!(matches!(&wrong[..], [one] if one.contains("99.0.0")), "{wrong:?}");
        assert_eq!(
            disagreements(&config, &desktop.replace("[de]=", "[fr]="), &metainfo, env!("CARGO_PKG_VERSION"))
                .len(),
            1
        );
    }
}
