//! The door for WebAssembly.

use composeyard_compose::{ProjectFiles, check};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    generate::compose_file,
    hostile, project, request,
    typing::{self, drawn},
};

/// How many trials the table has.
#[wasm_bindgen]
pub fn trials() -> usize {
    hostile::TRIALS.len()
}

/// Bytes that a trial may need beyond its text.
#[wasm_bindgen]
pub fn memory_limit() -> usize {
    hostile::MEMORY
}

/// Bytes that this instance has taken so far.
#[wasm_bindgen]
pub fn memory_taken() -> usize {
    core::arch::wasm32::memory_size::<0>() << 16
}

/// The unit of time of the table.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Yardstick(hostile::Yardstick);

#[wasm_bindgen]
impl Yardstick {
    /// Writes the file.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self(hostile::Yardstick::new())
    }

    /// Reads it once.
    pub fn read(&self) -> usize {
        self.0.read()
    }
}

/// Files in memory, ready to be checked.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Prepared {
    files: ProjectFiles,
    trial: Option<&'static hostile::Trial>,
}

#[wasm_bindgen]
impl Prepared {
    /// An ordinary file of so many services.
    pub fn ordinary(services: usize) -> Self {
        Self { files: project(compose_file(services, 7)), trial: None }
    }

    /// A trial of the table; none past its end.
    pub fn hostile(index: usize) -> Option<Self> {
        let trial = hostile::TRIALS.get(index)?;
        Some(Self { files: (trial.files)(), trial: Some(trial) })
    }

    /// The name of the trial.
    pub fn name(&self) -> String {
        self.trial.map(|trial| trial.name.to_owned()).unwrap_or_default()
    }

    /// How many readings long it may be.
    pub fn time(&self) -> f64 {
        self.trial.map_or(1.0, |trial| trial.time)
    }

    /// Checks the files as the page does on each key press; says what is wrong with the outcome, nothing when all is
    /// well.
    pub fn check(&self) -> Option<String> {
        let loaded = check(&self.files, &request());
        let picture = drawn(&loaded);
        match self.trial {
            Some(trial) => trial.judge(&loaded).err(),
            None => picture.err(),
        }
    }
}

/// A file that somebody writes in.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Typing(typing::Typing);

#[wasm_bindgen]
impl Typing {
    /// An ordinary file of so many services, checked once.
    #[wasm_bindgen(constructor)]
    pub fn new(services: usize) -> Self {
        Self(typing::Typing::new(services))
    }

    /// Presses a key, in another service each time.
    pub fn press(&mut self) {
        self.0.press();
    }

    /// Checks the file as the page does on each key press; says what is wrong with the outcome.
    pub fn check(&mut self) -> Option<String> {
        self.0.check().err()
    }
}
