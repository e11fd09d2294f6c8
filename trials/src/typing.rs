//! Somebody writes in an ordinary file, and it is checked after each key press.

use composeyard_compose::{Loaded, Memory, ProjectFiles, check_again, graph};

use crate::{FILE, generate::compose_file, project, request};

/// A file that somebody writes in.
#[derive(Debug)]
pub struct Typing {
    files: ProjectFiles,
    services: usize,
    pressed: usize,
    memory: Memory,
}

impl Typing {
    /// An ordinary file of so many services, checked once.
    pub fn new(services: usize) -> Self {
        let files = project(compose_file(services, 7));
        let mut memory = Memory::default();
        check_again(&files, &request(), &mut memory);
        Self { files, services, pressed: 0, memory }
    }

    /// Presses a key in the name of an image, in another service each time: one more digit.
    pub fn press(&mut self) {
        self.pressed += 1;
        let key = format!("\n  service-{}:", self.pressed * 7919 % self.services);
        let Some(text) = self.files.0.get_mut(FILE) else { return };
        let image = text.find(&key).and_then(|at| Some(at + text[at..].find("image:")?));
        if let Some(end) = image.and_then(|at| Some(at + text[at..].find('\n')?)) {
            text.insert(end, '1');
        }
    }

    /// Checks the file as the page does on each key press.
    ///
    /// # Errors
    /// What is wrong with the outcome.
    pub fn check(&mut self) -> Result<(), String> {
        drawn(&check_again(&self.files, &request(), &mut self.memory))
    }
}

/// Draws what was loaded.
pub(crate) fn drawn(loaded: &Loaded) -> Result<(), String> {
    let graph = loaded.project.as_ref().map(graph::graph).unwrap_or_default();
    if graph.nodes.is_empty() { Err("the picture is empty".to_owned()) } else { Ok(()) }
}
