//! The HTTP server: who may speak (`guard`, `session`), what is served (`assets`, `router`, `requests`), and how (`serve`,
//! `unread`).

mod address;
mod assets;
mod guard;
mod headers;
mod requests;
mod router;
mod serve;
mod session;
mod state_folder;
mod unread;

pub use address::Address;
pub use assets::Assets;
pub use serve::Server;
pub use session::Sessions;
pub use state_folder::{StateError, StateFolder};
