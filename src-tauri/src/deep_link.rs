//! Links that other programs open here: `stallkeeper://payment/<id>`. Whoever wrote one may be hostile (T79, T80), so it
//! is compared letter by letter, shows one page, and does nothing.

const PAYMENT: &str = "stallkeeper://payment/";

/// The groups of letters in a payment's id.
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// The payment that a link names, if it is such a link and nothing else.
pub(crate) fn payment_of(link: &str) -> Option<String> {
    let id = link.strip_prefix(PAYMENT)?;
    let mut groups = id.split('-');
    let is_id = GROUPS.iter().all(|length| {
        groups.next().is_some_and(|group| {
            group.len() == *length && group.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        })
    }) && groups.next().is_none();
    is_id.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0192d0c4-7f3e-7a10-8c55-0123456789ab";

    #[test]
    fn a_link_names_one_payment() {
        assert_eq!(payment_of(&format!("stallkeeper://payment/{ID}")).as_deref(), Some(ID));
    }

    /// T79, T80.
    #[test]
    fn hostile_links_name_nothing() {
        for link in [
            String::new(),
            ID.to_owned(),
            format!("stallkeeper://payment/{ID}/"),
            format!("stallkeeper://payment/{ID}?settle=true"),
            format!("stallkeeper://payment/{ID}#x"),
            format!("stallkeeper://payment/{ID}/../../settings"),
            format!("stallkeeper://payment/../payment/{ID}"),
            format!("stallkeeper://payment/%30{}", &ID[1..]),
            format!("stallkeeper://payment/{}", ID.to_uppercase()),
            format!("stallkeeper://user@payment/{ID}"),
            format!("stallkeeper://payment:80/{ID}"),
            format!("stallkeeper:payment/{ID}"),
            format!(" stallkeeper://payment/{ID}"),
            format!("stallkeeper://payment/{ID}\n--data-dir=/tmp"),
            format!("stallkeeper://payment/{}", ID.replace('a', "а")),
            format!("https://example.org/stallkeeper://payment/{ID}"),
            "stallkeeper://settle".to_owned(),
            "stallkeeper://payment/\"><img src=x onerror=alert(1)>".to_owned(),
            "javascript:alert(1)".to_owned(),
            "--data-dir=/tmp".to_owned(),
            "x".repeat(1 << 20),
        ] {
            assert_eq!(payment_of(&link), None, "{link:.80}");
        }
    }
}
