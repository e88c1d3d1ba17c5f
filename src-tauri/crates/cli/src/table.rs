//! Lists for people: a line for each item, columns under each other, no wider than a terminal. What
//! somebody may want to copy stands whole; the rest gives way. Scripts take `--json`, where
//! everything is whole.

use serde_json::Value;

/// How wide a list is at most.
pub(crate) const WIDTH: usize = 100;

/// What a column that gives way keeps.
const LEAST: usize = 6;

const GAP: &str = "  ";

/// One column: which field it shows, and what happens to it where room is short.
pub(crate) struct Column {
    /// The first of these that is there; one inside another is named after a point.
    fields: &'static [&'static str],
    fit: Fit,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// As it is.
    Whole,
    /// Only the two ends of an address or a hash.
    Ends,
    /// Its beginning, if all of it has no room.
    Cut,
}

/// A column that stands whole.
pub(crate) const fn whole(fields: &'static [&'static str]) -> Column {
    Column { fields, fit: Fit::Whole }
}

/// A column of addresses or hashes.
pub(crate) const fn ends(fields: &'static [&'static str]) -> Column {
    Column { fields, fit: Fit::Ends }
}

/// A column that gives way.
pub(crate) const fn cut(fields: &'static [&'static str]) -> Column {
    Column { fields, fit: Fit::Cut }
}

/// The items as lines.
pub(crate) fn lines(columns: &[Column], items: &[Value]) -> String {
    laid_out(columns, cells(columns, items))
}

/// The same under a line that says what each column is.
pub(crate) fn with_heads(columns: &[Column], items: &[Value]) -> String {
    let mut rows = vec![columns.iter().map(head).collect()];
    rows.extend(cells(columns, items));
    laid_out(columns, rows)
}

/// What a column shows: the field's name as words, in capitals. A sum is called by what it is the sum of.
fn head(column: &Column) -> String {
    let name = column.fields.first().copied().unwrap_or_default();
    let name = name.split('.').next().unwrap_or_default();
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(letter.to_ascii_uppercase());
    }
    words
}

fn cells(columns: &[Column], items: &[Value]) -> Vec<Vec<String>> {
    items.iter().map(|item| columns.iter().map(|column| cell(column, item)).collect()).collect()
}

fn laid_out(columns: &[Column], rows: Vec<Vec<String>>) -> String {
    let widths = widths(columns, &rows);
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<_> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{:<width$}", clip(cell, *width))).collect();
        text.push_str(cells.join(GAP).trim_end());
        text.push('\n');
    }
    text
}

/// A sentence over as many lines as it takes, each set in a little.
pub(crate) fn paragraph(sentence: &str) -> String {
    let mut text = String::new();
    let mut line = String::new();
    for word in sentence.split_whitespace() {
        if !line.is_empty() && length(&line) + 1 + length(word) + GAP.len() > WIDTH {
            text.push_str(&format!("{GAP}{line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        text.push_str(&format!("{GAP}{line}\n"));
    }
    text
}

fn cell(column: &Column, item: &Value) -> String {
    let field = |name: &&str| name.split('.').fold(item, |value, name| &value[name]);
    let found = column.fields.iter().map(field).find(|value| !value.is_null());
    let text = match found {
        None => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    if column.fit == Fit::Ends { both_ends(&text) } else { text }
}

/// `0x1234…cdef` of an address or a hash.
fn both_ends(text: &str) -> String {
    match (text.get(..6), text.len().checked_sub(4).and_then(|start| text.get(start..))) {
        (Some(head), Some(tail)) if text.starts_with("0x") && text.len() > 11 => format!("{head}…{tail}"),
        _ => text.to_owned(),
    }
}

/// How wide each column is. Where all have no room, the widest of those that give way goes first.
fn widths(columns: &[Column], rows: &[Vec<String>]) -> Vec<usize> {
    let widest = |place: usize| rows.iter().filter_map(|row| row.get(place)).map(|cell| length(cell)).max();
    let mut widths: Vec<usize> = (0..columns.len()).map(|place| widest(place).unwrap_or_default()).collect();
    let gaps = GAP.len() * columns.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > WIDTH {
        let giving = widths.iter_mut().zip(columns);
        let giving = giving.filter(|(width, column)| column.fit == Fit::Cut && **width > LEAST);
        let Some((width, _)) = giving.max_by_key(|(width, _)| **width) else { break };
        *width -= 1;
    }
    widths
}

fn clip(text: &str, width: usize) -> String {
    if length(text) <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HASH: &str = "0xa4975eb6236198768723045d3d40c93e698f74b52d621e9b55d1deb26ab3f45d";

    #[test]
    fn addresses_and_hashes_show_their_ends_and_what_is_no_hash_stands_as_it_is() {
        let columns = [ends(&["hash"])];
        assert_eq!(lines(&columns, &[json!({ "hash": HASH })]), "0xa497…f45d\n");
        assert_eq!(lines(&columns, &[json!({ "hash": null })]), "-\n");
        assert_eq!(lines(&columns, &[json!({ "hash": "pending, not mined" })]), "pending, not mined\n");
    }

    #[test]
    fn columns_stand_under_each_other_and_the_widest_gives_way() {
        let columns = [whole(&["id"]), cut(&["path"]), cut(&["title"])];
        let long = "a title ".repeat(20);
        let items =
            [json!({ "id": "1", "path": "/p", "title": long }), json!({ "id": "22", "path": "/path" })];
        let text = lines(&columns, &items);
        let [first, second] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
        assert!(first.starts_with("1   /p     a title ") && first.ends_with('…'), "{first}");
        assert_eq!(first.chars().count(), WIDTH);
        assert_eq!(second, "22  /path  -");
    }

    #[test]
    fn a_list_says_what_its_columns_are() {
        let columns = [whole(&["id"]), whole(&["amount"]), whole(&["settled.amount"]), cut(&["timeLeft"])];
        let item =
            json!({ "id": "abc", "amount": "$0.05", "settled": { "amount": "$1.00" }, "timeLeft": "7 s" });
        assert_eq!(
            with_heads(&columns, &[item]),
            "ID   AMOUNT  SETTLED  TIME LEFT\nabc  $0.05   $1.00    7 s\n"
        );
    }

    #[test]
    fn what_is_copied_stands_whole_however_long() {
        let id = "i".repeat(2 * WIDTH);
        let text = lines(&[whole(&["id"]), cut(&["title"])], &[json!({ "id": id, "title": "short" })]);
        assert_eq!(text, format!("{id}  short\n"));
    }

    #[test]
    fn a_sentence_is_broken_between_words() {
        let text = paragraph(&"word ".repeat(50));
        assert!(text.lines().count() > 2);
        assert!(text.lines().all(|line| line.starts_with("  word") && line.chars().count() <= WIDTH));
    }
}
