//! The log path, pure: engine frames to lines, lines to batches on the wire, resume without loss or doubles,
//! the page's ring of lines with search, and ANSI colours.
//!
//! | module | where it runs |
//! |---|---|
//! | [`line`] | the line, its source, a client's position |
//! | [`stamp`] | agent: the engine's time stamps |
//! | [`demux`] | agent: engine frames to lines |
//! | [`resume`] | both: which lines a returning client has already seen |
//! | [`merge`] | agent: containers in one order |
//! | [`wire`] | both: binary batches |
//! | [`ring`] | page: the newest N lines of all sources, by a growing sequence |
//! | [`ansi`] | page: colours of a line |
//! | [`search`] | page: text search that ignores case |
//! | [`view`] | page: the lines that a filter lets through, and the matches of a search |

pub mod ansi;
pub mod demux;
pub mod line;
pub mod merge;
pub mod resume;
pub mod ring;
pub mod search;
pub mod stamp;
pub mod view;
pub mod wire;
