use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const SAMPLE: Duration = Duration::from_millis(1);

/// What the thread that runs a page's scripts and lays the page out did while it was watched. Only the time on a core
/// counts: how busy the computer is otherwise makes no difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Work {
    /// The longest it worked without a pause, in which the page answers nobody.
    pub longest: Duration,
    /// All of it.
    pub altogether: Duration,
}

/// Watches from when it is made until it is ended. It asks the page nothing, which would be work.
pub struct Watch {
    end: Sender<()>,
    samples: JoinHandle<Vec<Sample>>,
}

#[derive(Clone, Copy)]
struct Sample {
    at: Instant,
    worked: Duration,
    /// How long it would have worked and had no core.
    waited: Duration,
}

impl Watch {
    /// Watches the first thread of a process.
    pub(super) fn of(process: u32) -> Self {
        let (end, ended) = channel();
        Self { end, samples: thread::spawn(move || sample(process, &ended)) }
    }

    /// Ends it and answers what it saw.
    pub fn end(self) -> Work {
        drop(self.end);
        let samples = self.samples.join().expect("the samples are taken");
        let (mut work, mut without_pause) = (Work::default(), Duration::ZERO);
        for pair in samples.windows(2) {
            let [before, after] = pair else { continue };
            let worked = after.worked - before.worked;
            let busy = worked + (after.waited - before.waited);
            work.altogether += worked;
            without_pause =
                if busy * 2 > after.at - before.at { without_pause + worked } else { Duration::ZERO };
            work.longest = work.longest.max(without_pause);
        }
        work
    }
}

fn sample(process: u32, ended: &Receiver<()>) -> Vec<Sample> {
    let mut samples = Vec::new();
    loop {
        let text = std::fs::read_to_string(format!("/proc/{process}/task/{process}/schedstat"));
        let text = text.expect("the times of the thread");
        let mut times = text.split_whitespace().map(|time| time.parse().map(Duration::from_nanos));
        let mut next = || times.next().and_then(Result::ok).expect("nanoseconds");
        samples.push(Sample { at: Instant::now(), worked: next(), waited: next() });
        if ended.recv_timeout(SAMPLE) != Err(RecvTimeoutError::Timeout) {
            return samples;
        }
    }
}
