//! What stands on the screen, and since when: a start is over when something stands there and nothing changes any more.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat, Window};
use x11rb::rust_connection::RustConnection;

/// What has more colours on its lines than this is no empty page.
const COLOURS: usize = 4;

/// So long nothing has to change.
const QUIET: Duration = Duration::from_secs(2);
const GIVEN_UP: Duration = Duration::from_secs(40);
/// As often as a screen is drawn: who looks takes time from what is looked at.
const EVERY: Duration = Duration::from_millis(16);

/// Lines of the screen, one pixel high and so far apart that each row of text and each picture is met.
const LINES: std::ops::Range<i16> = 6..800;
const APART: usize = 22;
/// Beyond it lie scroll bars, which fade when the pointer rests.
const WIDTH: u16 = 1264;

/// Left of it lies the side bar.
const SIDE: u16 = 200;

/// Somebody who looks at a screen.
pub(crate) struct Eye {
    x: RustConnection,
    root: Window,
}

/// When something was first seen, and when side bar and page were as they stayed.
pub(crate) struct Seen {
    pub(crate) first: Duration,
    pub(crate) side: Duration,
    pub(crate) page: Duration,
}

impl Seen {
    /// When all of the window was as it stayed.
    pub(crate) fn whole(&self) -> Duration {
        self.side.max(self.page)
    }
}

impl Eye {
    pub(crate) fn at(display: &str) -> anyhow::Result<Self> {
        let (x, number) = x11rb::connect(Some(display))?;
        let root = x.setup().roots.get(number).context("a screen")?.root;
        Ok(Self { x, root })
    }

    /// Looks until something is there and nothing changes any more; times are counted from `began`.
    pub(crate) fn watch(&self, began: Instant) -> anyhow::Result<Seen> {
        let blank = self.look()?;
        let (mut known, mut first) = (blank, None);
        let (mut side, mut page) = (began, began);
        let mut changed = began;
        loop {
            std::thread::sleep(EVERY);
            let now = self.look()?;
            let at = Instant::now();
            if now != known {
                changed = at;
                first.get_or_insert(at);
                if now.0 != known.0 {
                    side = at;
                }
                if now.1 != known.1 {
                    page = at;
                }
                known = now;
            }
            let is_over = changed.elapsed() > QUIET && shows_something(&known);
            let Some(first) = first.filter(|_| is_over) else {
                anyhow::ensure!(began.elapsed() < GIVEN_UP, "the screen never comes to rest");
                continue;
            };
            return Ok(Seen { first: first - began, side: side - began, page: page - began });
        }
    }

    /// What stands on the lines in the side bar and on the page.
    fn look(&self) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
        let strips = LINES.step_by(APART).map(|y| {
            let part = |x: u16, width| {
                let x = i16::try_from(x).unwrap_or_default();
                self.x.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, 1, u32::MAX)
            };
            Ok((part(0, SIDE)?, part(SIDE, WIDTH - SIDE)?))
        });
        // All are asked before the first is answered.
        let strips = strips.collect::<anyhow::Result<Vec<_>>>()?;
        let (mut side, mut page) = (Vec::new(), Vec::new());
        for (left, right) in strips {
            side.extend(left.reply()?.data);
            page.extend(right.reply()?.data);
        }
        Ok((side, page))
    }
}

fn shows_something((side, page): &(Vec<u8>, Vec<u8>)) -> bool {
    let pixels = side.as_chunks::<4>().0.iter().chain(page.as_chunks::<4>().0);
    let colours: BTreeSet<_> = pixels.collect();
    colours.len() > COLOURS
}
