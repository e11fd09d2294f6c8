//! A recording fake engine.
