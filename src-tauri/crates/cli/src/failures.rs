//! What failed, for people: with what can be done about it as command lines to copy.

use serde_json::Value;

use crate::plain::count;
use crate::table;

/// The command lines for what can be done about a payment, the most helpful first.
pub(crate) fn actions(failure: &Value) -> String {
    let text = |name: &str| failure[name].as_str().unwrap_or_default();
    let (id, network) = (text("id"), text("network"));
    let line = |action: &str| {
        Some(match action {
            "retry_now" => format!("stallkeeper failure retry {id}"),
            "send_through_facilitator" => format!("stallkeeper failure retry {id} --rail facilitator"),
            "raise_ceiling" => format!("stallkeeper schedule set --network {network} --gas-ceiling GWEI"),
            "top_up" => failure["topUp"]["sentence"].as_str()?.to_owned(),
            "check_node" => "stallkeeper network health".to_owned(),
            "mark_settled_elsewhere" => format!("stallkeeper failure settled-elsewhere {id} TRANSACTION"),
            "block_payer" => format!("stallkeeper payer block {}", text("payer")),
            "write_off" => format!("stallkeeper failure write-off {id}"),
            "reopen" => format!("stallkeeper failure reopen {id}"),
            _ => return None,
        })
    };
    let actions = failure["actions"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let lines: Vec<_> = actions.filter_map(line).map(|line| format!("  {line}\n")).collect();
    if lines.is_empty() { String::new() } else { format!("What can be done:\n{}", lines.concat()) }
}

/// What came of trying again: each payment with what was found.
pub(crate) fn retried(answer: &Value) -> String {
    let mut text = String::new();
    for item in answer["items"].as_array().into_iter().flatten() {
        text.push_str(&format!("{}\n", item["payment"].as_str().unwrap_or_default()));
        text.push_str(&table::paragraph(item["sentence"].as_str().unwrap_or_default()));
    }
    for why in answer["hindered"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        text.push_str(&format!("{why}\n"));
    }
    text
}

/// What a settlement did not settle, and where to go on.
pub(crate) fn unsettled(answer: &Value) -> String {
    let mut text = String::new();
    let mut is_over = false;
    let items = answer["unsettled"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_split = items.iter().any(|item| item["network"] != items[0]["network"]);
    for item in items {
        let what = count(&item["payments"], "payment");
        let amount = item["amount"].as_str().unwrap_or_default();
        let verb = if item["payments"] == 1 { "was" } else { "were" };
        let again = if item["again"] == true { " It is tried again by itself." } else { "" };
        is_over |= item["again"] != true;
        let network = item["networkTitle"].as_str().filter(|_| is_split);
        let place = network.map(|title| format!(" on {title}")).unwrap_or_default();
        let why = item["sentence"].as_str().unwrap_or_default();
        text.push_str(&format!("{what} ({amount}){place} {verb} not settled: {why}{again}\n"));
    }
    if is_over {
        text.push_str("What can be done about it: stallkeeper failure list\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::arguments::Arguments;

    #[test]
    fn whatever_can_be_done_is_a_command_line_that_is_understood() {
        let all = [
            "retry_now",
            "send_through_facilitator",
            "raise_ceiling",
            "check_node",
            "mark_settled_elsewhere",
            "block_payer",
            "write_off",
            "reopen",
            "top_up",
        ];
        let failure = json!({
            "id": "x", "payer": "0x01", "network": "eip155:84532", "actions": all,
            "topUp": { "sentence": "Send 0.1 ETH." },
        });
        let text = actions(&failure);
        assert!(text.ends_with("  Send 0.1 ETH.\n"), "{text}");
        let lines: Vec<_> =
            text.lines().filter_map(|line| line.trim().strip_prefix("stallkeeper ")).collect();
        assert_eq!(lines.len(), all.len() - 1, "{text}");
        for line in lines {
            let words = std::iter::once("stallkeeper").chain(line.split(' '));
            assert!(<Arguments as clap::Parser>::try_parse_from(words).is_ok(), "{line}");
        }
        assert_eq!(actions(&json!({ "actions": [] })), "");
    }

    #[test]
    fn what_a_settlement_left_is_told_with_the_next_step() {
        let item = |payments: u64, again: bool| json!({ "payments": payments, "amount": "$0.05", "sentence": "The payer is short.", "again": again });
        let text = unsettled(&json!({ "unsettled": [item(1, false), item(2, true)] }));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "1 payment ($0.05) was not settled: The payer is short.");
        assert!(lines[1].starts_with("2 payments ($0.05) were not settled"), "{text}");
        assert!(lines[2].ends_with("stallkeeper failure list"), "{text}");
        assert!(!unsettled(&json!({ "unsettled": [item(1, true)] })).contains("failure list"));
        assert_eq!(unsettled(&json!({ "unsettled": [] })), "");
        let on = |network: &str| {
            let mut item = item(1, true);
            (item["network"], item["networkTitle"]) = (network.into(), network.into());
            item
        };
        assert!(!unsettled(&json!({ "unsettled": [on("Base"), on("Base")] })).contains("on Base"));
        assert!(
            unsettled(&json!({ "unsettled": [on("Base"), on("Celo")] }))
                .contains("1 payment ($0.05) on Celo was")
        );
    }
}
