//! The border to `web/js/terminal.js`: its functions by name, nothing else.

use js_sys::Uint8Array;
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::Element;

use crate::{bundle, report::Report};

#[wasm_bindgen]
extern "C" {
    /// The bundle.
    type Module;

    #[wasm_bindgen(method, catch)]
    fn create(this: &Module, host: &Element, report: &JsValue) -> Result<View, JsValue>;

    /// A view of one terminal.
    #[derive(Clone)]
    pub(super) type View;

    #[wasm_bindgen(method)]
    pub(super) fn write(this: &View, bytes: &Uint8Array);

    #[wasm_bindgen(method)]
    pub(super) fn rows(this: &View) -> u16;

    #[wasm_bindgen(method)]
    pub(super) fn columns(this: &View) -> u16;

    #[wasm_bindgen(method)]
    pub(super) fn reset(this: &View);

    #[wasm_bindgen(method)]
    pub(super) fn listen(this: &View, does: bool);

    #[wasm_bindgen(method)]
    pub(super) fn focus(this: &View);

    #[wasm_bindgen(method)]
    pub(super) fn destroy(this: &View);
}

/// What a terminal reports.
pub(super) struct Handlers {
    /// Gets what was typed or pasted.
    pub(super) typed: Box<dyn FnMut(Vec<u8>)>,
    /// Gets lines and characters in a line.
    pub(super) resized: Box<dyn FnMut(u16, u16)>,
    /// Gets how many more bytes are shown.
    pub(super) shown: Box<dyn FnMut(f64)>,
    /// The user wants the keyboard back.
    pub(super) left: Box<dyn FnMut()>,
}

impl Handlers {
    pub(super) fn into_report(self) -> Report {
        Report::default()
            .with("typed", Closure::wrap(self.typed))
            .with("resized", Closure::wrap(self.resized))
            .with("shown", Closure::wrap(self.shown))
            .with("left", Closure::wrap(self.left))
    }
}

/// Loads the bundle and makes a view in `host` that calls the report's functions.
///
/// # Errors
/// What the browser says when the bundle cannot be fetched or run.
pub(super) async fn open(host: &Element, report: &JsValue) -> Result<View, String> {
    let module: Module = bundle::exports("terminal.js").await?.into();
    module.create(host, report).map_err(bundle::words)
}
