//! One offer as an entry of `accepts`, in either version.

use alloy_primitives::Address;
use domain::Offer;

use crate::Resource;
use crate::quoted::Quoted;

/// Standard members only: clients give the entry back, some of them without what they do not know.
pub(crate) fn v2(offer: &Offer) -> String {
    let Offer { asset, pay_to, amount, window, .. } = offer;
    format!(
        r#"{{"scheme":"exact","network":"{network}","amount":"{amount}","asset":"{token}","payTo":"{pay_to}","maxTimeoutSeconds":{seconds},"extra":{{"name":{name},"version":{version}}}}}"#,
        network = asset.network,
        token = asset.address,
        seconds = window.seconds(),
        name = Quoted(&asset.name),
        version = Quoted(&asset.version),
    )
}

/// An entry of version 1 for a network that version 1 calls `network`. Without an `output_schema` (JSON in ASCII) the
/// member is left out: some clients take no `null` there.
pub(crate) fn v1(
    network: &str,
    resource: &Resource<'_>,
    offer: &Offer,
    output_schema: Option<&str>,
) -> String {
    let Offer { asset, pay_to, amount, window, .. } = offer;
    let schema = output_schema.map(|json| format!(r#""outputSchema":{json},"#)).unwrap_or_default();
    format!(
        r#"{{"scheme":"exact","network":"{network}","maxAmountRequired":"{amount}","resource":{url},"description":{description},"mimeType":{mime_type},"payTo":"{pay_to}","maxTimeoutSeconds":{seconds},"asset":"{token}",{schema}"extra":{{"name":{name},"version":{version}}}}}"#,
        url = Quoted(resource.url),
        description = Quoted(resource.description),
        mime_type = Quoted(resource.mime_type),
        seconds = window.seconds(),
        token = spelled_for_v1(network, asset.address),
        name = Quoted(&asset.name),
        version = Quoted(&asset.version),
    )
}

/// The entries that version 1 clients may be shown, each as [`v1`] writes it.
pub(crate) fn safe_for_v1(
    resource: &Resource<'_>,
    offers: &[&Offer],
    output_schema: Option<&str>,
) -> Vec<String> {
    let mut entries = Vec::with_capacity(offers.len());
    for offer in offers {
        let Some(network) = offer.asset.network.known() else { continue };
        let Some(name) = network.v1_name else { continue };
        // The clients' own schema takes no longer value.
        if offer.amount.to_string().len() <= 18 {
            entries.push((network.v1_everywhere, v1(name, resource, offer, output_schema)));
        }
    }
    readable(entries)
}

/// One entry that a client cannot read makes it drop the whole list. So networks that not every
/// client knows are listed only when there is nothing else.
fn readable(entries: Vec<(bool, String)>) -> Vec<String> {
    let any_everywhere = entries.iter().any(|(everywhere, _)| *everywhere);
    let shown = entries.into_iter().filter(|(everywhere, _)| *everywhere == any_everywhere);
    shown.map(|(_, entry)| entry).collect()
}

/// Version 1 clients look for their own token by comparing text, and their table is not of one mind.
fn spelled_for_v1(network: &str, asset: Address) -> String {
    match network {
        "abstract" | "iotex" | "polygon" | "sei" | "sei-testnet" => format!("{asset:#x}"),
        _ => asset.to_checksum(None),
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::address;

    use super::*;

    #[test]
    fn networks_that_some_clients_do_not_know_are_listed_only_by_themselves() {
        let entry = |everywhere, name: &str| (everywhere, name.to_owned());
        assert_eq!(readable(vec![entry(false, "polygon"), entry(true, "base")]), ["base"]);
        assert_eq!(readable(vec![entry(false, "polygon"), entry(false, "sei")]), ["polygon", "sei"]);
        assert_eq!(readable(vec![]), Vec::<String>::new());
    }

    #[test]
    fn a_token_is_spelled_as_version_1_clients_compare_it() {
        let polygon = address!("3c499c542cEF5E3811e1192ce70d8cC03d5c3359");
        assert_eq!(spelled_for_v1("polygon", polygon), "0x3c499c542cef5e3811e1192ce70d8cc03d5c3359");
        let base = address!("833589fCD6eDb6E08f4c7C32D4f71b54bdA02913");
        assert_eq!(spelled_for_v1("base", base), "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913");
    }
}
