//! With what the page is painted on Linux where the computer has no graphics card, as many rented and virtual ones.

use std::path::Path;

/// Where the system shows the cards that can be drawn with.
const CARDS: &str = "/dev/dri";

/// By the processor, and in one piece: `WebKitGTK` would let OpenGL imitate a card, both to paint and to put the picture
/// together from layers.
const WITHOUT_CARD: [&str; 2] = ["WEBKIT_SKIA_ENABLE_CPU_RENDERING", "WEBKIT_DISABLE_COMPOSITING_MODE"];

/// Has the page painted in the way that suits this computer: where there is no card, an imitated one took a third of a
/// second of each start and half of the time until a filter is drawn. What somebody chose by hand stays. Called while
/// nothing else runs beside it, which may read what it sets.
pub(crate) fn choose() {
    if !has_card(Path::new(CARDS)) {
        for way in WITHOUT_CARD {
            // Only a name that is none is refused.
            drop(glib::setenv(way, "1", false));
        }
    }
}

fn has_card(cards: &Path) -> bool {
    let Ok(found) = std::fs::read_dir(cards) else { return false };
    found.flatten().any(|card| card.file_name().to_string_lossy().starts_with("renderD"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_one_that_can_be_drawn_with() {
        let cards = tempfile::tempdir().unwrap();
        assert!(!has_card(&cards.path().join("none")));
        assert!(!has_card(cards.path()));
        // A screen alone is no card.
        std::fs::write(cards.path().join("card0"), "").unwrap();
        assert!(!has_card(cards.path()));
        std::fs::write(cards.path().join("renderD128"), "").unwrap();
        assert!(has_card(cards.path()));
    }
}
