//! The product from outside: the real binary, a real engine, a real Chromium. The tests check the wiring; what a part
//! promises is tested where the part is.
//!
//! | module | what it holds |
//! |---|---|
//! | [`agent`] | the binary `target/release/composeyard`, started on a free port with a workspace of its own |
//! | [`browser`] | Chromium by WebDriver, and the words the tests speak: see, click, type, screenshot |
//! | [`oracle`] | what `docker compose` says of the same project |
//! | [`stack`] | the stack of the tests, as the gallery has it and as the page has it |
//! | [`unpacked`] | a zip, or a folder that `composeyard new` made, as files |

pub mod agent;
pub mod browser;
pub mod oracle;
pub mod stack;
#[path = "../../agent/tests/support/stand_ins.rs"]
mod stand_ins;
pub mod unpacked;
