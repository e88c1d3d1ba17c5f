use chrono::{DateTime, TimeDelta, Utc};
use domain::NetworkId;

use super::{SIGN_IN_SECONDS, SignIn, SignInRefusal};
use crate::Origin;

impl SignIn {
    /// Everything but the signature, cheapest first: it answers a challenge of ours, for this origin, on one of these
    /// networks, now. `issued` says whether the nonce is the one that we made for this `issuedAt`; whether it was used
    /// before is asked last of all, with [`UsedNonces::first_use`](super::UsedNonces::first_use), once the signature is
    /// known to be good and would open something.
    ///
    /// # Errors
    /// [`SignInRefusal`] says what does not fit.
    pub fn check(
        &self,
        origin: &Origin,
        networks: &[NetworkId],
        now: DateTime<Utc>,
        issued: impl FnOnce(&str, &str) -> bool,
    ) -> Result<(), SignInRefusal> {
        if self.domain != origin.host() {
            return Err(SignInRefusal::Domain);
        }
        if !origin.contains(&self.uri) {
            return Err(SignInRefusal::Uri);
        }
        let issued_at = time(&self.issued_at).ok_or(SignInRefusal::IssuedAt)?;
        if issued_at > now {
            return Err(SignInRefusal::InFuture);
        }
        if now.signed_duration_since(issued_at) > TimeDelta::seconds(SIGN_IN_SECONDS) {
            return Err(SignInRefusal::TooOld);
        }
        if let Some(text) = &self.expiration_time
            && time(text).ok_or(SignInRefusal::ExpirationTime)? < now
        {
            return Err(SignInRefusal::Expired);
        }
        if let Some(text) = &self.not_before
            && time(text).ok_or(SignInRefusal::NotBefore)? > now
        {
            return Err(SignInRefusal::NotYetValid);
        }
        if !networks.contains(&self.network) {
            return Err(SignInRefusal::UnsupportedChain);
        }
        if !issued(&self.nonce, &self.issued_at) {
            return Err(SignInRefusal::Nonce);
        }
        Ok(())
    }
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc())
}
