//! The selected node's settings, as forms over the text: each field holds what the file says and becomes an intent.
//!
//! | module | what it does |
//! |---|---|
//! | `sheet` | a service as it is written, and where |
//! | `check` | what is wrong with a value before it becomes an edit |
//! | `field` | a text field over a piece of a file |
//! | `head`, `findings` | parts of every view |
//! | `service` with `ports`, `environment`, `depends`, `attachments`, `volumes`, `settings` | a service |
//! | `live` | what runs of it, and the buttons that change only that |
//! | `resource` | a volume, network, secret or config |
//! | `summary` | nothing is selected: the stack in numbers |
//! | `variables` | the project's variables |

mod attachments;
mod check;
mod depends;
mod environment;
mod field;
mod findings;
mod head;
mod live;
mod ports;
mod resource;
mod service;
mod settings;
mod sheet;
mod summary;
mod variables;
mod volumes;

use composeyard_compose::{Project, graph::NodeKey};
use leptos::{html, prelude::*};

use crate::document::Document;

/// True while the project has what a node stands for.
fn exists(project: &Project, key: &NodeKey) -> bool {
    match key {
        NodeKey::Service(name) => {
            project.services.contains_key(name) || project.disabled_services.contains_key(name)
        }
        NodeKey::Volume(name) => project.volumes.contains_key(name),
        NodeKey::Network(name) => project.networks.contains_key(name),
        NodeKey::Secret(name) => project.secrets.contains_key(name),
        NodeKey::Config(name) => project.configs.contains_key(name),
    }
}

/// The selected node's settings.
#[component]
pub fn InspectorPane() -> impl IntoView {
    let document = expect_context::<Document>();
    let shown = Memo::new(move |_| {
        let selected = document.selected.get()?;
        let project = document.checked().get().project.clone()?;
        exists(&project, &selected).then_some(selected)
    });
    let pane = NodeRef::<html::Div>::new();
    // What is shown next is read from its start.
    Effect::new(move |before: Option<Option<NodeKey>>| {
        let shown = shown.get();
        if let Some(pane) = pane.get_untracked()
            && before.is_some_and(|before| before != shown)
        {
            pane.set_scroll_top(0);
        }
        shown
    });
    view! {
        <div node_ref=pane class="inspector" data-testid="inspector">
            {move || match shown.get() {
                None => view! { <summary::Summary /> }.into_any(),
                Some(NodeKey::Service(name)) => view! { <service::ServiceInspector name /> }.into_any(),
                Some(key) => view! { <resource::ResourceInspector key /> }.into_any(),
            }}
        </div>
    }
}
