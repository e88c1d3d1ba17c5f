use std::process::ExitCode;

/// What a binary must ask before anything else, with the words behind its name: the supervisors of the practice node and
/// of tunnels' programs are the same program, started again with a word of their own. None where it was started by a
/// person.
pub fn supervise(mut words: impl Iterator<Item = String>) -> Option<ExitCode> {
    let supervisor = match words.next()?.as_str() {
        practice::SUPERVISOR_COMMAND => practice::supervise,
        reach::SUPERVISOR_COMMAND => reach::supervise,
        _ => return None,
    };
    Some(supervisor(&words.next().unwrap_or_default()))
}
