//! Hands bytes to the browser as a download.

use composeyard_compose::{archive, stacks::recorded};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::document::Document;

/// Offers a text file.
pub fn download_text(name: &str, text: &str) {
    offer(name, text.as_bytes(), "text/plain;charset=utf-8");
}

/// Offers all files of the project, in one folder of its name; `.env` says which variant is in use.
pub fn download_project(document: &Document) {
    let name = document.name().get_untracked();
    let files = recorded(&document.files().read_untracked(), &document.variant_in_use());
    let bytes = archive::zip(name.as_str(), &files);
    offer(&format!("{name}.zip"), &bytes, "application/zip");
}

fn offer(name: &str, bytes: &[u8], kind: &str) {
    if let Err(error) = try_offer(name, bytes, kind) {
        leptos::logging::error!("{name} could not be downloaded: {error:?}");
    }
}

fn try_offer(name: &str, bytes: &[u8], kind: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}
