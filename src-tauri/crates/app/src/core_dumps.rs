//! What a crash leaves behind: no image of a memory that holds a key (I12, T84).

use domain::Environment;

/// Lets this process, and those it starts, end without writing their memory to a file. Where keys are worth something,
/// programs of the same user cannot read its memory either; practice stays open to debuggers.
#[cfg(unix)]
pub(crate) fn forbid(environment: Environment) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let nothing = Rlimit { current: Some(0), maximum: Some(0) };
    if let Err(error) = setrlimit(Resource::Core, nothing) {
        tracing::warn!(%error, "a crash may write this program's memory to a file");
    }
    #[cfg(target_os = "linux")]
    if environment != Environment::Practice {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
            tracing::warn!(%error, "other programs of this user may read this program's memory");
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = environment;
}

#[cfg(not(unix))]
pub(crate) fn forbid(_environment: Environment) {}
