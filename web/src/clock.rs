//! The browser's clocks.

/// Milliseconds since the page was opened, with fractions; for measuring.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Milliseconds since 1970; for dates that people read.
pub fn date() -> f64 {
    js_sys::Date::now()
}
