//! Files for the user's disk: the compose file, or the whole project as a ZIP file.

mod menu;
mod save;

pub use menu::DownloadMenu;
pub use save::{download_project, download_text};
