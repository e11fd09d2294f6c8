//! The menus of verbs: an item that cannot be used says why.

use composeyard_compose::ServiceName;
use leptos::prelude::*;

use super::{look::Look, questions, standing::Verb, store::Run};
use crate::{
    app::{Dialogs, DockTab, Layout, Menu, MenuItem},
    icons::Glyph,
    terminal::Terminal,
};

/// One verb in a menu.
#[component]
pub(super) fn VerbItem(
    /// What it does.
    label: &'static str,
    /// In plain words.
    hint: &'static str,
    /// Its icon.
    glyph: Glyph,
    /// What it needs to make sense.
    verb: Verb,
    /// Of which service; none for the whole project.
    service: Option<ServiceName>,
    /// For tests.
    testid: &'static str,
    /// Does it.
    act: Callback<()>,
) -> impl IntoView {
    let run = expect_context::<Run>();
    let why_not = Memo::new(move |_| run.standing(service.as_ref()).why_not(verb));
    let hint = Signal::derive(move || why_not.get().unwrap_or_else(|| hint.to_owned()));
    let disabled = Signal::derive(move || why_not.read().is_some());
    view! { <MenuItem label hint glyph disabled testid act/> }
}

/// The verbs of one service.
#[component]
pub fn ServiceMenu(
    /// Which.
    service: StoredValue<ServiceName>,
) -> impl IntoView {
    let run = expect_context::<Run>();
    let dialogs = expect_context::<Dialogs>();
    let layout = expect_context::<Layout>();
    let look = expect_context::<Look>();
    let of = move || Some(service.get_value());
    let one = move || vec![service.get_value()];
    let act = move |command: fn(&Run, Vec<ServiceName>)| {
        Callback::new(move |()| {
            layout.show_tab(DockTab::Plan);
            command(&run, one());
        })
    };
    let terminal = expect_context::<Terminal>();
    let enter = Callback::new(move |()| {
        let open = move || {
            layout.show_tab(DockTab::Terminal);
            service.with_value(|service| terminal.open_in(service));
        };
        if untrack(|| terminal.is_live()) { questions::ask_new_terminal(dialogs, open) } else { open() }
    });
    let processes = Callback::new(move |()| look.processes(one()));
    let signal = Callback::new(move |()| questions::ask_signal(run, layout, dialogs, one()));
    let remove = Callback::new(move |()| questions::ask_remove_stopped(run, layout, dialogs, one()));
    view! {
        <Menu label="More" glyph=Glyph::More testid="service-menu">
            <VerbItem label="Open terminal" hint="A shell inside the container" glyph=Glyph::Terminal verb=Verb::Enter service=of() testid="service-terminal" act=enter/>
            <VerbItem label="Processes" hint="What runs inside" glyph=Glyph::Pulse verb=Verb::Enter service=of() testid="service-processes" act=processes/>
            <hr/>
            <VerbItem label="Pause" hint="Freeze it as it is" glyph=Glyph::Pause verb=Verb::Pause service=of() testid="service-pause" act=act(Run::pause)/>
            <VerbItem label="Unpause" hint="Let it go on" glyph=Glyph::Play verb=Verb::Unpause service=of() testid="service-unpause" act=act(Run::unpause)/>
            <VerbItem label="Send a signal" hint="Reload, interrupt or kill" glyph=Glyph::Bolt verb=Verb::Kill service=of() testid="service-kill" act=signal/>
            <VerbItem label="Remove stopped" hint="Containers that do not run" glyph=Glyph::Trash verb=Verb::RemoveStopped service=of() testid="service-rm" act=remove/>
            <hr/>
            <VerbItem label="Pull" hint="Fetch the image anew" glyph=Glyph::Download verb=Verb::Pull service=of() testid="service-pull" act=act(Run::pull)/>
            <VerbItem label="Build" hint="Make the image from its Dockerfile" glyph=Glyph::Build verb=Verb::Build service=of() testid="service-build" act=act(Run::build)/>
        </Menu>
    }
}

/// The verbs of the whole project.
#[component]
pub(super) fn ProjectMenu() -> impl IntoView {
    let run = expect_context::<Run>();
    let dialogs = expect_context::<Dialogs>();
    let layout = expect_context::<Layout>();
    let look = expect_context::<Look>();
    let act = move |command: fn(&Run)| {
        Callback::new(move |()| {
            layout.show_tab(DockTab::Plan);
            command(&run);
        })
    };
    let with_volumes = Callback::new(move |()| {
        layout.show_tab(DockTab::Plan);
        questions::ask_down_with_volumes(run, dialogs);
    });
    let processes = Callback::new(move |()| look.processes(Vec::new()));
    let images = Callback::new(move |()| look.images());
    let signal = Callback::new(move |()| questions::ask_signal(run, layout, dialogs, Vec::new()));
    let remove = Callback::new(move |()| questions::ask_remove_stopped(run, layout, dialogs, Vec::new()));
    view! {
        <Menu label="More commands" glyph=Glyph::Down testid="run-menu" compact=true>
            <VerbItem label="Restart" hint="Stop and start all services" glyph=Glyph::Restart verb=Verb::Restart service=None testid="restart-button" act=act(|run| run.restart(Vec::new()))/>
            <VerbItem label="Stop" hint="Containers stay and can be started" glyph=Glyph::Stop verb=Verb::Stop service=None testid="stop-button" act=act(|run| run.stop(Vec::new()))/>
            <VerbItem label="Start" hint="Start what was stopped" glyph=Glyph::Play verb=Verb::Start service=None testid="start-button" act=act(|run| run.start(Vec::new()))/>
            <VerbItem label="Pause" hint="Freeze everything as it is" glyph=Glyph::Pause verb=Verb::Pause service=None testid="pause-button" act=act(|run| run.pause(Vec::new()))/>
            <VerbItem label="Unpause" hint="Let what is frozen go on" glyph=Glyph::Play verb=Verb::Unpause service=None testid="unpause-button" act=act(|run| run.unpause(Vec::new()))/>
            <VerbItem label="Send a signal" hint="Reload, interrupt or kill" glyph=Glyph::Bolt verb=Verb::Kill service=None testid="kill-button" act=signal/>
            <hr/>
            <VerbItem label="Pull images" hint="Fetch them anew" glyph=Glyph::Download verb=Verb::Pull service=None testid="pull-button" act=act(|run| run.pull(Vec::new()))/>
            <VerbItem label="Build images" hint="Make them from their Dockerfiles" glyph=Glyph::Build verb=Verb::Build service=None testid="build-button" act=act(|run| run.build(Vec::new()))/>
            <VerbItem label="Images in use" hint="Names, ids and sizes" glyph=Glyph::Stack verb=Verb::Look service=None testid="images-button" act=images/>
            <VerbItem label="Processes" hint="What runs inside" glyph=Glyph::Pulse verb=Verb::Enter service=None testid="processes-button" act=processes/>
            <hr/>
            <VerbItem label="Remove stopped" hint="Containers that do not run" glyph=Glyph::Trash verb=Verb::RemoveStopped service=None testid="rm-button" act=remove/>
            <VerbItem label="Down" hint="Remove containers and networks, keep data" glyph=Glyph::Close verb=Verb::Down service=None testid="down-button" act=act(|run| run.down(false))/>
            <VerbItem label="Down with volumes" hint="Also delete the project's data" glyph=Glyph::Trash verb=Verb::Down service=None testid="down-volumes-button" act=with_volumes/>
        </Menu>
    }
}
