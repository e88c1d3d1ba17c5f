use chrono::TimeDelta;

/// How long to wait after the first, the second and every further try that failed. After the last of them there is one
/// more try, and no other.
const WAITS: [TimeDelta; 7] = [
    TimeDelta::seconds(5),
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(6),
    TimeDelta::hours(12),
];

/// How long to wait after a try that failed, when so many failed before; none when it was the last. A receiver that asks
/// for a longer rest gets it, within reason.
pub(crate) fn wait_after(failed_before: u32, asked_for: Option<TimeDelta>) -> Option<TimeDelta> {
    let wait = *WAITS.get(usize::try_from(failed_before).unwrap_or(usize::MAX))?;
    Some(asked_for.unwrap_or(wait).clamp(wait, WAITS[WAITS.len() - 1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_eight_times_over_the_better_part_of_a_day() {
        let waits: Vec<_> = (0..).map_while(|failed| wait_after(failed, None)).collect();
        let seconds: Vec<_> = waits.iter().map(TimeDelta::num_seconds).collect();
        assert_eq!(seconds, [5, 60, 300, 1800, 7200, 21_600, 43_200]);
        assert_eq!(wait_after(u32::MAX, None), None);
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_and_not_for_less_or_for_ever() {
        assert_eq!(wait_after(0, Some(TimeDelta::seconds(90))), Some(TimeDelta::seconds(90)));
        assert_eq!(wait_after(2, Some(TimeDelta::seconds(1))), Some(TimeDelta::minutes(5)));
        assert_eq!(wait_after(0, Some(TimeDelta::days(900))), Some(TimeDelta::hours(12)));
        assert_eq!(wait_after(7, Some(TimeDelta::seconds(90))), None);
    }
}
