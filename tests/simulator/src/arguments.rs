use std::time::Instant;

/// What was asked for.
pub(crate) struct Arguments {
    /// The first schedule's seed; each further one has the next number.
    pub(crate) seed: u64,
    /// Whether every step is printed.
    pub(crate) tells: bool,
    /// How many are played at the same time.
    pub(crate) workers: usize,
    /// Whether crash points are gone through instead: each, or every so many.
    pub(crate) points: Option<u64>,
    schedules: Option<u64>,
    seconds: Option<u64>,
}

const USAGE: &str = "simulator [--schedules N] [--minutes M | --seconds T] [--seed S] [--workers W] [--tell]
simulator --crash-points EVERY";

impl Arguments {
    /// Reads the command line. Without a number of schedules or a time, a hundred are played.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut read =
            Self { seed: fresh(), tells: false, workers: 2, points: None, schedules: None, seconds: None };
        while let Some(word) = words.next() {
            if word == "--tell" {
                read.tells = true;
                continue;
            }
            let number = words.next().and_then(|text| text.parse::<u64>().ok());
            let number = number.ok_or_else(|| USAGE.to_owned())?;
            match word.as_str() {
                "--schedules" => read.schedules = Some(number),
                "--crash-points" => read.points = Some(number.max(1)),
                "--minutes" => read.seconds = Some(number.saturating_mul(60)),
                "--seconds" => read.seconds = Some(number),
                "--seed" => read.seed = number,
                "--workers" => read.workers = usize::try_from(number).map_err(|_| USAGE.to_owned())?,
                _ => return Err(USAGE.to_owned()),
            }
        }
        if read.schedules.is_none() && read.seconds.is_none() {
            read.schedules = Some(100);
        }
        Ok(read)
    }

    /// Whether there is nothing left to play after so many.
    pub(crate) fn is_over(&self, played: u64, began: Instant) -> bool {
        self.schedules.is_some_and(|most| played >= most)
            || self.seconds.is_some_and(|most| began.elapsed().as_secs() >= most)
    }
}

/// A number nobody has seen before, short enough to be typed.
fn fresh() -> u64 {
    let word = integration::random_word();
    u64::from(u32::from_be_bytes([word[0], word[1], word[2], word[3]])) * 1000
}
