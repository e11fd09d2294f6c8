//! The browser's local storage, with its failures as values: it may be blocked, full or hold anything.

use wasm_bindgen::JsValue;
use web_sys::Storage;

/// Why something could not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// The browser keeps nothing for this page.
    #[error("the browser does not let this page keep data")]
    Blocked,
    /// There is no room left.
    #[error("the browser's storage for this page is full")]
    Full,
}

/// Every key of Composeyard starts so.
const PREFIX: &str = "composeyard.";

fn storage() -> Result<Storage, StorageError> {
    let window = web_sys::window().ok_or(StorageError::Blocked)?;
    window.local_storage().ok().flatten().ok_or(StorageError::Blocked)
}

/// The value of a key; none when there is none or nothing can be read.
pub fn get(key: &str) -> Option<String> {
    storage().ok()?.get_item(&format!("{PREFIX}{key}")).ok().flatten()
}

/// Keeps a value.
///
/// # Errors
/// When the browser refuses; what was kept before stays.
pub fn set(key: &str, value: &str) -> Result<(), StorageError> {
    let refused = |error: JsValue| {
        let name = js_sys::Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
        match name.as_deref() {
            Some("SecurityError") => StorageError::Blocked,
            _ => StorageError::Full,
        }
    };
    storage()?.set_item(&format!("{PREFIX}{key}"), value).map_err(refused)
}

/// Forgets a key.
pub fn remove(key: &str) {
    if let Ok(storage) = storage() {
        // A key that cannot be removed is only a key too many.
        let _ = storage.remove_item(&format!("{PREFIX}{key}"));
    }
}

/// The keys that start with `start`, without it.
pub fn keys(start: &str) -> Vec<String> {
    let Ok(storage) = storage() else { return Vec::new() };
    let start = format!("{PREFIX}{start}");
    let count = storage.length().unwrap_or(0);
    let keys = (0..count).filter_map(|at| storage.key(at).ok().flatten());
    keys.filter_map(|key| key.strip_prefix(&start).map(str::to_owned)).collect()
}
