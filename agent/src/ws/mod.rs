//! The WebSocket of the page.
