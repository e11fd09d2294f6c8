//! The stack as a graph: cards for services and what they mount, lanes for networks, curves for what waits for what.
//!
//! | module | what it does |
//! |---|---|
//! | `board` | state that the parts share, and what they can do |
//! | `card` | what a node shows |
//! | `viewport`, `route`, `step` | geometry: the window, the lines, the arrow keys |
//! | `gesture` | what pointers mean |
//! | `stage` | the board: events in, picture out |
//! | `node`, `edges`, `lanes` | the picture |
//! | `tools`, `add` | what floats above it |

mod add;
mod board;
pub(crate) mod card;
mod edges;
mod gesture;
mod lanes;
mod node;
mod route;
mod stage;
mod step;
mod tools;
mod viewport;

pub(crate) use board::offer_undo;
pub(crate) use node::severity;

use leptos::prelude::*;

use crate::{app::Notices, document::Document};

/// The stack as a graph.
#[component]
pub fn CanvasPane() -> impl IntoView {
    provide_context(board::Board::new(expect_context::<Document>(), expect_context::<Notices>()));
    view! {
        <div class="canvas">
            <stage::Stage />
            <tools::Tools />
            <add::AddService />
        </div>
    }
}
