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

/// `outputSchema` is left out: some clients take no `null` there.
fn v1(network: &str, resource: &Resource<'_>, offer: &Offer) -> String {
    let Offer { asset, pay_to, amount, window, .. } = offer;
    format!(
        r#"{{"scheme":"exact","network":"{network}","maxAmountRequired":"{amount}","resource":{url},"description":{description},"mimeType":{mime_type},"payTo":"{pay_to}","maxTimeoutSeconds":{seconds},"asset":"{token}","extra":{{"name":{name},"version":{version}}}}}"#,
        url = Quoted(resource.url),
        description = Quoted(resource.description),
        mime_type = Quoted(resource.mime_type),
        seconds = window.seconds(),
        token = spelled_for_v1(network, asset.address),
        name = Quoted(&asset.name),
        version = Quoted(&asset.version),
    )
}

/// The entries a version 1 client may be shown. One entry it cannot read makes it drop the whole
/// list, so networks that only some clients know are listed only when there is nothing else.
pub(crate) fn safe_for_v1(resource: &Resource<'_>, offers: &[&Offer]) -> Vec<String> {
    let (mut everywhere, mut elsewhere) = (Vec::new(), Vec::new());
    for offer in offers {
        let Some(network) = offer.asset.network.known() else { continue };
        let Some(name) = network.v1_name else { continue };
        // The clients' own schema takes no longer value.
        if offer.amount.to_string().len() > 18 {
            continue;
        }
        let list = if network.v1_everywhere { &mut everywhere } else { &mut elsewhere };
        list.push(v1(name, resource, offer));
    }
    if everywhere.is_empty() { elsewhere } else { everywhere }
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
    fn a_token_is_spelled_as_version_1_clients_compare_it() {
        let polygon = address!("3c499c542cEF5E3811e1192ce70d8cC03d5c3359");
        assert_eq!(spelled_for_v1("polygon", polygon), "0x3c499c542cef5e3811e1192ce70d8cc03d5c3359");
        let base = address!("833589fCD6eDb6E08f4c7C32D4f71b54bdA02913");
        assert_eq!(spelled_for_v1("base", base), "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913");
    }
}
