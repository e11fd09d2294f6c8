//! The border to `web/js/editor.js`: its functions by name, nothing else. Offsets are UTF-16 units on that side.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::Element;

use crate::bundle;
pub(super) use crate::report::Report;

#[wasm_bindgen]
extern "C" {
    /// The bundle.
    type Module;

    #[wasm_bindgen(method, catch)]
    fn create(
        this: &Module,
        host: &Element,
        nonce: &str,
        report: &JsValue,
        view_only: bool,
    ) -> Result<View, JsValue>;

    /// A view of one text at a time.
    #[derive(Clone)]
    pub(super) type View;

    #[wasm_bindgen(method)]
    pub(super) fn show(this: &View, file: &str, text: &str, language: &str, label: &str);

    #[wasm_bindgen(method)]
    pub(super) fn forget(this: &View);

    #[wasm_bindgen(method)]
    pub(super) fn text(this: &View) -> String;

    #[wasm_bindgen(method, catch)]
    fn dispatch(this: &View, changes: &Array) -> Result<(), JsValue>;

    #[wasm_bindgen(method, js_name = setDiagnostics)]
    fn set_diagnostics(this: &View, findings: &Array);

    #[wasm_bindgen(method)]
    pub(super) fn reveal(this: &View, from: usize, to: usize, focus: bool);

    #[wasm_bindgen(method, js_name = highlightRange)]
    pub(super) fn highlight_range(this: &View, from: usize, to: usize, scroll: bool);

    #[wasm_bindgen(method, js_name = hasFocus)]
    pub(super) fn has_focus(this: &View) -> bool;

    #[wasm_bindgen(method)]
    pub(super) fn destroy(this: &View);
}

/// A replacement of text.
pub(super) struct Change {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) insert: String,
}

/// A finding as the view shows it.
pub(super) struct Mark {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) severity: &'static str,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) fixes: Vec<String>,
}

impl View {
    /// Applies changes together; false when they do not fit what the view shows.
    pub(super) fn apply(&self, changes: &[Change]) -> bool {
        let changes = changes.iter().map(|change| {
            object(&[
                ("from", change.from.into()),
                ("to", change.to.into()),
                ("insert", change.insert.as_str().into()),
            ])
        });
        self.dispatch(&changes.collect()).is_ok()
    }

    /// Shows findings in place of those shown before.
    pub(super) fn mark(&self, marks: &[Mark]) {
        let marks = marks.iter().map(|mark| {
            object(&[
                ("from", mark.from.into()),
                ("to", mark.to.into()),
                ("severity", mark.severity.into()),
                ("code", mark.code.as_str().into()),
                ("message", mark.message.as_str().into()),
                ("help", mark.help.as_deref().into()),
                ("fixes", mark.fixes.iter().map(|title| JsValue::from_str(title)).collect::<Array>().into()),
            ])
        });
        self.set_diagnostics(&marks.collect());
    }
}

/// What an editor asks and reports. Offsets are UTF-16 units.
pub(super) struct Handlers {
    /// Gets the whole text.
    pub(super) change: Box<dyn FnMut(String)>,
    /// Gets the cursor's offset.
    pub(super) cursor: Box<dyn FnMut(usize)>,
    /// Gets "undo" or "redo".
    pub(super) history: Box<dyn FnMut(String)>,
    /// Gets the numbers of a finding and of one of its fixes.
    pub(super) fix: Box<dyn FnMut(usize, usize)>,
    /// Gets "declaration", "uses", "rename" or "outline" and an offset; false when there is nothing to show.
    pub(super) go: Box<dyn FnMut(String, usize) -> bool>,
    /// Gets an offset; gives `{from, to, options}`.
    pub(super) complete: Box<dyn FnMut(usize) -> JsValue>,
    /// Gets an offset; gives a card or null.
    pub(super) hover: Box<dyn FnMut(usize) -> JsValue>,
    /// Gets the number of a line of the card.
    pub(super) open: Box<dyn FnMut(usize)>,
}

impl Report {
    /// For a text that is written.
    pub(super) fn of_editor(handlers: Handlers) -> Self {
        Self::default()
            .with("change", Closure::wrap(handlers.change))
            .with("cursor", Closure::wrap(handlers.cursor))
            .with("history", Closure::wrap(handlers.history))
            .with("fix", Closure::wrap(handlers.fix))
            .with("go", Closure::wrap(handlers.go))
            .with("complete", Closure::wrap(handlers.complete))
            .with("hover", Closure::wrap(handlers.hover))
            .with("open", Closure::wrap(handlers.open))
    }

    /// For a text that is only looked at; `follow` gets the offset that was clicked.
    pub(super) fn of_view_only(mut follow: impl FnMut(usize) -> bool + 'static) -> Self {
        let go: Box<dyn FnMut(String, usize) -> bool> = Box::new(move |_, units| follow(units));
        let cursor: Box<dyn FnMut(usize)> = Box::new(|_| {});
        let history: Box<dyn FnMut(String)> = Box::new(|_| {});
        Self::default()
            .with("go", Closure::wrap(go))
            .with("cursor", Closure::wrap(cursor))
            .with("history", Closure::wrap(history))
    }
}

/// Loads the bundle and makes a view in `host` that calls the functions of [`Report::functions`].
///
/// # Errors
/// What the browser says when the bundle cannot be fetched or run.
pub(super) async fn open(
    host: &Element,
    nonce: &str,
    report: &JsValue,
    view_only: bool,
) -> Result<View, String> {
    let module: Module = bundle::exports("editor.js").await?.into();
    module.create(host, nonce, report, view_only).map_err(bundle::words)
}

/// A plain object.
pub(super) fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

/// An array.
pub(super) fn list(items: impl Iterator<Item = JsValue>) -> JsValue {
    items.collect::<Array>().into()
}
