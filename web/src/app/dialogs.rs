//! Questions that need an answer before something is lost or replaced, in the browser's own modal dialog.

use std::sync::Arc;

use leptos::{html, prelude::*};

/// What a button does. Unlike a callback of a component it outlives the row or pane it was made in.
pub type Act = Arc<dyn Fn() + Send + Sync>;

/// What a choice or a notice means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// The thing to do; it went well.
    Primary,
    /// Worth a look.
    Caution,
    /// Something is lost or broken.
    Danger,
}

/// One answer.
#[derive(Clone)]
pub struct Choice {
    /// Names the result: "Replace 2 files".
    pub label: String,
    /// How it looks.
    pub tone: Tone,
    /// What it does.
    pub act: Act,
}

impl Choice {
    /// An answer and what it does.
    pub fn new(label: impl Into<String>, tone: Tone, act: impl Fn() + Send + Sync + 'static) -> Self {
        Self { label: label.into(), tone, act: Arc::new(act) }
    }
}

/// A question. "Cancel" is always an answer.
#[derive(Clone)]
pub struct Question {
    /// The question itself.
    pub title: String,
    /// What each answer would mean.
    pub body: Vec<String>,
    /// The answers but "Cancel", the usual one last.
    pub choices: Vec<Choice>,
}

/// The question that is open. Found in the Leptos context.
#[derive(Clone, Copy, Default)]
pub struct Dialogs(RwSignal<Option<Question>>);

impl Dialogs {
    /// Asks. A question that was open is taken as cancelled.
    pub fn ask(&self, question: Question) {
        self.0.set(Some(question));
    }
}

/// Where questions appear.
#[component]
pub fn DialogHost() -> impl IntoView {
    let open = expect_context::<Dialogs>().0;
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let (asked, Some(dialog)) = (open.read().is_some(), dialog.get()) else { return };
        if asked && !dialog.open() {
            // Fails only when it is open already.
            let _ = dialog.show_modal();
        } else if !asked {
            dialog.close();
        }
    });
    let answer = move |choice: Choice| {
        let class = match choice.tone {
            Tone::Primary => "btn primary",
            Tone::Danger => "btn danger",
            Tone::Plain | Tone::Caution => "btn",
        };
        let click = move |_| {
            open.set(None);
            (choice.act)();
        };
        view! { <button class=class on:click=click>{choice.label}</button> }
    };
    let content = move |question: Question| {
        view! {
            <div class="dialog-body">
                <h2 id="dialog-title">{question.title}</h2>
                {question.body.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            </div>
            <div class="dialog-actions">
                <button class="btn" on:click=move |_| open.set(None)>"Cancel"</button>
                {question.choices.into_iter().map(answer).collect_view()}
            </div>
        }
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="dialog-title" on:close=move |_| open.set(None)>
            {move || open.get().map(content)}
        </dialog>
    }
}
