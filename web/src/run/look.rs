//! Tables of what runs, in a dialog: processes and images.

use composeyard_compose::ServiceName;
use composeyard_protocol::{ImageInUse, ProcessTable, Request, ServerMessage};
use leptos::{html, prelude::*, task::spawn_local};

use super::{client::Trouble, store::Run, words};

/// What is looked at.
#[derive(Clone, Debug, PartialEq)]
enum Subject {
    /// The processes of services; of all without one.
    Processes(Vec<ServiceName>),
    /// The images that containers were made from.
    Images,
}

impl Subject {
    fn title(&self) -> String {
        match self {
            Self::Processes(services) => match &services[..] {
                [] => "Processes".to_owned(),
                [service, ..] => format!("Processes of {service}"),
            },
            Self::Images => "Images in use".to_owned(),
        }
    }
}

/// A table with what it is about.
#[derive(Clone, Debug, Default, PartialEq)]
struct Table {
    caption: String,
    titles: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn of_processes(table: ProcessTable) -> Table {
    Table {
        caption: format!("{} {}", table.service, table.number),
        titles: table.titles,
        rows: table.processes,
    }
}

fn of_images(images: Vec<ImageInUse>) -> Table {
    let row = |image: ImageInUse| {
        let or_none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
        let id = image.id.strip_prefix("sha256:").unwrap_or(&image.id);
        let id = id.chars().take(12).collect();
        vec![image.container, or_none(image.repository), or_none(image.tag), id, words::bytes(image.size)]
    };
    Table {
        caption: String::new(),
        titles: ["Container", "Image", "Tag", "Id", "Size"].map(str::to_owned).into(),
        rows: images.into_iter().map(row).collect(),
    }
}

/// What is shown. Found in the Leptos context.
#[derive(Clone, Copy, Default)]
pub struct Look {
    subject: RwSignal<Option<Subject>>,
    tables: RwSignal<Option<Result<Vec<Table>, String>>>,
}

impl Look {
    /// Shows the processes of services; none for all.
    pub(super) fn processes(&self, services: Vec<ServiceName>) {
        self.subject.set(Some(Subject::Processes(services)));
    }

    /// Shows the images in use.
    pub(super) fn images(&self) {
        self.subject.set(Some(Subject::Images));
    }

    fn ask(self, run: Run) {
        let Some(subject) = self.subject.get_untracked() else { return };
        spawn_local(async move {
            let found = run.look_at(&subject).await.map_err(|trouble| match trouble {
                Trouble::Failed(failure) => words::failure(&failure),
                Trouble::Lost | Trouble::Cancelled => "The connection to the agent was lost.".to_owned(),
            });
            // Another question may have been asked meanwhile.
            if self.subject.get_untracked() == Some(subject) {
                self.tables.set(Some(found));
            }
        });
    }
}

impl Run {
    async fn look_at(&self, subject: &Subject) -> Result<Vec<Table>, Trouble> {
        let project = self.document.name().get_untracked();
        let request = match subject {
            Subject::Processes(services) => Request::Top { project, services: services.clone() },
            Subject::Images => Request::Images { project },
        };
        let mut found = Vec::new();
        let each = |message| match message {
            ServerMessage::Processes { tables, .. } => {
                found = tables.into_iter().map(of_processes).collect();
            }
            ServerMessage::Images { images, .. } => found = vec![of_images(images)],
            _ => {}
        };
        self.client().request(request).finish(each).await?;
        Ok(found)
    }
}

/// Where the tables appear.
#[component]
pub fn LookHost() -> impl IntoView {
    let run = expect_context::<Run>();
    let look = expect_context::<Look>();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let (open, Some(dialog)) = (look.subject.read().is_some(), dialog.get()) else { return };
        if open {
            look.tables.set(None);
            look.ask(run);
            if !dialog.open() {
                // Fails only when it is open already.
                let _ = dialog.show_modal();
            }
        } else {
            dialog.close();
        }
    });
    let title = move || look.subject.read().as_ref().map(Subject::title).unwrap_or_default();
    let content = move || match look.tables.get() {
        None => view! { <p>"Asking the engine"</p> }.into_any(),
        Some(Err(reason)) => view! { <p class="note bad" role="alert">{reason}</p> }.into_any(),
        Some(Ok(tables)) if tables.iter().all(|table| table.rows.is_empty()) => {
            view! { <p>"Nothing runs."</p> }.into_any()
        }
        Some(Ok(tables)) => {
            tables.into_iter().map(|table| view! { <TableView table/> }).collect_view().into_any()
        }
    };
    view! {
        <dialog
            class="dialog wide"
            aria-labelledby="look-title"
            data-testid="look"
            node_ref=dialog
            on:close=move |_| look.subject.set(None)
        >
            <div class="dialog-body">
                <h2 id="look-title">{title}</h2>
                <div class="tables">{content}</div>
            </div>
            <div class="dialog-actions">
                <button class="btn" data-testid="look-again" on:click=move |_| look.ask(run)>"Look again"</button>
                <button class="btn primary" on:click=move |_| look.subject.set(None)>"Close"</button>
            </div>
        </dialog>
    }
}

#[component]
fn TableView(table: Table) -> impl IntoView {
    let row = |row: Vec<String>| {
        view! { <tr>{row.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr> }
    };
    view! {
        <table class="table">
            {(!table.caption.is_empty()).then(|| view! { <caption>{table.caption}</caption> })}
            <thead>
                <tr>{table.titles.into_iter().map(|title| view! { <th scope="col">{title}</th> }).collect_view()}</tr>
            </thead>
            <tbody>{table.rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_without_a_name_says_so() {
        let image = ImageInUse {
            container: "demo-app-1".into(),
            id: "sha256:0123456789abcdef".into(),
            size: 41_000_000,
            ..ImageInUse::default()
        };
        let table = of_images(vec![image]);
        assert_eq!(table.rows, [["demo-app-1", "none", "none", "0123456789ab", "41.0 MB"]]);
    }
}
