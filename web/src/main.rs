//! The designer: everything Composeyard shows in the browser. All state hangs on [`document::Document`] (the files and
//! what follows from them) and [`run::Run`] (the agent and what runs).

#![allow(
    unreachable_pub,
    reason = "a program has no outside: `pub` marks what a module offers to the others"
)]
#![allow(clippy::needless_pass_by_value, reason = "a component owns its properties")]

mod app;
mod bundle;
mod canvas;
mod clock;
mod crash;
mod document;
mod download;
mod editor;
mod gallery;
mod icons;
mod inspector;
mod logs;
mod problems;
mod prose;
mod random;
mod report;
mod run;
mod storage;
mod terminal;

fn main() {
    crash::report();
    leptos::mount::mount_to_body(app::App);
}
