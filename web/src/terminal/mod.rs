//! A terminal in a running container. Its bundle is loaded with the first one.
//!
//! | module | what it does |
//! |---|---|
//! | `bridge` | the border to `web/js/terminal.js` |
//! | [`store`] | which terminal is open, and how it stands |
//! | `session` | one command's connection, from its beginning to its end |
//! | `pane` | what is shown |

mod bridge;
mod pane;
mod session;
mod store;

pub use pane::TerminalPane;
pub use store::Terminal;
