//! A stage for tests of the agent: an engine that records every call, an agent in this process, its clients.

pub(crate) mod agent;
pub(crate) mod fake_engine;
pub(crate) mod http;
pub(crate) mod page;
