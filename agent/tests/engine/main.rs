//! The engine façade, against a recording fake and against a real engine.

mod failures;
mod fake;
mod like_reference;
mod real;
mod up_down;
