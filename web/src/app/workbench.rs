//! The open project: rail, panes and dock.

use leptos::prelude::*;

use super::{
    dock::Dock,
    files::FilesPane,
    layout::{Layout, Pane},
    phone::PhoneTabs,
    rail::Rail,
    splitter::Splitter,
};
use crate::{canvas::CanvasPane, editor::EditorPane, inspector::InspectorPane};

/// Everything below the top bar while a project is open.
#[component]
pub fn Workbench() -> impl IntoView {
    let layout = expect_context::<Layout>();
    let folded = move |pane: Pane| !layout.shows(pane);
    let on_phone = move |pane: Pane| layout.phone.get() == pane;
    let width = move |pane: Pane| move || format!("{}px", layout.size(pane));
    view! {
        <div class="workbench">
            <Rail/>
            <div class="stage">
                <div
                    class="panes"
                    class:no-canvas=move || folded(Pane::Canvas)
                    class:no-editor=move || folded(Pane::Editor)
                    class:phone-away=move || on_phone(Pane::Dock)
                >
                    <section
                        class="pane files-pane"
                        id=Pane::Files.id()
                        aria-label="Files"
                        class:folded=move || folded(Pane::Files)
                        class:phone-shown=move || on_phone(Pane::Files)
                        style:width=width(Pane::Files)
                    >
                        <FilesPane/>
                    </section>
                    <Splitter pane=Pane::Files label="Width of the files"/>
                    <main
                        class="pane canvas-pane"
                        id=Pane::Canvas.id()
                        aria-label="Stack"
                        tabindex="-1"
                        class:folded=move || folded(Pane::Canvas)
                        class:phone-shown=move || on_phone(Pane::Canvas)
                    >
                        <div class="pane-body"><CanvasPane/></div>
                    </main>
                    <Splitter pane=Pane::Editor label="Width of the text"/>
                    <section
                        class="pane editor-pane"
                        id=Pane::Editor.id()
                        aria-label="Text"
                        class:folded=move || folded(Pane::Editor)
                        class:phone-shown=move || on_phone(Pane::Editor)
                        style:width=width(Pane::Editor)
                    >
                        <div class="pane-body"><EditorPane/></div>
                    </section>
                    <Splitter pane=Pane::Inspector label="Width of the inspector"/>
                    <aside
                        class="pane inspector-pane"
                        id=Pane::Inspector.id()
                        aria-label="Inspector"
                        class:folded=move || folded(Pane::Inspector)
                        class:phone-shown=move || on_phone(Pane::Inspector)
                        style:width=width(Pane::Inspector)
                    >
                        <div class="pane-body"><InspectorPane/></div>
                    </aside>
                </div>
                <Splitter pane=Pane::Dock label="Height of the dock"/>
                <Dock/>
            </div>
            <PhoneTabs/>
        </div>
    }
}
