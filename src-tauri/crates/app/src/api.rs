//! The list of commands: name, request, reply. Every door leads here.

mod attention;
mod backup;
mod batches;
mod caps;
mod content;
mod copies;
mod data;
mod diagnostics;
mod doctor;
mod endpoints;
mod export;
mod exposure;
mod facilitators;
mod failures;
mod files;
mod folder_files;
mod links;
mod live;
pub(crate) mod money;
mod networks;
mod news;
mod notices;
mod notify;
mod payers;
mod payments;
mod payout;
mod pictures;
mod practice;
mod previews;
mod price_check;
mod prices;
mod quit;
mod reach;
mod reconcile;
mod refunds;
mod reports;
mod restored;
mod revenue;
mod schedule;
mod selling;
mod services;
mod settings;
mod settle;
mod status;
mod timeline;
mod traffic;
mod versions;
mod wallet;
mod webhooks;
mod words;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{ApiError, App, ErrorCode};

pub use crate::backups::Every as BackupEvery;
pub use crate::price_warnings::PriceWarningView;
pub use attention::{
    AttentionAction, AttentionKind, AttentionList, AttentionView, PaymentWriteOff, WrittenOff,
};
pub use backup::{
    BackupContents, BackupCounts, BackupLook, BackupMade, BackupMake, BackupPlan, BackupRestore, BackupState,
    BackupView,
};
pub use batches::{
    AttemptView, BatchDetailView, BatchList, BatchName, BatchOutcomeView, BatchQuery, BatchView, CallView,
};
pub use content::{
    ContentView, EndpointText, FileView, FolderAdd, FolderView, ServiceView, TextAdd, TextView,
};
pub use copies::{CopyChange, CopyDifference, EndpointCopies, EndpointCopiesView, EndpointCopyView};
pub use data::{
    DataDelete, DataDeletion, DataExport, DataExported, DataFolderView, DataKept, DataOfEnvironment,
};
pub use diagnostics::{DiagnosticsFile, DiagnosticsSave, DiagnosticsSaved, DiagnosticsView};
pub use doctor::{DoctorItem, DoctorState, DoctorView};
pub use endpoints::{
    EndpointAdd, EndpointEdit, EndpointList, EndpointName, EndpointPublish, EndpointSetPrice, EndpointView,
    FileState, OfferView,
};
pub(crate) use export::Exports;
pub use export::{Export, ExportFilter, ExportName, ExportProgress, Exported};
pub(crate) use exposure::ensure_policy;
pub use exposure::{
    CapsView, ExposureSet, ExposureShareView, ExposureView, NetworkExposureView, PayerExposureView,
};
pub use facilitators::{
    FacilitatorCheckView, FacilitatorList, FacilitatorPoint, FacilitatorPointView, FacilitatorRemoved,
    FacilitatorSet, FacilitatorUnlock, FacilitatorView,
};
pub use failures::{
    FailureAction, FailureList, FailureQuery, FailureView, PaymentRetry, PaymentTransaction, PaymentsRetried,
    RetriedView, TopUpView,
};
pub use files::{FileInspect, InspectedFileView, InspectedFolderView, LeftOutReason, LeftOutView};
pub use folder_files::{FolderFileList, FolderFileQuery, FolderFileView};
pub use links::LinksEnded;
pub(crate) use live::keep_switch;
pub use live::{BarKind, BarView, ChecklistItem, ChecklistStep, ChecklistView};
pub use money::{MoneyCount, MoneySummary, MoneyView};
#[cfg(test)]
pub(crate) use networks::give_up;
pub use networks::{
    NetworkCheck, NetworkCheckView, NetworkHealth, NetworkItem, NetworkList, NetworkName, NetworkNodeView,
    NetworkRemoved, NetworkSet, NetworkSetUp, NetworkState, NetworkView, NodeState, NodeView,
};
pub use news::{NewsQuery, NewsView};
pub use notices::{NoticeList, NoticeQuery, NoticeView, NoticesSeen};
pub use notify::{AlertView, NotifyEvent, NotifyItem, NotifySet, NotifyView};
pub use payers::{PayerDetailView, PayerList, PayerName, PayerQuery, PayerSet, PayerView, StandingView};
pub use payments::{PaymentList, PaymentName, PaymentNote, PaymentQuery, PaymentView};
pub use payout::{PayoutChangeView, PayoutList, PayoutSet, PayoutVerify, PayoutView};
pub use pictures::{EndpointCover, PictureShow, PictureShown, PictureView, SellerPicture, SellerView};
pub use practice::{PracticeBuy, PracticeFund, PracticeFunded, PurchaseList, PurchaseView};
pub use previews::{EndpointPreview, EndpointQuota};
pub use price_check::{PriceCheck, PriceCheckItem, PriceCheckView};
pub(crate) use prices::planned as planned_price;
pub use prices::{
    PriceChangeName, PriceChangeView, PriceHistory, PriceList, PriceRemove, PriceSet, PriceVersionView,
    PriceView,
};
pub use quit::{QuitPreviewView, StakeView};
pub use reach::{
    ReachAnswer, ReachCheckView, ReachSet, ReachState, ReachToken, ReachTrial, ReachUnlock, ReachView,
    TrialStep, WayView,
};
pub use reconcile::{IncomeView, ReconcileQuery, ReconciliationList, ReconciliationView};
pub use refunds::{RefundList, RefundPlan, RefundPrepare, RefundQuery, RefundRecord, RefundView};
pub use reports::{CoinView, ReportLine, ReportQuery, ReportView, SignedMoneyView};
pub use restored::RestoredView;
pub use revenue::{BestSeller, FeesView, RevenueBefore, RevenueDay, RevenueQuery, RevenueView};
pub use schedule::{
    GasPriceView, NextSettlementView, ScheduleList, ScheduleSet, ScheduleShow, ScheduleView,
    ScheduleWarningView,
};
pub use selling::StallSet;
pub(crate) use selling::{begin as begin_selling, may_sell};
pub use services::{EndpointTest, EndpointTested, ServiceSet};
pub(crate) use settings::PUBLIC_URL;
pub use settings::{SettingSet, SettingView, SettingsView};
pub use settle::{
    ExclusionView, NetworkPreviewView, PreviewView, Settle, SettlePreview, SettleView, UnsettledView,
};
pub use status::{AssetView, GasOnNetworkView, GasWalletView, StatusMoney, StatusView, TotalView};
pub use timeline::{PaymentCostView, PaymentDetailView, TimelineStep, TimelineStepName};
pub use traffic::{
    FunnelDay, FunnelOfEndpoint, FunnelQuery, FunnelSteps, FunnelView, RequestList, RequestQuery, RequestView,
};
pub use versions::{EndpointOwnersGet, VersionList, VersionView};
pub(crate) use wallet::lock_after;
pub use wallet::{
    HoldingView, WalletCreate, WalletExport, WalletExported, WalletImport, WalletLock, WalletState,
    WalletUnlock, WalletView,
};
pub use webhooks::{
    WebhookAdd, WebhookList, WebhookMessageList, WebhookMessageName, WebhookMessageQuery, WebhookMessageView,
    WebhookName, WebhookRemoved, WebhookSecretView, WebhookSet, WebhookState, WebhookView,
};
pub(crate) use words::span;

/// What the seller should look at.
pub(crate) async fn attention(app: &App) -> Result<AttentionList, ApiError> {
    attention::list(app, ()).await
}

/// What a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// The data file is enough, so it also works while the stall is closed.
    Store,
    /// The stall must be open.
    Engine,
}

/// Declares every command once; a command that is missing from a door fails to compile there.
macro_rules! commands {
    ($($name:literal $needs:ident $request:ty => $reply:ty, $body:path;)+) => {
        /// The commands by name, with what each needs.
        pub const COMMANDS: &[(&str, Needs)] = &[$(($name, Needs::$needs)),+];

        pub(crate) async fn dispatch(app: &App, name: &str, body: Value) -> Result<Value, ApiError> {
            match name {
                $($name => {
                    let request: $request = request(body)?;
                    let reply: $reply = Box::pin($body(app, request)).await?;
                    answer(&reply)
                })+
                other => Err(unknown(other)),
            }
        }

        #[cfg(test)]
        fn declarations(config: &ts_rs::Config) -> Vec<[String; 3]> {
            use ts_rs::TS;
            vec![$([$name.to_owned(), <$request>::name(config), <$reply>::name(config)]),+]
        }
    };
}

commands! {
    "status" Store () => StatusView, status::status;
    "stall_set" Store StallSet => StatusView, selling::set;
    "stall_news" Store NewsQuery => NewsView, news::news;
    "notice_list" Store NoticeQuery => NoticeList, notices::list;
    "notices_seen" Store NoticesSeen => NoticeList, notices::see;
    "notify_show" Store () => NotifyView, notify::show;
    "notify_set" Store NotifySet => NotifyView, notify::set;
    "file_inspect" Store FileInspect => InspectedFileView, files::inspect;
    "endpoint_add" Engine EndpointAdd => EndpointView, endpoints::add;
    "endpoint_list" Store () => EndpointList, endpoints::list;
    "endpoint_show" Store EndpointName => EndpointView, endpoints::show;
    "endpoint_set_price" Engine EndpointSetPrice => EndpointView, endpoints::set_price;
    "endpoint_publish_again" Store EndpointPublish => EndpointView, endpoints::publish_again;
    "endpoint_edit" Store EndpointEdit => EndpointView, endpoints::edit;
    "endpoint_test" Store EndpointTest => EndpointTested, services::test;
    "endpoint_text" Store EndpointName => EndpointText, endpoints::text;
    "endpoint_pause" Store EndpointName => EndpointView, endpoints::pause;
    "endpoint_resume" Store EndpointName => EndpointView, endpoints::resume;
    "endpoint_remove" Store EndpointName => EndpointView, endpoints::remove;
    "endpoint_restore" Store EndpointName => EndpointView, endpoints::restore;
    "endpoint_preview" Store EndpointPreview => EndpointView, previews::set;
    "endpoint_quota" Store EndpointQuota => EndpointView, previews::set_quota;
    "endpoint_owners_get" Store EndpointOwnersGet => EndpointView, versions::set_owners_get;
    "endpoint_versions" Store EndpointName => VersionList, versions::list;
    "endpoint_cover" Store EndpointCover => EndpointView, pictures::set_cover;
    "endpoint_copy_preview" Store EndpointCopies => EndpointCopiesView, copies::preview;
    "endpoint_copy" Store EndpointCopies => EndpointCopiesView, copies::carry_out;
    "seller_show" Store () => SellerView, pictures::seller;
    "seller_picture" Store SellerPicture => SellerView, pictures::set_seller;
    "picture_show" Store PictureShow => PictureShown, pictures::show;
    "endpoint_files" Store FolderFileQuery => FolderFileList, folder_files::list;
    "price_check" Store PriceCheck => PriceCheckView, price_check::check;
    "price_list" Store EndpointName => PriceList, prices::list;
    "price_set" Engine PriceSet => PriceList, prices::set;
    "price_remove" Store PriceRemove => PriceList, prices::remove;
    "price_cancel" Store PriceChangeName => PriceList, prices::cancel;
    "price_history" Store EndpointName => PriceHistory, prices::history;
    "payment_list" Store PaymentQuery => PaymentList, payments::list;
    "payment_show" Store PaymentName => PaymentDetailView, payments::show;
    "payment_note" Store PaymentNote => PaymentDetailView, payments::note;
    "payment_end_links" Store PaymentName => LinksEnded, links::end;
    "payment_write_off" Store PaymentWriteOff => WrittenOff, attention::write_off;
    "attention_list" Store () => AttentionList, attention::list;
    "failure_list" Store FailureQuery => FailureList, failures::list;
    "failure_show" Store PaymentName => FailureView, failures::show;
    "payment_retry" Engine PaymentRetry => PaymentsRetried, failures::retry;
    "payment_reopen" Store PaymentName => FailureView, failures::reopen;
    "payment_settled_elsewhere" Engine PaymentTransaction => FailureView, failures::settled_elsewhere;
    "refund_prepare" Store RefundPrepare => RefundPlan, refunds::prepare;
    "refund_record" Engine RefundRecord => RefundView, refunds::record;
    "refund_list" Store RefundQuery => RefundList, refunds::list;
    "report" Store ReportQuery => ReportView, reports::report;
    "reconcile" Engine ReconcileQuery => ReconciliationList, reconcile::reconcile;
    "export" Store Export => Exported, export::export;
    "export_progress" Store ExportName => ExportProgress, export::progress;
    "export_cancel" Store ExportName => ExportProgress, export::cancel;
    "doctor" Store () => DoctorView, doctor::doctor;
    "exposure_show" Store () => ExposureView, exposure::show;
    "exposure_set" Store ExposureSet => ExposureView, exposure::set;
    "payer_list" Store PayerQuery => PayerList, payers::list;
    "payer_show" Store PayerName => PayerDetailView, payers::show;
    "payer_set" Store PayerSet => PayerDetailView, payers::set;
    "revenue" Store RevenueQuery => RevenueView, revenue::revenue;
    "funnel_show" Store FunnelQuery => FunnelView, traffic::funnel;
    "request_list" Store RequestQuery => RequestList, traffic::requests;
    "batch_list" Store BatchQuery => BatchList, batches::list;
    "batch_show" Store BatchName => BatchDetailView, batches::show;
    "settle_preview" Engine Option<SettlePreview> => PreviewView, settle::preview;
    "settle" Engine Settle => SettleView, settle::settle;
    "quit_preview" Store () => QuitPreviewView, quit::preview;
    "schedule_show" Store ScheduleShow => ScheduleList, schedule::show;
    "schedule_set" Store ScheduleSet => ScheduleView, schedule::set;
    "backup_show" Store () => BackupState, backup::show;
    "backup_make" Store BackupMake => BackupMade, backup::make;
    "backup_look" Store BackupLook => BackupView, backup::look;
    "backup_restore" Store BackupRestore => BackupState, backup::restore;
    "backup_forget" Store () => BackupState, backup::forget;
    "backup_plan" Store BackupPlan => BackupState, backup::plan;
    "backup_restored" Store () => RestoredView, restored::note;
    "data_show" Store () => DataFolderView, data::show;
    "data_delete" Store DataDelete => DataFolderView, data::delete;
    "data_export" Store DataExport => DataExported, data::export_all;
    "data_spare" Store () => DataFolderView, data::spare;
    "diagnostics_show" Store () => DiagnosticsView, diagnostics::show;
    "diagnostics_save" Store DiagnosticsSave => DiagnosticsSaved, diagnostics::save;
    "network_list" Store () => NetworkList, networks::list;
    "network_set" Engine NetworkSet => NetworkView, networks::set;
    "network_check" Engine NetworkCheck => NetworkCheckView, networks::check;
    "network_remove" Engine NetworkName => NetworkRemoved, networks::remove;
    "network_health" Store () => NetworkHealth, networks::health;
    "facilitator_show" Store () => FacilitatorList, facilitators::show;
    "facilitator_set" Engine FacilitatorSet => FacilitatorView, facilitators::set;
    "facilitator_check" Engine NetworkName => FacilitatorCheckView, facilitators::check;
    "facilitator_remove" Engine NetworkName => FacilitatorRemoved, facilitators::remove;
    "facilitator_unlock" Engine FacilitatorUnlock => FacilitatorList, facilitators::unlock;
    "payout_show" Store () => PayoutList, payout::show;
    "payout_set" Store PayoutSet => PayoutView, payout::set;
    "payout_verify" Store PayoutVerify => PayoutView, payout::verify;
    "wallet_show" Store () => WalletView, wallet::show;
    "wallet_create" Store WalletCreate => WalletView, wallet::create;
    "wallet_import" Store WalletImport => WalletView, wallet::import;
    "wallet_export" Engine WalletExport => WalletExported, wallet::export;
    "wallet_lock" Store WalletLock => WalletView, wallet::lock;
    "wallet_unlock" Engine WalletUnlock => WalletView, wallet::unlock;
    "reach_show" Store () => ReachView, reach::show;
    "reach_set" Store ReachSet => ReachView, reach::set;
    "reach_off" Store () => ReachView, reach::off;
    "reach_unlock" Store ReachUnlock => ReachView, reach::unlock;
    "reach_check" Store () => ReachView, reach::check;
    "reach_try" Store () => ReachTrial, reach::try_it;
    "webhook_add" Store WebhookAdd => WebhookSecretView, webhooks::add;
    "webhook_list" Store () => WebhookList, webhooks::list;
    "webhook_show" Store WebhookName => WebhookView, webhooks::show;
    "webhook_set" Store WebhookSet => WebhookView, webhooks::set;
    "webhook_remove" Store WebhookName => WebhookRemoved, webhooks::remove;
    "webhook_test" Engine WebhookName => WebhookMessageView, webhooks::test;
    "webhook_rotate" Store WebhookName => WebhookSecretView, webhooks::rotate;
    "webhook_deliveries" Store WebhookMessageQuery => WebhookMessageList, webhooks::deliveries;
    "webhook_redeliver" Store WebhookMessageName => WebhookMessageView, webhooks::redeliver;
    "live_checklist" Engine () => ChecklistView, live::checklist;
    "settings_get" Store () => SettingsView, settings::get;
    "settings_set" Store SettingSet => SettingsView, settings::set;
    "practice_fund" Engine PracticeFund => PracticeFunded, practice::fund;
    "practice_buy" Engine PracticeBuy => PurchaseList, practice::buy;
}

/// What the named command needs.
///
/// # Errors
/// When there is no such command.
pub fn needs(name: &str) -> Result<Needs, ApiError> {
    COMMANDS.iter().find(|(known, _)| *known == name).map(|(_, needs)| *needs).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> ApiError {
    let name: String = name.chars().take(60).collect();
    ApiError::new(ErrorCode::UnknownCommand, format!("There is no command {name}."))
}

fn request<T: DeserializeOwned>(body: Value) -> Result<T, ApiError> {
    serde_json::from_value(body)
        .map_err(|error| ApiError::invalid(format!("The request cannot be understood: {error}.")))
}

fn answer<T: Serialize>(reply: &T) -> Result<Value, ApiError> {
    serde_json::to_value(reply).map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes the list for the window, beside the types that ts-rs writes.
    #[test]
    fn export_bindings_commands() {
        let config = ts_rs::Config::from_env();
        let mut names: Vec<String> = Vec::new();
        let mut lines = String::new();
        for [name, request, reply] in declarations(&config) {
            let request = if request == "null" || request == "()" { "null".to_owned() } else { request };
            lines.push_str(&format!("  {name}: [{request}, {reply}];\n"));
            let named = |name: String| name.trim_end_matches(" | null").to_owned();
            names.extend([request, reply].into_iter().map(named).filter(|name| name != "null"));
        }
        names.sort();
        names.dedup();
        let imports: String =
            names.iter().map(|name| format!("import type {{ {name} }} from \"./{name}\";\n")).collect();
        let text = format!(
            "// Written by the app's tests from its list of commands. Do not edit.\n{imports}\n/** Every command: what it takes and what it answers. */\nexport type Commands = {{\n{lines}}};\n"
        );
        let path = config.out_dir().join("Commands.ts");
        std::fs::create_dir_all(config.out_dir()).unwrap();
        if std::fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            std::fs::write(&path, text).unwrap();
        }
        assert!(names.contains(&"StatusView".to_owned()));
    }

    #[test]
    fn every_command_is_declared_once() {
        let mut names: Vec<_> = COMMANDS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        let declared = names.len();
        names.dedup();
        assert_eq!(names.len(), declared);
        assert_eq!(needs("no_such_command").unwrap_err().code, ErrorCode::UnknownCommand);
    }
}
