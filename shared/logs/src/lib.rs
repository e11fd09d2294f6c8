//! The log path, pure: engine frames to lines, lines to batches on the wire, resume without loss or doubles,
//! the page's ring of lines with search, and ANSI colours.
//!
//! | module | where it runs |
//! |---|---|
//! | [`line`] | the line and its source |
//! | `demux` | agent: engine frames to lines |
//! | `resume` | agent: which lines a returning client has already seen |
//! | `wire` | both: binary batches |
//! | `ring` | page: the newest N lines of all sources, by a growing sequence |
//! | `ansi` | page: colours of a line |

pub mod line;
