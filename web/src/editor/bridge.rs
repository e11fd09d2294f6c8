//! The border to `web/js/editor.js`: its functions by name, nothing else. Offsets are UTF-16 units on that side.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::Element;

#[wasm_bindgen(module = "/js/load.js")]
extern "C" {
    /// Fetches the bundle.
    #[wasm_bindgen(catch)]
    async fn load() -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The bundle.
    type Module;

    #[wasm_bindgen(method, catch)]
    fn create(this: &Module, host: &Element, nonce: &str, report: &JsValue) -> Result<View, JsValue>;

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

/// What the view reports; must live as long as the view.
pub(super) struct Report {
    functions: JsValue,
    _kept: (OnText, OnOffset, OnText, OnFix),
}

type OnText = Closure<dyn FnMut(String)>;
type OnOffset = Closure<dyn FnMut(usize)>;
type OnFix = Closure<dyn FnMut(usize, usize)>;

impl Report {
    /// `change` gets the whole text, `cursor` its offset, `history` "undo" or "redo", `fix` the numbers of a finding
    /// and of one of its fixes.
    pub(super) fn new(
        change: impl FnMut(String) + 'static,
        cursor: impl FnMut(usize) + 'static,
        history: impl FnMut(String) + 'static,
        fix: impl FnMut(usize, usize) + 'static,
    ) -> Self {
        let change = OnText::new(change);
        let cursor = OnOffset::new(cursor);
        let history = OnText::new(history);
        let fix = OnFix::new(fix);
        let functions = object(&[
            ("change", change.as_ref().clone()),
            ("cursor", cursor.as_ref().clone()),
            ("history", history.as_ref().clone()),
            ("fix", fix.as_ref().clone()),
        ]);
        Self { functions, _kept: (change, cursor, history, fix) }
    }

    /// The functions as an object.
    pub(super) fn functions(&self) -> JsValue {
        self.functions.clone()
    }
}

/// Loads the bundle and makes a view in `host` that calls the functions of [`Report::functions`].
///
/// # Errors
/// What the browser says when the bundle cannot be fetched or run.
pub(super) async fn open(host: &Element, nonce: &str, report: &JsValue) -> Result<View, String> {
    let words = |error: JsValue| format!("{error:?}");
    let module: Module = load().await.map_err(words)?.into();
    module.create(host, nonce, report).map_err(words)
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}
