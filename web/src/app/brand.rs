//! The mark: a ship that carries a service, a network and a volume.

use leptos::prelude::*;

/// The mark, without the name.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path class="hull" d="M3 17h18l-2.4 4H5.4z"></path>
            <rect class="service" x="5" y="11" width="5" height="5" rx="1"></rect>
            <rect class="network" x="11" y="11" width="5" height="5" rx="1"></rect>
            <rect class="volume" x="8" y="5" width="5" height="5" rx="1"></rect>
        </svg>
    }
}
