//! What the product's words mean and which steps are allowed.
//!
//! Pure: no I/O, no clock, no randomness. Everything that several parts must agree on lives here:
//! money as integers, networks and assets, an endpoint's canonical path, offers, authorizations and
//! their normalised signatures, the states a payment, a batch and a delivery can be in and the steps
//! between them. It is not a place for rows, wire formats or views; those belong to `store`, `x402`
//! and `app`, each of which converts to and from these types.

mod amount;
mod asset;
mod authorization;
mod batch;
mod clock;
mod content;
mod delivery;
mod endpoint;
mod environment;
mod evidence;
mod exposure;
mod ids;
mod network;
mod network_table;
mod offer;
mod path;
mod payer;
mod payment;
mod quota;
mod request;
mod schedule;
mod service;
mod signature;
mod webhook;
mod window;

pub use amount::{Amount, AmountError};
pub use asset::Asset;
pub use authorization::{Authorization, AuthorizationKey};
pub use batch::{BatchState, FacilitatorUse, PaymentResult, Purpose, Rail};
pub use clock::{Clock, Sleep};
pub use content::{
    Audience, AudienceError, Content, Folder, Kind, Member, Part, PublishedFile, SoldAs, Text,
};
pub use delivery::Delivery;
pub use endpoint::{Endpoint, EndpointState, Mode, OwnedFor, OwnedForError, OwnersGet};
pub use environment::{Environment, PRACTICE_BUYER, UnknownEnvironment};
pub use evidence::{Evidence, Outcome};
pub use exposure::{
    Admission, Beyond, CAP_DECIMALS, Cap, Exposed, ExposurePolicy, UnknownBeyond, in_millionths,
};
pub use ids::{
    AssetId, AttemptId, BatchId, EndpointId, MessageId, OfferId, PaymentId, PaymentSeq, WebhookId,
};
pub use network::{FeeModel, Finality, KnownNetwork, NetworkError, NetworkId};
pub use offer::Offer;
pub use path::{CanonicalPath, PathError};
pub use payer::{PayerStanding, UnknownStanding};
pub use payment::{FailureReason, PaymentState};
pub use quota::{CountedBy, Quota};
pub use request::RequestBinding;
pub use schedule::{
    Interval, IntervalError, LocalTime, LocalTimeError, SettlePolicy, Weekdays, Weekly, WeeklyError, Zone,
    ZoneError,
};
pub use service::{
    HeaderName, HeaderNameError, Method, MethodError, Patience, Pattern, PatternError, Service,
};
pub use signature::{LONGEST_SIGNATURE, PayerSignature, Signature, SignatureError};
pub use webhook::{EventKind, UnknownEvent};
pub use window::{LONGEST_SEND_MARGIN, MANUAL_WINDOW, MAX_WINDOW, Window, end_of_window, settle_by};
