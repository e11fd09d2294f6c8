//! `config` beside the reference, on the files of the corpus that `COMPOSEYARD_CORPUS` names. Without the reference or the
//! corpus each test says so and does nothing.

mod digests;
mod flags;
mod hashes;
mod sides;
