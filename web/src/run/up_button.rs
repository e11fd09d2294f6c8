//! The button that brings the stack up, and the menu of the other commands.

use leptos::prelude::*;

use super::{questions, store::Run, words};
use crate::{
    app::{Dialogs, DockTab, Layout, Menu, MenuItem},
    icons::Glyph,
};

/// Brings the stack up.
#[component]
pub fn UpButton() -> impl IntoView {
    let run = expect_context::<Run>();
    let dialogs = expect_context::<Dialogs>();
    let layout = expect_context::<Layout>();
    questions::listen(run, dialogs);

    let label = move || {
        let changes = run.forecast.read().as_ref().map(|forecast| forecast.changes);
        words::up_label(run.job.read().as_ref(), run.busy_verb().as_deref(), changes)
    };
    let show_plan = move || layout.show_tab(DockTab::Plan);
    let press = move |_| {
        show_plan();
        if untrack(|| !run.is_busy()) {
            run.up();
        }
    };
    let ready = Memo::new(move |_| run.is_ready());
    let why_not = move || (!ready.get()).then(|| words::why_not(&run.link.read(), &run.engine.read()));
    let exists = Memo::new(move |_| run.has_containers());
    let cannot = Signal::derive(move || !ready.get() || !exists.get() || run.is_busy());
    let act = move |command: fn(&Run)| {
        Callback::new(move |()| {
            show_plan();
            command(&run);
        })
    };
    let with_volumes = Callback::new(move |()| {
        show_plan();
        questions::ask_down_with_volumes(run, dialogs);
    });
    view! {
        <span class="up-group">
            <button
                class="btn primary up"
                data-testid="up-button"
                disabled=move || !ready.get()
                title=why_not
                on:click=press
            >
                {label}
            </button>
            <Menu label="More commands" glyph=Glyph::Down testid="run-menu" compact=true>
                <MenuItem label="Restart" hint=Signal::stored("Stop and start all services".to_owned()) glyph=Glyph::Restart disabled=cannot testid="restart-button" act=act(|run| run.restart(Vec::new()))/>
                <MenuItem label="Stop" hint=Signal::stored("Containers stay and can be started".to_owned()) glyph=Glyph::Stop disabled=cannot testid="stop-button" act=act(|run| run.stop(Vec::new()))/>
                <MenuItem label="Start" hint=Signal::stored("Start what was stopped".to_owned()) glyph=Glyph::Play disabled=cannot testid="start-button" act=act(|run| run.start(Vec::new()))/>
                <hr/>
                <MenuItem label="Down" hint=Signal::stored("Remove containers and networks, keep data".to_owned()) glyph=Glyph::Close disabled=cannot testid="down-button" act=act(|run| run.down(false))/>
                <MenuItem label="Down with volumes" hint=Signal::stored("Also delete the project's data".to_owned()) glyph=Glyph::Trash disabled=cannot testid="down-volumes-button" act=with_volumes/>
            </Menu>
        </span>
    }
}
