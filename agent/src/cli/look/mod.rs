//! `images`, `top`, `port`, `events`: what runs, printed as `docker compose` prints it.

pub(super) mod events;
pub(super) mod images;
pub(super) mod port;
pub(super) mod top;
pub(super) mod units;
