//! Bundles of JavaScript, fetched when they are first wanted: `web/js/load.js`.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen(module = "/js/load.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn load(bundle: &str) -> Result<JsValue, JsValue>;
}

/// What a bundle exports.
///
/// # Errors
/// What the browser says when it cannot be fetched or run.
pub(crate) async fn exports(bundle: &str) -> Result<JsValue, String> {
    load(bundle).await.map_err(words)
}

/// A JavaScript error as text.
pub(crate) fn words(error: JsValue) -> String {
    format!("{error:?}")
}
