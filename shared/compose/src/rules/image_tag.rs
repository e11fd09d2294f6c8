//! CY306: an image without a tag, or with `latest`.

use std::collections::HashSet;

use crate::image;
use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY306",
    name: "floating-image",
    severity: Severity::Hint,
    what: "An image has no tag, or the tag `latest`.",
    why: "The same file then runs another version on another day or machine.",
    how: "Name a version: `nginx:1.27-alpine`.",
    link: "https://docs.docker.com/reference/compose-file/services/#image",
    example: "services:\n  web:\n    image: nginx\n",
    good: "services:\n  web:\n    image: nginx:1.27-alpine\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    let built = project.services.values().filter(|service| service.build.is_some());
    let own: HashSet<&str> = built.map(|service| service.image.as_str()).collect();
    for (name, service) in &project.services {
        let image = service.image.as_str();
        // With `build`, here or in another service, the image is a name to give, not one to fetch.
        if image.is_empty() || service.build.is_some() || own.contains(image) || image.contains('@') {
            continue;
        }
        let message = match image::tag(image) {
            None => format!("`{image}` has no tag, so it means `latest`"),
            Some("latest") => format!("`{image}` changes over time"),
            Some(_) => continue,
        };
        let steps = ["services", name.as_str(), "image"];
        findings.push(context.finding(&RULE, &steps, message).with_help(
            "The same file can run another version tomorrow or on another machine. Name the version you tested.",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    fn image(image: &str) -> Vec<String> {
        found(&format!("services:\n  app:\n    image: {image}\n"))
    }

    #[test]
    fn no_tag_and_latest_float() {
        assert_eq!(image("nginx"), ["CY306 services.app.image: `nginx` has no tag, so it means `latest`"]);
        assert_eq!(image("nginx:latest"), ["CY306 services.app.image: `nginx:latest` changes over time"]);
    }

    #[test]
    fn tags_digests_and_own_images_are_fine() {
        assert!(image("nginx:1.27").is_empty());
        assert!(
            image("nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef").is_empty()
        );
        let built = "services:\n  app:\n    image: me/app\n    build: .\n  worker:\n    image: me/app\n";
        assert!(found(built).is_empty());
    }
}
