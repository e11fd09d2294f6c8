//! Short notices of what just happened, read aloud by screen readers, gone by themselves unless they need an answer.

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;

use super::dialogs::{Act, Tone};
use crate::icons::{Glyph, Icon};

/// How long a notice stays.
const STAY: Duration = Duration::from_secs(7);

#[derive(Clone)]
struct Notice {
    id: u32,
    tone: Tone,
    text: String,
    action: Option<(String, Act)>,
}

/// The notices store. Found in the Leptos context.
#[derive(Clone, Copy, Default)]
pub struct Notices {
    shown: RwSignal<Vec<Notice>>,
    count: StoredValue<u32>,
}

impl Notices {
    /// Says something for a few seconds.
    pub fn say(&self, tone: Tone, text: impl Into<String>) {
        let id = self.push(tone, text.into(), None);
        self.fade(id);
    }

    /// Says something for a few seconds, with a button, mostly the way back.
    pub fn offer(
        &self,
        tone: Tone,
        text: impl Into<String>,
        label: &str,
        act: impl Fn() + Send + Sync + 'static,
    ) {
        let id = self.push(tone, text.into(), Some((label.to_owned(), Arc::new(act))));
        self.fade(id);
    }

    /// Says something until it is answered or closed. The same words are shown once.
    pub fn sticky(
        &self,
        tone: Tone,
        text: impl Into<String>,
        label: &str,
        act: impl Fn() + Send + Sync + 'static,
    ) {
        let text = text.into();
        if self.shown.read_untracked().iter().any(|notice| notice.text == text) {
            return;
        }
        self.push(tone, text, Some((label.to_owned(), Arc::new(act))));
    }

    fn push(&self, tone: Tone, text: String, action: Option<(String, Act)>) -> u32 {
        let id = self.count.get_value() + 1;
        self.count.set_value(id);
        self.shown.update(|shown| shown.push(Notice { id, tone, text, action }));
        id
    }

    fn fade(self, id: u32) {
        set_timeout(move || self.close(id), STAY);
    }

    fn close(&self, id: u32) {
        self.shown.update(|shown| shown.retain(|notice| notice.id != id));
    }
}

/// Where notices appear.
#[component]
pub fn NoticeRegion() -> impl IntoView {
    let notices = expect_context::<Notices>();
    view! {
        <div class="notices" role="status" aria-live="polite">
            <For each=move || notices.shown.get() key=|notice| notice.id let:notice>
                <NoticeCard notice/>
            </For>
        </div>
    }
}

#[component]
fn NoticeCard(notice: Notice) -> impl IntoView {
    let notices = expect_context::<Notices>();
    let Notice { id, tone, text, action } = notice;
    let (class, glyph) = match tone {
        Tone::Danger => ("notice bad", Glyph::Error),
        Tone::Caution => ("notice warn", Glyph::Warning),
        Tone::Primary => ("notice ok", Glyph::Check),
        Tone::Plain => ("notice", Glyph::Hint),
    };
    let action = action.map(|(label, act)| {
        let click = move |_| {
            act();
            notices.close(id);
        };
        view! { <button class="link" on:click=click>{label}</button> }
    });
    view! {
        <div class=class>
            <Icon glyph/>
            <div>{text} {action}</div>
            <button class="icon-btn small" aria-label="Close this notice" on:click=move |_| notices.close(id)>
                <Icon glyph=Glyph::Close/>
            </button>
        </div>
    }
}
