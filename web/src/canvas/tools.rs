//! The bar in the corner: add, zoom, fit, tidy.

use leptos::prelude::*;

use super::board::Board;
use crate::icons::{Glyph, Icon};

/// The bar.
#[component]
pub(super) fn Tools() -> impl IntoView {
    let board = expect_context::<Board>();
    let percent = move || format!("{:.0} %", board.view.get().zoom * 100.0);
    let pinned = move || !board.document.positions.read().is_empty();
    view! {
        <div class="board-tools" role="toolbar" aria-label="Canvas">
            <button
                data-testid="add-service"
                title="Add a service (a)"
                on:click=move |_| board.adding.set(true)
            >
                <Icon glyph=Glyph::Plus />
                <span>"Service"</span>
            </button>
            <button aria-label="Zoom out" title="Zoom out (−)" on:click=move |_| board.zoom_by(1.0 / 1.2)>
                <Icon glyph=Glyph::Minus />
            </button>
            <button
                class="zoom"
                title="Show at full size"
                on:click=move |_| board.zoom_by(1.0 / board.view.get_untracked().zoom)
            >
                {percent}
            </button>
            <button aria-label="Zoom in" title="Zoom in (+)" on:click=move |_| board.zoom_by(1.2)>
                <Icon glyph=Glyph::Plus />
            </button>
            <button data-testid="fit" title="Show everything (0)" on:click=move |_| board.fit()>
                <Icon glyph=Glyph::Fit />
                <span>"Fit"</span>
            </button>
            <button
                data-testid="tidy"
                title="Forget where nodes were dragged to"
                disabled=move || !pinned()
                on:click=move |_| board.tidy()
            >
                <Icon glyph=Glyph::Tidy />
                <span>"Tidy"</span>
            </button>
        </div>
    }
}
