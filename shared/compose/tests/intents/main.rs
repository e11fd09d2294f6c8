//! What each intent does to the text: in block and flow style, with comments, in the file that it belongs to.
#![expect(clippy::unwrap_used, reason = "a test says where it fails")]

mod attachments;
mod choices;
mod depends_on;
mod environment;
mod fields;
mod files;
mod keys;
mod lists;
mod ports;
mod rename;
mod services;
mod support;
