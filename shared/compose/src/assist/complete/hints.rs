//! What suits a service's image: ports, mounts, variables and health checks.

use super::super::symbols::Kind;
use super::{Completion, Cursor, What};
use crate::facts::images::{self, Image};

/// Host ports that rarely clash, for a container port that should not be taken as it is.
const FRONT: u16 = 8080;

impl Cursor<'_, '_> {
    /// Usual values of a path that the table cannot know.
    pub(super) fn hints(&self, path: &[&str]) -> Vec<Completion> {
        let ["services", _, rest @ ..] = path else { return Vec::new() };
        match rest {
            ["ports", "[]"] => self.ports(),
            ["expose", "[]"] => {
                let port = self.image().and_then(Image::port);
                port.map(|port| self.value(&port.to_string(), "the image's port")).into_iter().collect()
            }
            ["volumes", "[]"] => self.mounts(),
            ["environment", "[]"] => self.image_variables(true),
            ["healthcheck", "test"] => self.health_checks(),
            _ => Vec::new(),
        }
    }

    /// What is known for the image of the service around the cursor.
    fn image(&self) -> Option<&'static Image> {
        let (_, service) = self.service()?;
        let image = self.sketch.child(Some(service), "image")?;
        images::find(self.sketch.scalar(image).of(self.sketch.text))
    }

    fn value(&self, text: &str, detail: &str) -> Completion {
        let insert = if self.place.quoted { text.to_owned() } else { format!("\"{text}\"") };
        Completion::new(What::Value, text, insert).detail(detail)
    }

    fn ports(&self) -> Vec<Completion> {
        let target = self.image().and_then(Image::port).unwrap_or(80);
        let wanted = if target < 1024 { FRONT } else { target };
        let text = self.sketch.text;
        let is_taken =
            |port: &u16| text.contains(&format!("{port}:")) || text.contains(&format!("\"{port}\""));
        let host = (wanted..=u16::MAX).find(|port| !is_taken(port)).unwrap_or(wanted);
        vec![
            self.value(&format!("{host}:{target}"), "host:container"),
            self.value(&format!("127.0.0.1:{host}:{target}"), "this machine only"),
        ]
    }

    /// Named volumes, mounted where the image keeps its data.
    fn mounts(&self) -> Vec<Completion> {
        let folder = self.image().and_then(|image| image.data);
        let own = self.service().map(|(name, _)| format!("{name}-data"));
        let mut names = self.names(Kind::Volume, true);
        if let Some(own) = own.filter(|own| folder.is_some() && !names.contains(own)) {
            names.push(own);
        }
        let target = folder.unwrap_or("/");
        names
            .into_iter()
            .map(|name| {
                Completion::new(What::Name(Kind::Volume), &name, format!("{name}:{target}"))
                    .detail(folder.unwrap_or("volume:folder"))
            })
            .collect()
    }

    /// Variables that the image reads, as `NAME=` for lists and `NAME: ` for mappings.
    pub(super) fn image_variables(&self, in_list: bool) -> Vec<Completion> {
        let ["services", _, "environment", ..] = self.words[..] else { return Vec::new() };
        let written: Vec<&str> =
            self.others().map(|node| self.sketch.name(node).of(self.sketch.text)).collect();
        let behind = match (in_list, self.place.has_colon) {
            (true, _) => "=",
            (false, true) => "",
            (false, false) => ": ",
        };
        let names = self.image().map(|image| image.environment).unwrap_or_default().iter();
        names
            .filter(|name| !written.contains(name))
            .map(|name| {
                Completion::new(What::Value, *name, format!("{name}{behind}")).detail("read by the image")
            })
            .collect()
    }

    fn health_checks(&self) -> Vec<Completion> {
        let Some(image) = self.image() else { return Vec::new() };
        let command = image.health.map(|command| command.replace('"', "\\\""));
        let insert = command.map(|command| format!("[\"CMD-SHELL\", \"{command}\"]"));
        let hint = |insert| Completion::new(What::Value, image.health.unwrap_or_default(), insert);
        insert
            .filter(|_| !self.place.quoted)
            .map(|insert| hint(insert).detail("usual for this image"))
            .into_iter()
            .collect()
    }
}
