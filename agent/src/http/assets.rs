//! The page's files, out of the binary: compressed ones where the browser takes them, kept for ever when the name
//! carries a hash, and the page itself with its policy.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, StatusCode, response::Builder};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::headers;

/// Trunk's output. Missing in a plain `cargo build`: the agent then says so in place of the page.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

const PAGE: &str = "index.html";
const NONCE_PLACEHOLDER: &str = "__CSP_NONCE__";
const NO_PAGE: &str = "<!doctype html><meta charset=utf-8><title>Composeyard</title>\
    <p>This build has no user interface: run <code>cargo xtask build</code>.</p>\n";

/// All files that are served.
#[derive(Debug)]
pub struct Assets {
    files: BTreeMap<String, File>,
    page: String,
    /// CSP sources of the page's inline scripts, each with a space before it.
    scripts: String,
}

#[derive(Debug)]
struct File {
    bytes: Option<Bytes>,
    brotli: Option<Bytes>,
    tag: String,
    mime: &'static str,
    hashed: bool,
}

impl Assets {
    /// The files of the build.
    pub fn embedded() -> Self {
        let files =
            Dist::iter().filter_map(|path| Dist::get(&path).map(|file| (path.into_owned(), file.data)));
        Self::new(files)
    }

    /// These files; `name.br` is the compressed form of `name`.
    pub fn new(files: impl IntoIterator<Item = (String, Cow<'static, [u8]>)>) -> Self {
        let mut served: BTreeMap<String, File> = BTreeMap::new();
        let mut page = NO_PAGE.to_owned();
        for (path, bytes) in files {
            if path == PAGE {
                page = String::from_utf8_lossy(&bytes).into_owned();
                continue;
            }
            let (name, compressed) =
                path.strip_suffix(".br").map_or((path.as_str(), false), |name| (name, true));
            let file = served.entry(name.to_owned()).or_insert_with(|| File::new(name));
            file.add(bytes, compressed);
        }
        served.remove(PAGE);
        let scripts = inline_scripts(&page).map(script_source).collect();
        Self { files: served, page, scripts }
    }

    /// True when the build has a page.
    pub fn has_page(&self) -> bool {
        self.page != NO_PAGE
    }

    /// The page, with a policy and a nonce of its own.
    pub(super) fn page(&self) -> Response {
        let Ok(nonce) = crate::secret::random_hex::<16>() else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let headers = [
            (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
            (CACHE_CONTROL, "no-cache".to_owned()),
            (CONTENT_SECURITY_POLICY, headers::page_policy(&self.scripts, &nonce)),
        ];
        (headers, self.page.replace(NONCE_PLACEHOLDER, &nonce)).into_response()
    }

    /// A file by its path without the leading `/`.
    pub(super) fn file(&self, path: &str, request: &HeaderMap) -> Response {
        let Some(file) = self.files.get(path) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let wants_brotli = accepts_brotli(request);
        let (body, encoding) = match (&file.bytes, &file.brotli) {
            (_, Some(brotli)) if wants_brotli => (brotli, Some("br")),
            (Some(bytes), _) => (bytes, None),
            (None, _) => return StatusCode::NOT_ACCEPTABLE.into_response(),
        };
        let tag = file.tag(encoding);
        let known = request.get_all(IF_NONE_MATCH).iter().any(|known| known.as_bytes() == tag.as_bytes());
        let answer = file.head(&tag);
        let answer = if known {
            answer.status(StatusCode::NOT_MODIFIED).body(Body::empty())
        } else {
            let answer = encoding
                .map(|name| (CONTENT_ENCODING, name))
                .into_iter()
                .fold(answer, |a, (k, v)| a.header(k, v));
            answer.body(Body::from(body.clone()))
        };
        answer.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
}

impl File {
    fn new(name: &str) -> Self {
        Self { bytes: None, brotli: None, tag: String::new(), mime: mime(name), hashed: is_hashed(name) }
    }

    fn add(&mut self, bytes: Cow<'static, [u8]>, compressed: bool) {
        if self.tag.is_empty() || !compressed {
            self.tag = Sha256::digest(&bytes).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        }
        let place = if compressed { &mut self.brotli } else { &mut self.bytes };
        *place = Some(match bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        });
    }

    fn tag(&self, encoding: Option<&str>) -> String {
        format!("\"{}{}\"", self.tag, encoding.map_or("", |_| "-br"))
    }

    fn head(&self, tag: &str) -> Builder {
        let cache = if self.hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
        Response::builder()
            .header(CONTENT_TYPE, self.mime)
            .header(CACHE_CONTROL, cache)
            .header(VARY, "Accept-Encoding")
            .header(ETAG, tag)
    }
}

fn accepts_brotli(request: &HeaderMap) -> bool {
    let lists = request.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|entry| {
        let (name, quality) = entry.split_once(';').unwrap_or((entry, ""));
        name.trim() == "br" && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// The type by the name's ending; unknown ones are downloaded, never guessed.
fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "yaml" | "yml" | "md" | "txt" | "toml" | "conf" | "py" | "sh" | "env" | "example" | "Dockerfile" => {
            "text/plain; charset=utf-8"
        }
        _ => "application/octet-stream",
    }
}

/// True for names with a hash of their content: `web-0123456789abcdef_bg.wasm`, `chunk-ABCD2345.js`.
fn is_hashed(name: &str) -> bool {
    let stem = name.rsplit('/').next().unwrap_or(name).split('.').next().unwrap_or_default();
    let last = stem.trim_end_matches("_bg").rsplit('-').next().unwrap_or_default();
    // Trunk writes a 64-bit hash without leading zeros.
    let hex = (13..=16).contains(&last.len()) && last.bytes().all(|b| b.is_ascii_hexdigit());
    let base32 = last.len() == 8 && last.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    hex || base32
}

/// The text of each script that stands in the page itself.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.match_indices("<script").filter_map(|(at, _)| {
        let (attributes, rest) = page[at..].split_once('>')?;
        let (text, _) = rest.split_once("</script")?;
        let external = attributes.split_ascii_whitespace().any(|attribute| attribute.starts_with("src="));
        (!external && !text.is_empty()).then_some(text)
    })
}

fn script_source(text: &str) -> String {
    format!(" 'sha256-{}'", BASE64.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets(files: &[(&str, &'static str)]) -> Assets {
        Assets::new(files.iter().map(|(path, text)| ((*path).to_owned(), Cow::Borrowed(text.as_bytes()))))
    }

    fn header(response: &Response, name: &axum::http::HeaderName) -> String {
        response.headers().get(name).map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    }

    fn accepting(encoding: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, encoding.parse().unwrap())])
    }

    #[test]
    fn the_policy_allows_just_the_inline_scripts_of_the_page() {
        let assets = assets(&[(PAGE, "<script type=module src=/a.js></script><script>alert(1)</script>")]);
        let policy = header(&assets.page(), &CONTENT_SECURITY_POLICY);
        let hash = "bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=";
        assert!(
            policy.contains(&format!("script-src 'self' 'wasm-unsafe-eval' 'sha256-{hash}';")),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline"));
    }

    #[tokio::test]
    async fn each_page_has_a_nonce_of_its_own_and_names_it_in_its_policy() {
        let assets = assets(&[(PAGE, "<meta name=csp-nonce content=__CSP_NONCE__>")]);
        let (first, second) = (assets.page(), assets.page());
        let policy = header(&first, &CONTENT_SECURITY_POLICY);
        assert_ne!(policy, header(&second, &CONTENT_SECURITY_POLICY));
        let body = axum::body::to_bytes(first.into_body(), 1000).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        let nonce = body.split_once("content=").unwrap().1.trim_end_matches('>');
        assert!(policy.contains(&format!("'nonce-{nonce}'")), "{policy} {body}");
    }

    #[test]
    fn the_compressed_form_goes_to_browsers_that_take_it() {
        let assets = assets(&[("a.js", "plain"), ("a.js.br", "small"), ("b.js.br", "small")]);
        let encoded = |path, accept| header(&assets.file(path, &accepting(accept)), &CONTENT_ENCODING);
        assert_eq!(encoded("a.js", "gzip, deflate, br"), "br");
        assert_eq!(encoded("a.js", "gzip"), "");
        assert_eq!(encoded("a.js", "br;q=0"), "");
        assert_eq!(assets.file("b.js", &accepting("gzip")).status(), StatusCode::NOT_ACCEPTABLE);
        assert_eq!(assets.file("a.js.br", &accepting("br")).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn hashed_names_are_kept_for_ever_and_others_asked_for_again() {
        let assets = assets(&[("web-0123456789abcdef_bg.wasm", "x"), ("stacks/index.json", "[]")]);
        let wasm = assets.file("web-0123456789abcdef_bg.wasm", &HeaderMap::new());
        assert_eq!(header(&wasm, &CONTENT_TYPE), "application/wasm");
        assert!(header(&wasm, &CACHE_CONTROL).contains("immutable"));
        let index = assets.file("stacks/index.json", &HeaderMap::new());
        assert_eq!(header(&index, &CACHE_CONTROL), "no-cache");
        let again = HeaderMap::from_iter([(IF_NONE_MATCH, header(&index, &ETAG).parse().unwrap())]);
        assert_eq!(assets.file("stacks/index.json", &again).status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn a_name_with_a_word_for_its_end_is_not_hashed() {
        for hashed in ["inspector-4e7f7b69f309665.css", "web-0123456789abcdef_bg.wasm", "chunk-ABCD2345.js"] {
            assert!(is_hashed(hashed), "{hashed}");
        }
        for plain in
            ["editor.js", "stacks/index.json", "snippets/web-0123456789abcdef/js/load.js", "a-decade.js"]
        {
            assert!(!is_hashed(plain), "{plain}");
        }
    }

    #[test]
    fn only_files_of_the_build_are_served() {
        let assets = assets(&[("a.js", "x")]);
        for path in ["../Cargo.toml", "%2e%2e/Cargo.toml", "a.js%00", "", "A.JS", "a.js/"] {
            assert_eq!(assets.file(path, &HeaderMap::new()).status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn a_build_without_a_page_says_how_to_make_one() {
        assert!(NO_PAGE.contains("cargo xtask build") && !assets(&[]).has_page());
    }
}
