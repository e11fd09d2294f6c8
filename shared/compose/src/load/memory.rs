//! What a check leaves for the next one of the same project: of each service that nothing was found in, what was made of
//! it. Only time is saved: a check with a memory finds what one without it finds.

use std::sync::Arc;

use compact_str::CompactString;
use foldhash::{HashMap, HashMapExt};

use super::{
    LoadRequest,
    environment::Environment,
    parts::{Parts, Service},
    sources::Parsed,
    tree::{Place, Value},
};
use crate::{ProjectName, ServiceName, model};

/// What the checks of a project so far know of its services.
#[derive(Debug, Default)]
pub struct Memory {
    context: Option<Context>,
    services: HashMap<CompactString, Kept>,
}

/// What the services of a document depend on, besides their own text.
#[derive(Debug, PartialEq)]
pub(super) struct Context {
    request: LoadRequest,
    name: ProjectName,
    environment: Environment,
    file: u32,
    /// How far the names of the services are indented.
    column: usize,
    /// The text before and behind the services, when they hold values from there.
    around: Option<(String, String)>,
}

impl Context {
    pub(super) fn of(
        request: &LoadRequest,
        name: &ProjectName,
        environment: &Environment,
        parts: &Parts<'_>,
        parsed: &Parsed,
    ) -> Self {
        let text = &*parsed.text;
        let before = &text[..parts.span().start];
        Self {
            request: request.clone(),
            name: name.clone(),
            environment: environment.clone(),
            file: parsed.file,
            column: before.len() - before.rfind('\n').map_or(0, |newline| newline + 1),
            around: parts.has_aliases().then(|| parts.around(text)),
        }
    }
}

/// A service that nothing was found in.
#[derive(Debug)]
pub(super) struct Kept {
    /// Its text, and where it stood.
    text: Box<str>,
    start: usize,
    /// Where the text behind all services began.
    behind: usize,
    value: Value,
    name: ServiceName,
    service: Arc<model::Service>,
}

impl Kept {
    pub(super) fn new(
        at: &Service<'_>,
        parts: &Parts<'_>,
        text: &str,
        value: &Value,
        name: &ServiceName,
        service: &Arc<model::Service>,
    ) -> Self {
        Self {
            text: at.span.of(text).into(),
            start: at.span.start,
            behind: parts.span().end,
            value: value.clone(),
            name: name.clone(),
            service: Arc::clone(service),
        }
    }

    pub(super) fn is_of(&self, text: &str) -> bool {
        *self.text == *text
    }

    pub(super) const fn name(&self) -> &ServiceName {
        &self.name
    }

    /// The service where it stands now.
    pub(super) fn at(&self, at: &Service<'_>, parts: &Parts<'_>, file: u32) -> (Value, Arc<model::Service>) {
        let mut value = self.value.clone();
        let own = self.start..self.start + self.text.len();
        let (here, behind) = (at.span.start, parts.span().end);
        if self.start != here || self.behind != behind {
            value.move_places(&|place: Place| {
                let start = place.span().start;
                match place.file {
                    other if other != file => place,
                    _ if own.contains(&start) || start == own.end => place.moved(self.start, here),
                    _ if start >= self.behind => place.moved(self.behind, behind),
                    _ => place,
                }
            });
        }
        (value, Arc::clone(&self.service))
    }
}

impl Memory {
    /// Takes what is known of the services, if it still holds.
    pub(super) fn take(&mut self, context: &Context) -> HashMap<CompactString, Kept> {
        let known = std::mem::take(&mut self.services);
        if self.context.as_ref() == Some(context) { known } else { HashMap::new() }
    }

    pub(super) fn keep(&mut self, context: Context, services: HashMap<CompactString, Kept>) {
        self.context = Some(context);
        self.services = services;
    }
}
