//! Embeds the front end and names the only command the window may ask for.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let manifest = tauri_build::AppManifest::new().commands(&["call"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    if !tauri_build::is_dev() {
        // What is embedded is read while the window is compiled; Cargo knows nothing of it.
        println!("cargo:rerun-if-changed=../ui/dist");
    }
    Ok(())
}
