use std::process::ExitCode;

use app::ErrorCode;
use serde_json::Value;

/// Only a part was done.
const PARTLY: u8 = 6;

/// The exit code for an error; the list stands in the help.
pub(crate) fn code(error: ErrorCode) -> ExitCode {
    ExitCode::from(match error {
        ErrorCode::Internal => 1,
        ErrorCode::NotFound => 3,
        ErrorCode::InvalidRequest | ErrorCode::UnknownCommand | ErrorCode::Conflict | ErrorCode::File => 4,
        ErrorCode::Unavailable | ErrorCode::Locked => 5,
        ErrorCode::InUse => 7,
    })
}

/// The exit code for an answer: a settling that waited, or a purchase, may have been done in part, and what
/// was looked at may be wrong in part.
pub(crate) fn code_of_answer(command: &str, waited: bool, answer: &Value) -> ExitCode {
    let partly = match command {
        "settle" => waited && answer["complete"] == false,
        "practice_buy" => {
            let bought_less = |items: &Vec<Value>| answer["bought"] != items.len();
            answer["items"].as_array().is_some_and(bought_less) || answer["notMoved"].is_string()
        }
        "reconcile" => answer["agrees"] == false,
        "endpoint_test" => answer["well"] == false,
        "doctor" => answer["healthy"] == false,
        "network_check" | "facilitator_check" => answer["ready"] == false,
        "reach_check" => answer["check"]["answer"] != "stall",
        "reach_try" => answer["ok"] == false,
        "webhook_test" => answer["state"] != "delivered",
        "network_health" => {
            let failing = |node: &Value| node["state"] == "resting" || node["state"] == "behind";
            answer["items"].as_array().is_some_and(|nodes| nodes.iter().any(failing))
        }
        "payment_retry" => answer["items"].as_array().is_some_and(|items| answer["queued"] != items.len()),
        _ => false,
    };
    if partly { ExitCode::from(PARTLY) } else { ExitCode::SUCCESS }
}
