use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike as _, Days, MappedLocalTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _,
    Timelike as _, Utc,
};
use chrono_tz::Tz;

/// A time of day, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime(u16);

/// The text is no time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time of day; write it with hours and minutes such as 18:00")]
pub struct LocalTimeError(String);

/// Some days of the week, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekdays(u8);

/// A time on some days of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekly {
    /// Which days.
    pub days: Weekdays,
    /// The time on each of them.
    pub at: LocalTime,
}

/// The text does not say days of the week and a time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time of the week; write days and a time such as mon,18:00 or mon,thu,18:00")]
pub struct WeeklyError(String);

/// A time zone by its IANA name, with its daylight saving. The rules are those of the program's release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(Tz);

/// The text names no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time zone; write its IANA name such as Europe/Berlin or UTC")]
pub struct ZoneError(String);

const DAY_NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The longest jump of a clock that is set forward: a whole day, where a country changed sides of the
/// date line.
const LONGEST_JUMP: u16 = 24 * 60;

impl LocalTime {
    /// So many minutes after midnight.
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes < 24 * 60 { Some(Self(minutes)) } else { None }
    }

    fn on(self, day: NaiveDate) -> chrono::NaiveDateTime {
        day.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(self.0))
    }
}

impl Weekdays {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// From one bit for each day, Monday's the lowest.
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits == 0 || bits > Self::ALL.0 { None } else { Some(Self(bits)) }
    }

    /// The names of the days, from Monday on.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        DAY_NAMES
            .into_iter()
            .enumerate()
            .filter(move |(day, _)| self.0 & (1 << day) != 0)
            .map(|(_, name)| name)
    }

    fn hold(self, day: NaiveDate) -> bool {
        self.0 & (1 << day.weekday().num_days_from_monday()) != 0
    }
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// The moment at which a wall clock there shows the time. Where clocks are set back and show it
    /// twice, the first of the two; where they are set forward and never show it, the first moment
    /// after the jump. So each day has its run, and only one.
    fn moment(self, day: NaiveDate, at: LocalTime) -> Option<DateTime<Utc>> {
        let wanted = at.on(day);
        (0..=LONGEST_JUMP).find_map(|minutes| {
            let shown = wanted + TimeDelta::minutes(i64::from(minutes));
            match self.0.from_local_datetime(&shown) {
                MappedLocalTime::Single(moment) | MappedLocalTime::Ambiguous(moment, _) => {
                    Some(moment.with_timezone(&Utc))
                }
                MappedLocalTime::None => None,
            }
        })
    }

    /// The time of day that a wall clock there shows.
    pub fn time(self, at: DateTime<Utc>) -> LocalTime {
        let shown = at.with_timezone(&self.0);
        // A day has fewer minutes than this can hold.
        LocalTime(u16::try_from(shown.num_seconds_from_midnight() / 60).unwrap_or_default())
    }

    /// A moment as a wall clock there shows it: `2027-01-01 18:00`.
    pub fn shown(self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.0).format("%Y-%m-%d %H:%M").to_string()
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

/// The first moment after `since` that is this time of one of these days.
pub(super) fn first_after(
    since: DateTime<Utc>,
    days: Weekdays,
    at: LocalTime,
    zone: Zone,
) -> Option<DateTime<Utc>> {
    // From the day before, because a clock that jumps forward can carry a run past midnight.
    let first = since.with_timezone(&zone.0).date_naive().checked_sub_days(Days::new(1))?;
    // A week and a day further than that is more than the rarest choice needs.
    let dates = first.iter_days().take(10).filter(|day| days.hold(*day));
    dates.filter_map(|day| zone.moment(day, at)).filter(|moment| *moment > since).min()
}

/// The longest that two runs on these days can be apart, with the hour that a clock is set back.
pub(super) fn longest_gap(days: Weekdays) -> TimeDelta {
    let chosen: Vec<i64> = (0..14).filter(|day| days.0 & (1 << (day % 7)) != 0).collect();
    let longest = chosen.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(7);
    TimeDelta::days(longest) + TimeDelta::hours(1)
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for LocalTime {
    type Err = LocalTimeError;

    fn from_str(text: &str) -> Result<Self, LocalTimeError> {
        let part = |text: &str, most: u16| {
            let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u16>().ok().filter(|number| digits && *number <= most)
        };
        text.split_once(':')
            .filter(|(_, minutes)| minutes.len() == 2)
            .and_then(|(hours, minutes)| Self::from_minutes(part(hours, 23)? * 60 + part(minutes, 59)?))
            .ok_or_else(|| LocalTimeError(text.chars().take(40).collect()))
    }
}

/// `mon,thu,18:00`.
impl fmt::Display for Weekly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for name in self.days.names() {
            write!(f, "{name},")?;
        }
        self.at.fmt(f)
    }
}

impl FromStr for Weekly {
    type Err = WeeklyError;

    fn from_str(text: &str) -> Result<Self, WeeklyError> {
        let read = || {
            let (names, at) = text.rsplit_once(',')?;
            let mut bits = 0;
            for name in names.split(',') {
                let name = name.trim().to_ascii_lowercase();
                bits |= 1 << DAY_NAMES.iter().position(|day| *day == name)?;
            }
            Some(Self { days: Weekdays::from_bits(bits)?, at: at.trim().parse().ok()? })
        };
        read().ok_or_else(|| WeeklyError(text.chars().take(60).collect()))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        text.parse().map(Self).map_err(|_| ZoneError(text.chars().take(60).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn runs(zone: &str, at: &str, from: &str, count: usize) -> Vec<String> {
        let (zone, at) = (zone.parse().unwrap(), at.parse().unwrap());
        let next = |since: &DateTime<Utc>| first_after(*since, Weekdays::ALL, at, zone);
        let runs = std::iter::successors(next(&utc(from)), next).take(count);
        runs.map(|run| run.format("%m-%d %H:%M").to_string()).collect()
    }

    #[test]
    fn a_time_that_a_clock_set_forward_never_shows_runs_right_after_the_jump() {
        // 2027-03-28: Berlin goes from 02:00 to 03:00, which is 01:00 in London's winter.
        let around = runs("Europe/Berlin", "02:30", "2027-03-26T12:00:00Z", 3);
        assert_eq!(around, ["03-27 01:30", "03-28 01:00", "03-29 00:30"]);
        let midnight = runs("America/Havana", "00:10", "2027-03-13T12:00:00Z", 2);
        assert_eq!(midnight, ["03-14 05:00", "03-15 04:10"]);
    }

    #[test]
    fn a_time_that_a_clock_set_back_shows_twice_runs_the_first_time_only() {
        // 2027-10-31: Berlin goes from 03:00 back to 02:00.
        let around = runs("Europe/Berlin", "02:30", "2027-10-29T12:00:00Z", 3);
        assert_eq!(around, ["10-30 00:30", "10-31 00:30", "11-01 01:30"]);
        // Half an hour on Lord Howe Island, 2027-04-04.
        let around = runs("Australia/Lord_Howe", "01:45", "2027-04-02T18:00:00Z", 3);
        assert_eq!(around, ["04-03 14:45", "04-04 15:15", "04-05 15:15"]);
    }

    #[test]
    fn a_day_that_never_was_gives_its_run_to_the_day_after() {
        // Samoa had no 30 December 2011.
        let around = runs("Pacific/Apia", "12:00", "2011-12-29T23:00:00Z", 2);
        assert_eq!(around, ["12-30 10:00", "12-30 22:00"]);
    }

    #[test]
    fn days_of_the_week_are_those_of_the_zone() {
        let (days, at, zone) = (Weekdays(1), "00:30".parse().unwrap(), "Asia/Tokyo".parse().unwrap());
        // Monday 00:30 in Tokyo is Sunday afternoon in UTC; 2027-01-03 is a Sunday.
        assert_eq!(
            first_after(utc("2027-01-01T00:00:00Z"), days, at, zone),
            Some(utc("2027-01-03T15:30:00Z"))
        );
        assert_eq!(
            first_after(utc("2027-01-03T15:30:00Z"), days, at, zone),
            Some(utc("2027-01-10T15:30:00Z"))
        );
    }

    #[test]
    fn the_longest_gap_of_a_week_spans_its_end() {
        let gap = |text: &str| longest_gap(text.parse::<Weekly>().unwrap().days).num_hours() - 1;
        assert_eq!(gap("mon,tue,wed,thu,fri,sat,sun,18:00"), 24);
        assert_eq!(gap("mon,fri,18:00"), 4 * 24);
        assert_eq!(gap("sat,sun,18:00"), 6 * 24);
        assert_eq!(gap("wed,18:00"), 7 * 24);
    }

    #[test]
    fn times_days_and_zones_are_read_and_written_back() {
        for (text, written) in [("18:00", "18:00"), ("7:05", "07:05"), ("00:00", "00:00"), ("23:59", "23:59")]
        {
            assert_eq!(text.parse::<LocalTime>().unwrap().to_string(), written);
        }
        for wrong in ["", "18", "24:00", "18:60", "18:0", "018:00", "-1:00", "18:00:00", "6pm"] {
            assert!(wrong.parse::<LocalTime>().is_err(), "{wrong:?}");
        }
        for (text, written) in [("mon,18:00", "mon,18:00"), ("Thu, MON,7:30", "mon,thu,07:30")] {
            assert_eq!(text.parse::<Weekly>().unwrap().to_string(), written);
        }
        for wrong in ["", "18:00", ",18:00", "monday,18:00", "mon", "mon,25:00"] {
            assert!(wrong.parse::<Weekly>().is_err(), "{wrong:?}");
        }
        assert_eq!("Europe/Berlin".parse::<Zone>().unwrap().to_string(), "Europe/Berlin");
        assert_eq!(Zone::default().to_string(), "UTC");
        assert!("Europe/Atlantis".parse::<Zone>().is_err());
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        assert_eq!(berlin.shown(utc("2027-07-01T16:00:00Z")), "2027-07-01 18:00");
    }
}
