//! The projects' files on disk.
