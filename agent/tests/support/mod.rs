//! What the engine's tests share.
#![allow(dead_code, reason = "each test binary uses its part")]

pub mod fake_engine;
pub mod real_engine;
