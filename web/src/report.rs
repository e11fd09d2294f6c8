//! Functions that JavaScript may call, as one plain object.

use std::any::Any;

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsValue, closure::Closure};

/// The functions; must live as long as whoever calls them.
#[derive(Default)]
pub(crate) struct Report {
    functions: Object,
    kept: Vec<Box<dyn Any>>,
}

impl Report {
    /// Adds a function under this name.
    pub(crate) fn with<F: ?Sized + 'static>(mut self, name: &str, closure: Closure<F>) -> Self {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&self.functions, &JsValue::from_str(name), closure.as_ref());
        self.kept.push(Box::new(closure));
        self
    }

    /// The functions as an object.
    pub(crate) fn functions(&self) -> JsValue {
        self.functions.clone().into()
    }
}
