//! Light, dark, or as the system has it.

use leptos::prelude::*;

use crate::{
    icons::{Glyph, Icon},
    storage,
};

const KEY: &str = "theme";
const DARK: &str = "(prefers-color-scheme: dark)";

/// What the user wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// As the system has it.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Wish {
    const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// The theme store. Found in the Leptos context.
#[derive(Clone, Copy)]
pub struct Theme {
    wish: RwSignal<Wish>,
    system_is_dark: RwSignal<bool>,
}

impl Theme {
    /// As it was chosen last; follows the system's changes and keeps the choice.
    pub fn restore() -> Self {
        let wish = match storage::get(KEY).as_deref() {
            Some("light") => Wish::Light,
            Some("dark") => Wish::Dark,
            _ => Wish::System,
        };
        let query = window().match_media(DARK).ok().flatten();
        let system_is_dark = RwSignal::new(query.as_ref().is_some_and(web_sys::MediaQueryList::matches));
        if let Some(query) = query {
            let target = query.clone();
            let follow = wasm_bindgen::closure::Closure::<dyn FnMut()>::new(move || {
                system_is_dark.set(query.matches());
            });
            use wasm_bindgen::JsCast;
            // Without it the page only misses a change of the system's theme until it is loaded again.
            let _ = target.add_event_listener_with_callback("change", follow.as_ref().unchecked_ref());
            follow.forget();
        }
        let theme = Self { wish: RwSignal::new(wish), system_is_dark };
        Effect::new(move |_| theme.show());
        theme
    }

    /// True when the page is dark now.
    pub fn is_dark(&self) -> bool {
        match self.wish.get() {
            Wish::System => self.system_is_dark.get(),
            Wish::Light => false,
            Wish::Dark => true,
        }
    }

    fn show(&self) {
        let name = if self.is_dark() { "dark" } else { "light" };
        if let Some(root) = document().document_element() {
            // Fails only for an attribute name that is not one.
            let _ = root.set_attribute("data-theme", name);
        }
        match self.wish.get() {
            Wish::System => storage::remove(KEY),
            wish => {
                // A theme that cannot be kept is chosen again next time.
                let _ = storage::set(KEY, wish.word());
            }
        }
    }
}

/// Goes round the three themes.
#[component]
pub fn ThemeButton() -> impl IntoView {
    let theme = expect_context::<Theme>();
    let label = move || {
        let wish = theme.wish.get();
        format!("Theme: {}. Change to {}", wish.word(), wish.next().word())
    };
    view! {
        <button
            class="icon-btn"
            data-testid="theme"
            title=label
            aria-label=label
            on:click=move |_| theme.wish.update(|wish| *wish = wish.next())
        >
            <Show when=move || theme.is_dark() fallback=|| view! { <Icon glyph=Glyph::Sun/> }>
                <Icon glyph=Glyph::Moon/>
            </Show>
        </button>
    }
}
