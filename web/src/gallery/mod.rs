//! The first screen: templates to start from, the projects this browser keeps, and those of the machine.

mod card;
mod kept;
mod machine;
mod picture;
mod stacks;

use leptos::prelude::*;

use self::{card::StackCard, kept::KeptProjects, machine::MachineProjects, stacks::Stack};
use crate::{
    app::{OpenFilesButton, Projects},
    icons::{Glyph, Icon},
};

/// The gallery.
#[component]
pub fn Gallery() -> impl IntoView {
    let projects = Projects::from_context();
    let stacks = LocalResource::new(stacks::all);
    let cards = move || match stacks.get() {
        None => view! { <p class="gallery-wait" role="status">"Loading the templates…"</p> }.into_any(),
        Some(Err(error)) => view! {
            <div class="note warn">
                <strong>"The templates cannot be loaded"</strong>
                {error} " "
                <button class="link" on:click=move |_| stacks.refetch()>"Try again"</button>
            </div>
        }
        .into_any(),
        Some(Ok(stacks)) => view! {
            <ul class="gallery-cards">
                {stacks.into_iter().map(|stack: Stack| view! { <StackCard stack/> }).collect_view()}
            </ul>
        }
        .into_any(),
    };
    view! {
        <main class="gallery" id="main" tabindex="-1">
            <div class="gallery-column">
                <header class="gallery-head">
                    <div>
                        <h1>"What do you want to build?"</h1>
                        <p>"Design a Docker Compose stack, check it as you type, download it, or run it on your own machine."</p>
                    </div>
                    <div class="gallery-starts">
                        <OpenFilesButton/>
                        <button class="btn" data-testid="new-project" on:click=move |_| projects.start()>
                            <Icon glyph=Glyph::Plus/>
                            "Start from an empty file"
                        </button>
                    </div>
                </header>
                <KeptProjects/>
                <MachineProjects/>
                <section aria-labelledby="templates">
                    <h2 id="templates" class="gallery-title">"Templates"</h2>
                    {cards}
                </section>
            </div>
        </main>
    }
}
