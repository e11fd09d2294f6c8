//! What just happened, in words, with undo beside it.

use leptos::prelude::*;

use super::board::{Board, Notice};

/// The bar; a live region, so that screen readers say it.
#[component]
pub(super) fn NoticeBar() -> impl IntoView {
    let board = expect_context::<Board>();
    let take_back = move |_| {
        board.document.undo();
        board.notice.set(None);
    };
    view! {
        <div class="notice-place" role="status" aria-live="polite">
            {move || board.notice.get().map(|Notice { text, undoable }| view! {
                <div class="notice" data-testid="notice">
                    <span>{text}</span>
                    {undoable.then(|| view! { <button class="link" on:click=take_back>"Undo"</button> })}
                </div>
            })}
        </div>
    }
}
