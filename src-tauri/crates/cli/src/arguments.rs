use std::net::SocketAddr;
use std::path::PathBuf;

use app::{Environment, Overrides};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use clap_complete::Shell;
use serde_json::{Value, json};

use crate::backups::Backup;
use crate::batches::Batch;
use crate::books::{Export, Failure, Reconcile, Refund, Report, Revenue};
use crate::data::{Data, Diagnostics};
use crate::endpoints::Endpoint;
use crate::exposure::{Exposure, Payer};
use crate::facilitators::Facilitator;
use crate::keys::{Live, Payout, Stall, Wallet};
use crate::networks::Network;
use crate::notify::Notify;
use crate::payments::Payment;
use crate::pictures::{Picture, Seller};
use crate::practice::Practice;
use crate::prices::Price;
use crate::reach::Reach;
use crate::schedule::Schedule;
use crate::settings::Settings;
use crate::traffic::{Notice, Traffic};
use crate::webhooks::Webhook;

const EXIT_CODES: &str = "Exit codes:
  0  done
  1  something that should not happen
  2  the command line cannot be understood
  3  there is no such endpoint, payment, batch or setting
  4  refused: the request is wrong or contradicts what is there
  5  not possible now: a node, the wallet or the stall cannot be asked
  6  only a part was done or found right: some payments did not settle, some purchases failed, the
     books and the chain do not agree, or what was looked at (doctor, network, facilitator, the test
     of a service) is not well
  7  another Stallkeeper is using the data folder

With --json, amounts are strings of atomic units, with their decimals and a formatted form beside them,
and moments are Unix milliseconds.";

/// Sell files from your own computer over x402.
#[derive(Debug, Parser)]
#[command(name = "stallkeeper", version, after_help = EXIT_CODES, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Print answers, and errors on stderr, as JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) overrides: Choices,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Choices {
    /// The folder that holds everything.
    #[arg(long, global = true, env = "STALLKEEPER_DATA_DIR", value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// practice, test or live; by default the running stall's, else config.toml's, else practice.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) environment: Option<Environment>,
    #[arg(skip)]
    pub(crate) listen: Option<SocketAddr>,
}

impl Choices {
    /// The folder that holds everything, if there is a place for it.
    pub(crate) fn data_dir(&self) -> Option<PathBuf> {
        app::Config::data_dir(self.data_dir.clone()).ok()
    }
}

impl From<Choices> for Overrides {
    fn from(choices: Choices) -> Self {
        Self { data_dir: choices.data_dir, environment: choices.environment, listen: choices.listen }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sell until interrupted; prints one JSON line when ready.
    Serve {
        /// Where to listen; port 0 takes a free one. 127.0.0.1:4021 by default.
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<SocketAddr>,
        /// Only print a unit for systemd that serves in this environment and listens there, and end. Its
        /// data folder is /var/lib/stallkeeper.
        #[arg(long)]
        print_unit: bool,
    },
    /// Show how the stall stands.
    Status,
    /// Price things, list them, change them.
    #[command(subcommand)]
    Endpoint(Endpoint),
    /// What pages show of you.
    #[command(subcommand)]
    Seller(Seller),
    /// Pictures that pages show.
    #[command(subcommand)]
    Picture(Picture),
    /// Prices of parts, for discount codes, of the buyer's choice, and from a moment on.
    #[command(subcommand)]
    Price(Price),
    /// Look at payments.
    #[command(subcommand)]
    Payment(Payment),
    /// See who came and how far they went: prices shown, signed, delivered, settled.
    #[command(subcommand)]
    Traffic(Traffic),
    /// See what came in by hour, day or month, how that compares with the time before, and what it cost to settle.
    Revenue(Revenue),
    /// What you were told: sales, what needed a look, backups, new versions.
    #[command(subcommand)]
    Notice(Notice),
    /// Look at batches.
    #[command(subcommand)]
    Batch(Batch),
    /// What is given before its money has arrived, and the caps on it.
    #[command(subcommand)]
    Exposure(Exposure),
    /// Look at payers, and say how far each is trusted.
    #[command(subcommand)]
    Payer(Payer),
    /// Turn the queued payments into money at the payout address.
    Settle {
        /// Only show what would happen and what it would cost.
        #[arg(long, conflicts_with = "wait")]
        dry_run: bool,
        /// Answer only when everything is final or failed, what was sent before included; always so when
        /// no stall runs. Ends with
        /// exit code 6 if some of it was not paid, 5 if nothing could be begun.
        #[arg(long)]
        wait: bool,
        /// Only these, by their ids.
        #[arg(long, value_name = "ID", num_args = 1..)]
        payment: Vec<String>,
    },
    /// Show what needs a look: what stops selling or settling, and what was not settled.
    Attention,
    /// Show what is sold and not on chain, and until when it can wait while nothing runs.
    AtStake,
    /// Choose when the queue is settled by itself.
    #[command(subcommand)]
    Schedule(Schedule),
    /// Keep all that the stall knows in one encrypted file, and put it back.
    #[command(subcommand)]
    Backup(Backup),
    /// What lies in the data folder, how long it is kept, and deleting it.
    #[command(subcommand)]
    Data(Data),
    /// What somebody who helps may see of this stall. Nothing in it is a secret, a person or an address.
    #[command(subcommand)]
    Diagnostics(Diagnostics),
    /// Set networks up.
    #[command(subcommand)]
    Network(Network),
    /// Let somebody else settle: facilitators, one for each network at most.
    #[command(subcommand)]
    Facilitator(Facilitator),
    /// Open the stall for sales, or close it.
    #[command(subcommand)]
    Stall(Stall),
    /// Choose what you are told of, and how.
    #[command(subcommand)]
    Notify(Notify),
    /// Tell others what happens at the stall.
    #[command(subcommand)]
    Webhook(Webhook),
    /// How buyers reach the stall: the network around, an address of yours, or a tunnel.
    #[command(subcommand)]
    Reach(Reach),
    /// The gas wallet, which pays for settling: make it, keep it, lock it.
    #[command(subcommand)]
    Wallet(Wallet),
    /// Where the money goes.
    #[command(subcommand)]
    Payout(Payout),
    /// What real money takes.
    #[command(subcommand)]
    Live(Live),
    /// Follow up what failed.
    #[command(subcommand)]
    Failure(Failure),
    /// Give money back.
    #[command(subcommand)]
    Refund(Refund),
    /// Show the books: what came, what it cost, what was given back, what is left.
    Report(Report),
    /// Compare the books with the chain. Ends with exit code 6 if something in them did not come.
    Reconcile(Reconcile),
    /// Write payments, batches, costs or refunds to a file.
    Export(Export),
    /// Look at data file, keys, nodes, clock, disk and queue. Ends with exit code 6 if something is wrong.
    Doctor,
    /// Look at and change settings.
    #[command(subcommand)]
    Settings(Settings),
    /// Money and buyers of the practice environment.
    #[command(subcommand)]
    Practice(Practice),
    /// Print what lets a shell complete these commands.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Write the pages of the manual, one for each command, into a folder.
    #[command(hide = true)]
    Manual {
        /// Where; it is made if it is not there.
        folder: PathBuf,
    },
}

impl Arguments {
    /// Reads the command line; `serve` has one choice that the others do not.
    pub(crate) fn parse() -> Self {
        let mut command = Self::whole();
        let mut matches = command.get_matches_mut();
        let parsed = Self::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command));
        let mut arguments = parsed.unwrap_or_else(|error| error.exit());
        if let Command::Serve { listen, .. } = &arguments.command {
            arguments.overrides.listen = *listen;
        }
        arguments
    }

    /// The whole command line, as it is understood.
    pub(crate) fn whole() -> clap::Command {
        with_negatives(Self::command())
    }
}

/// What begins with a minus and is a number is taken for a value, so that whoever reads the value says what is wrong with
/// it.
fn with_negatives(command: clap::Command) -> clap::Command {
    command
        .mut_args(|argument| {
            let takes_value = argument.get_action().takes_values();
            if takes_value { argument.allow_negative_numbers(true) } else { argument }
        })
        .mut_subcommands(with_negatives)
}

impl Command {
    /// The command of `app` that this is, with its request. None for what is about the program itself.
    pub(crate) fn call(self) -> Option<(&'static str, Value)> {
        Some(match self {
            Self::Serve { .. } | Self::Completions { .. } | Self::Manual { .. } => return None,
            Self::Status => ("status", Value::Null),
            Self::Attention => ("attention_list", Value::Null),
            Self::AtStake => ("quit_preview", Value::Null),
            Self::Backup(backup) => backup.call(),
            Self::Data(data) => data.call(),
            Self::Diagnostics(diagnostics) => diagnostics.call(),
            Self::Endpoint(endpoint) => endpoint.call(),
            Self::Seller(seller) => seller.call(),
            Self::Picture(picture) => picture.call(),
            Self::Price(price) => price.call(),
            Self::Payment(payment) => payment.call(),
            Self::Batch(batch) => batch.call(),
            Self::Exposure(exposure) => exposure.call(),
            Self::Payer(payer) => payer.call(),
            Self::Settle { dry_run: true, payment, .. } => ("settle_preview", json!({ "payments": payment })),
            Self::Settle { dry_run: false, wait, payment } => {
                ("settle", json!({ "wait": wait, "payments": payment }))
            }
            Self::Schedule(schedule) => schedule.call(),
            Self::Network(network) => network.call(),
            Self::Stall(stall) => stall.call(),
            Self::Notify(notify) => notify.call(),
            Self::Wallet(wallet) => wallet.call(),
            Self::Payout(payout) => payout.call(),
            Self::Live(live) => live.call(),
            Self::Facilitator(facilitator) => facilitator.call(),
            Self::Reach(reach) => reach.call(),
            Self::Webhook(webhook) => webhook.call(),
            Self::Traffic(traffic) => traffic.call(),
            Self::Revenue(revenue) => revenue.call(),
            Self::Notice(notice) => notice.call(),
            Self::Failure(failure) => failure.call(),
            Self::Refund(refund) => refund.call(),
            Self::Report(report) => report.call(),
            Self::Reconcile(reconcile) => reconcile.call(),
            Self::Export(export) => export.call(),
            Self::Doctor => ("doctor", Value::Null),
            Self::Settings(settings) => settings.call(),
            Self::Practice(practice) => practice.call(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        with_negatives(Arguments::command()).debug_assert();
    }

    #[test]
    fn a_negative_number_is_a_value_of_which_somebody_says_what_is_wrong() {
        for line in
            ["exposure set --total -5", "endpoint set-price /guide -0.05", "settings set coin-price-ETH -1"]
        {
            let words = std::iter::once("stallkeeper").chain(line.split(' '));
            assert!(with_negatives(Arguments::command()).try_get_matches_from(words).is_ok(), "{line}");
        }
        let words = ["stallkeeper", "payment", "list", "--limit", "-5"];
        let error = with_negatives(Arguments::command()).try_get_matches_from(words).unwrap_err().to_string();
        assert!(error.contains("'-5'") && error.contains("--limit"), "{error}");
    }

    #[test]
    fn every_command_leads_to_one_that_the_app_knows() {
        for line in [
            "status",
            "attention",
            "endpoint add --file f --path /p --price 0.05",
            "endpoint add --service http://127.0.0.1:3000/api --pattern /{city} --methods GET,POST --header accept-language --timeout 30s --path /p --price 0.05",
            "endpoint edit /p --timeout 2m --local",
            "endpoint test /p --path /paris",
            "endpoint list",
            "endpoint show /p",
            "endpoint set-price /p 0.10",
            "endpoint publish-again /p",
            "endpoint preview /p --file f",
            "endpoint preview /p --none",
            "endpoint quota /p --free-a-day 10",
            "endpoint quota /p --free-a-day 10 --by wallet",
            "endpoint quota /p --none",
            "endpoint copy --from practice --to test /p /q",
            "endpoint copy --from practice --dry-run",
            "data show",
            "data delete practice --word practice --with-money-at-stake",
            "data export .",
            "data spare",
            "diagnostics show",
            "diagnostics save f.zip --replace",
            "endpoint pause /p",
            "endpoint resume /p",
            "endpoint remove /p",
            "price set /p 0.10 --from 2026-12-01T18:00:00Z",
            "price set /stems --part snare.wav 0.10",
            "price set /api --part POST 0.02",
            "price set /guide --code SPRING 0.03",
            "price set /guide --pay-what-you-want --at-least 0.50",
            "price set /stems --part readme.txt --free",
            "price list /p",
            "price history /p",
            "price remove /p --code SPRING",
            "price remove /p --pay-what-you-want",
            "price remove /p --part x --free",
            "price cancel 7",
            "payment list --state queued --limit 5",
            "payment list --payer 0x00",
            "payment list --delivery interrupted",
            "payment show x",
            "payment note x seen",
            "payment end-links x",
            "batch list",
            "batch show 1",
            "exposure show",
            "exposure set --per-payer 20 --per-new-payer 5 --total none --oldest 12h --beyond refuse",
            "exposure set --defaults",
            "payer list --sort lost --limit 5",
            "payer list --standing blocked",
            "payer show 0x00",
            "payer block 0x00",
            "payer unblock 0x00",
            "payer reset 0x00",
            "payer trust 0x00",
            "settle --dry-run",
            "settle --dry-run --payment x y",
            "settle --wait",
            "settle --payment x y --wait",
            "schedule show --network eip155:84532",
            "schedule set --every 2h --daily 18:00 --weekly mon,18:00 --zone Europe/Berlin --check",
            "schedule set --at-amount 20 --at-count 100 --gas-ceiling 0.5 --wait-for-gas",
            "schedule set --no-every --no-gas-ceiling --check",
            "schedule set --manual",
            "schedule manual",
            "network set eip155:84532 --rpc http://a,http://b --pay-to 0x00",
            "network set eip155:31337 --rpc http://a --token 0x00 --calls-per-second 5 --price-feed 0x00",
            "network list",
            "network check eip155:84532 --accept",
            "network remove eip155:84532",
            "network health",
            "facilitator show",
            "facilitator set eip155:84532 https://x402.org/facilitator --used without_gas --protocol 1",
            "facilitator set eip155:8453 https://f --credential cdp --key-id k --secret-file s --passphrase-file p",
            "facilitator check eip155:84532",
            "facilitator unlock --passphrase-file p",
            "facilitator remove eip155:84532",
            "reach show",
            "reach set cloudflare_named --address https://a.example --token-file t --program p --passphrase-file f",
            "reach set this_network --name books",
            "reach check",
            "reach try",
            "reach unlock --passphrase-file p",
            "reach off",
            "traffic funnel /p --days 7",
            "traffic requests /p --limit 5 --before 9",
            "revenue --days 28",
            "revenue --from 2026-11-01 --to 2026-11-21 --by day",
            "notice list --limit 5 --before 9",
            "notice seen",
            "price check 0.05",
            "traffic requests --limit 5",
            "webhook list",
            "webhook add https://h.example/x --event payment.settled --event stall.offline --allow",
            "webhook show 1",
            "webhook set 1 --on --event batch.settled",
            "webhook remove 1",
            "webhook test 1",
            "webhook rotate 1",
            "webhook deliveries 1 --state dead --about x --limit 5 --before 9",
            "webhook redeliver 7",
            "stall open",
            "stall close",
            "stall pause --minutes 30",
            "notify show",
            "notify set sale --sound on",
            "notify quiet 22:00-07:00",
            "notify least 1.50",
            "wallet show",
            "wallet create --keep-in file --passphrase-file f --replace",
            "wallet import - --file-passphrase-file f --keep-in system",
            "wallet export f --word abcdef --passphrase-file g",
            "wallet export f --word abcdef --bare",
            "wallet lock --after 30",
            "wallet unlock --passphrase-file -",
            "payout show",
            "payout set eip155:8453 0x00 --word abcdef",
            "payout verify eip155:8453 --signature 0x00",
            "payout verify eip155:8453 --payment x --word abcdef",
            "live checklist",
            "failure list --reason underfunded --limit 5",
            "failure show x",
            "failure retry x y --later",
            "failure retry --reason underfunded",
            "failure retry x --rail facilitator",
            "failure write-off x",
            "failure write-off --reason underfunded --network eip155:84532 --expected 3",
            "failure reopen x",
            "failure settled-elsewhere x 0x00",
            "refund prepare x --amount 0.05",
            "refund record x 0x00 --note sorry",
            "refund list",
            "report --from 2026-11-01 --by payer",
            "reconcile --from 1 --to 9",
            "export payments p.csv --states settled,failed --replace",
            "doctor",
            "settings get",
            "settings set public-url https://stall.example",
            "practice fund 0x00 25.00",
            "practice buy /p --times 3 --payers 2 --protocol v1 --moves-away",
        ] {
            let words = std::iter::once("stallkeeper").chain(line.split(' '));
            let arguments =
                Arguments::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}"));
            let (name, _) = arguments.command.call().unwrap();
            assert!(app::api::needs(name).is_ok(), "{name}");
        }
    }
}
