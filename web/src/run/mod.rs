//! The agent, what runs and what is about to.
//!
//! | module | what it does |
//! |---|---|
//! | `link`, `session`, `client` | the connection: found, kept, asked |
//! | [`store`] | the run store: what is known |
//! | `verbs`, `standing` | what can be done, and when it makes sense |
//! | `commands`, `save`, `job` | one command from the button to its end |
//! | `watch`, `forecast` | state, logs and the number of changes, kept current |
//! | `plan_rows`, `service_view`, `published`, `words` | what is shown, as plain functions |
//! | `look` | processes and images, in a dialog |
//! | `volumes`, `events` | volumes and their back-ups, what happens to containers |
//! | the others | components |

mod client;
mod commands;
mod engine_status;
mod events;
mod forecast;
mod job;
mod link;
mod look;
mod menus;
mod others;
mod plan_pane;
mod plan_rows;
mod published;
mod questions;
mod save;
mod service_view;
mod session;
mod standing;
mod store;
mod up_button;
mod verbs;
mod volumes;
mod volumes_pane;
mod watch;
mod words;

pub use engine_status::EngineStatus;
pub use events::{Events, EventsPane};
pub use look::{Look, LookHost};
pub use menus::ServiceMenu;
pub use others::Opened;
pub use plan_pane::PlanPane;
pub use service_view::{ServiceView, Tone, container_word};
pub use session::socket_url;
pub use standing::Verb;
pub use store::Run;
pub use up_button::UpButton;
pub use volumes::Volumes;
pub use volumes_pane::VolumesPane;
pub use words::{consent_lines, count, failure as failure_words, thousands};
