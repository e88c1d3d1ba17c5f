//! Services on the command line.

use clap::Args;
use serde_json::{Map, Value, json};

/// A program whose answers are sold.
#[derive(Debug, Default, Args)]
pub(crate) struct ServiceFlags {
    /// The program whose answers are sold, such as http://127.0.0.1:3000/api.
    #[arg(long, value_name = "URL")]
    service: Option<String>,
    /// Allow the program to be on another computer.
    #[arg(long, conflicts_with = "local")]
    remote: bool,
    /// Allow it on this computer only, which is so by default.
    #[arg(long)]
    local: bool,
    /// What follows the endpoint's path: '/{city}' is one part, '/{*rest}' any number of them.
    #[arg(long)]
    pattern: Option<String>,
    /// What the program may be asked, such as GET,POST.
    #[arg(long, value_delimiter = ',')]
    methods: Option<Vec<String>>,
    /// A header of the buyer's that reaches the program, such as accept-language. Can be repeated.
    #[arg(long = "header", value_name = "NAME")]
    headers: Option<Vec<String>>,
    /// A header of the program's that reaches the buyer. Can be repeated.
    #[arg(long = "answer-header", value_name = "NAME")]
    answer_headers: Option<Vec<String>>,
    /// The longest body that reaches the program, in bytes.
    #[arg(long, value_name = "BYTES")]
    longest_request: Option<u32>,
    /// The longest answer that is kept until it is settled, in bytes.
    #[arg(long, value_name = "BYTES")]
    longest_answer: Option<u32>,
    /// How long the program may keep a buyer waiting, such as 30s or 2m.
    #[arg(long, value_parser = seconds)]
    timeout: Option<u16>,
}

impl ServiceFlags {
    /// What is said of a service, if anything is.
    pub(crate) fn request(self) -> Option<Value> {
        let said = [
            ("upstream", self.service.map(Value::from)),
            ("remote", (self.remote || self.local).then(|| Value::from(self.remote))),
            ("pattern", self.pattern.map(Value::from)),
            ("methods", self.methods.map(Value::from)),
            ("requestHeaders", self.headers.map(Value::from)),
            ("answerHeaders", self.answer_headers.map(Value::from)),
            ("longestRequest", self.longest_request.map(Value::from)),
            ("longestAnswer", self.longest_answer.map(Value::from)),
            ("patienceSeconds", self.timeout.map(Value::from)),
        ];
        let said: Map<String, Value> =
            said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        (!said.is_empty()).then(|| json!(said))
    }
}

fn seconds(text: &str) -> Result<u16, String> {
    let (digits, unit) = match text.strip_suffix('m') {
        Some(digits) => (digits, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    let count: Option<u16> = digits.parse().ok();
    count.and_then(|count| count.checked_mul(unit)).ok_or_else(|| "write a time such as 30s or 2m".to_owned())
}
