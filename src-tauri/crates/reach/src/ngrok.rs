//! A tunnel of ngrok's, which needs no program: the connection is held by this process.

use std::time::Duration;

use ngrok::Session;
use ngrok::config::ForwarderBuilder as _;
use ngrok::prelude::EndpointInfo as _;
use ngrok::session::{ConnectError, default_connect};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;
use url::Url;

use crate::lan::target;
use crate::line::tidy;
use crate::reach::{Ended, Stage};
use crate::state::State;
use crate::wish::{Token, Wish};

/// How long ngrok may take.
const CONNECTED_WITHIN: Duration = Duration::from_secs(30);
const CLOSED_WITHIN: Duration = Duration::from_secs(3);

/// Holds the tunnel until it breaks or is over.
pub(crate) async fn hold(stage: &Stage<'_>, wish: &Wish) -> Ended {
    let Token::Known(token) = &wish.token else {
        return Ended::Waits("ngrok needs the token of your account, which its page shows.".to_owned());
    };
    let opened = timeout(CONNECTED_WITHIN, open(stage, wish, token));
    let (mut session, mut forwarder, url) = tokio::select! {
        () = stage.over.cancelled() => return Ended::Over,
        opened = opened => match opened {
            Ok(Ok(opened)) => opened,
            Ok(Err(why)) => return Ended::Failed(why),
            Err(_) => return Ended::Failed("ngrok does not answer.".to_owned()),
        },
    };
    stage.tell(State::Online { url, also: Vec::new() });
    let ended = tokio::select! {
        () = stage.over.cancelled() => Ended::Over,
        _ = forwarder.join() => Ended::Failed("The connection to ngrok was lost.".to_owned()),
    };
    // It may be gone already.
    drop(timeout(CLOSED_WITHIN, session.close()).await);
    forwarder.join().abort();
    ended
}

type Opened = (Session, ngrok::forwarder::Forwarder<ngrok::tunnel::HttpTunnel>, String);

async fn open(stage: &Stage<'_>, wish: &Wish, token: &SecretString) -> Result<Opened, String> {
    let said = |error: &dyn ngrok::Error| trouble(error, token);
    let session = Session::builder()
        .authtoken(token.expose_secret())
        // Whoever reconnects tells how it stands and tries ever more rarely: that is done here, not there.
        .connector(async |host, port, tls, broken: Option<_>| match broken {
            Some(_) => Err(ConnectError::Canceled),
            None => default_connect(host, port, tls, None).await,
        })
        .connect()
        .await
        .map_err(|error| said(&error))?;
    let mut endpoint = session.http_endpoint();
    if let Some(domain) = wish.url.as_deref().and_then(|url| url.strip_prefix("https://")) {
        endpoint.domain(domain);
    }
    let target = target(stage.surroundings.listener);
    let target = Url::parse(&target).map_err(|error| error.to_string())?;
    let forwarder = endpoint.listen_and_forward(target).await.map_err(|error| said(&error))?;
    let url = forwarder.url().to_owned();
    Ok((session, forwarder, url))
}

fn trouble(error: &dyn ngrok::Error, token: &SecretString) -> String {
    let said = tidy(&error.msg(), Some(token));
    match error.error_code() {
        Some(code) => format!("ngrok refuses ({code}): {said}"),
        None => format!("ngrok cannot be reached from here ({said}). Is this computer online?"),
    }
}
