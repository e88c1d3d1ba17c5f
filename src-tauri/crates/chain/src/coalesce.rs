use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::nodes::Nodes;
use crate::probe::{LARGEST_PROBE, probe};
use crate::{ChainError, PayerFacts, PayerQuestion};

type Answer = Result<PayerFacts, ChainError>;

/// Lets questions about payers travel together: while one call is under way, those that arrive wait for the next.
///
/// Nothing is delayed on purpose, and no answer is older than its question.
#[derive(Default)]
pub(crate) struct Coalescer(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    questions: Vec<(PayerQuestion, oneshot::Sender<Answer>)>,
    /// Whether a task is asking; it takes up whatever waits before it ends.
    asking: bool,
}

impl Coalescer {
    /// Puts one question and waits for its answer.
    pub(crate) async fn ask(self: &Arc<Self>, nodes: &Arc<Nodes>, question: PayerQuestion) -> Answer {
        let (answer, answered) = oneshot::channel();
        let is_first = {
            let mut waiting = self.waiting();
            waiting.questions.push((question, answer));
            !std::mem::replace(&mut waiting.asking, true)
        };
        if is_first {
            // A task of its own: whoever asked first may be gone before the others have their answers.
            tokio::spawn(ask_while_waiting(self.clone(), nodes.clone()));
        }
        answered.await.unwrap_or_else(|_| Err(ChainError::Unknown("the question was dropped".to_owned())))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next questions about one asset, as many as one call carries.
    fn take(&self) -> Vec<(PayerQuestion, oneshot::Sender<Answer>)> {
        let mut waiting = self.waiting();
        let asset = waiting.questions.first().map(|(question, _)| question.asset);
        let mut room = LARGEST_PROBE;
        let taken: Vec<_> = waiting
            .questions
            .extract_if(.., |(question, _)| {
                let goes = room > 0 && Some(question.asset) == asset;
                room -= usize::from(goes);
                goes
            })
            .collect();
        waiting.asking = !taken.is_empty();
        taken
    }
}

async fn ask_while_waiting(coalescer: Arc<Coalescer>, nodes: Arc<Nodes>) {
    loop {
        let (questions, answers): (Vec<_>, Vec<_>) = coalescer.take().into_iter().unzip();
        let Some(asset) = questions.first().map(|question| question.asset) else { return };
        // Whoever no longer waits for the answer needs none: a failed send is no failure.
        match probe(&nodes, asset, &questions, "latest").await {
            Ok(facts) => {
                for (answer, facts) in answers.into_iter().zip(facts) {
                    let _ = answer.send(Ok(facts));
                }
            }
            Err(error) => {
                for answer in answers {
                    let _ = answer.send(Err(error.clone()));
                }
            }
        }
    }
}
