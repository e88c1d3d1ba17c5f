//! Says plainly what to do where the buyer's page was not built: the server carries it inside.

use std::path::Path;

fn main() {
    let page = Path::new("../../../ui/buyer");
    println!("cargo::rerun-if-changed={}", page.join("template.html").display());
    for file in ["buyer.js", "buyer.css"] {
        let file = page.join("dist").join(file);
        println!("cargo::rerun-if-changed={}", file.display());
        if !file.is_file() {
            println!(
                "cargo::error=the buyer's page is not built: run `npm ci && npm run build` in ui/buyer, or `cargo xtask start`, \
                 which does it"
            );
            return;
        }
    }
}
