//! What an image consists of, as its registry says. OCI image specification 1.1, manifest and index; Docker's formats of
//! version 2 have the same fields.

use composeyard_plan::Part;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The formats that are understood here. Those of version 1 name no sizes.
pub(super) const FORMATS: &str = "application/vnd.oci.image.index.v1+json, \
     application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, \
     application/vnd.docker.distribution.manifest.v2+json";

/// A manifest.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Manifest {
    /// One image: its configuration and its layers.
    Image(Vec<Part>),
    /// One for each of several platforms.
    Index(Vec<Entry>),
}

/// One image of an index.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Entry {
    digest: String,
    platform: Option<Platform>,
}

/// What an image runs on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Platform {
    os: String,
    architecture: String,
    variant: String,
}

#[derive(Debug, Deserialize)]
struct Document {
    manifests: Option<Vec<Entry>>,
    config: Option<Blob>,
    layers: Option<Vec<Blob>>,
}

#[derive(Debug, Deserialize)]
struct Blob {
    digest: String,
    size: u64,
}

impl Manifest {
    /// None for a format that is not known, and for what has not the digest (`sha256:…`) that was asked for.
    pub(super) fn parse(text: &[u8], version: &str) -> Option<Self> {
        if version.contains(':') && version != digest(text) {
            return None;
        }
        let document: Document = serde_json::from_slice(text).ok()?;
        if let Some(entries) = document.manifests {
            return Some(Self::Index(entries));
        }
        let blobs = std::iter::once(document.config?).chain(document.layers?);
        Some(Self::Image(blobs.map(|blob| Part { digest: blob.digest, bytes: blob.size }).collect()))
    }
}

impl Platform {
    /// `linux/arm64/v8`
    pub(super) fn parse(text: &str) -> Self {
        let mut parts = text.split('/').map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        Self { os: next(), architecture: next(), variant: next() }
    }

    /// From the words of `GET /info`, which are the kernel's for the machine.
    pub(super) fn of_engine(os: &str, machine: &str) -> Self {
        let (architecture, variant) = match machine {
            "x86_64" => ("amd64", ""),
            "aarch64" => ("arm64", "v8"),
            "armv7l" => ("arm", "v7"),
            "armv6l" => ("arm", "v6"),
            "i386" | "i686" => ("386", ""),
            other => (other, ""),
        };
        let [os, architecture, variant] = [os, architecture, variant].map(str::to_owned);
        Self { os, architecture, variant }
    }

    /// The digest of the image that fits best: the latest variant that still runs, or the plain one.
    pub(super) fn choose<'a>(&self, entries: &'a [Entry]) -> Option<&'a str> {
        let fits = entries.iter().filter_map(|entry| {
            let platform = entry.platform.as_ref()?;
            let fits = platform.os == self.os && platform.architecture == self.architecture;
            fits.then_some((platform.variant.as_str(), entry.digest.as_str()))
        });
        let best = match self.variant.as_str() {
            "" => fits.min_by_key(|(variant, _)| *variant),
            wanted => fits.filter(|(variant, _)| *variant <= wanted).max_by_key(|(variant, _)| *variant),
        };
        best.map(|(_, digest)| digest)
    }
}

fn digest(text: &[u8]) -> String {
    let hex: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: &str = r#"{"schemaVersion": 2, "config": {"digest": "sha256:c", "size": 7},
        "layers": [{"digest": "sha256:a", "size": 40}, {"digest": "sha256:b", "size": 2}]}"#;

    #[test]
    fn an_image_is_its_configuration_and_its_layers() {
        let Some(Manifest::Image(parts)) = Manifest::parse(IMAGE.as_bytes(), "latest") else { panic!() };
        let parts: Vec<_> = parts.iter().map(|part| (part.digest.as_str(), part.bytes)).collect();
        assert_eq!(parts, [("sha256:c", 7), ("sha256:a", 40), ("sha256:b", 2)]);
    }

    #[test]
    fn what_has_another_digest_than_it_was_asked_for_by_is_not_believed() {
        let right = digest(IMAGE.as_bytes());
        assert!(Manifest::parse(IMAGE.as_bytes(), &right).is_some());
        assert_eq!(Manifest::parse(format!("{IMAGE} ").as_bytes(), &right), None);
    }

    #[test]
    fn what_names_no_sizes_has_none() {
        for text in [
            r#"{"schemaVersion": 1, "fsLayers": [{"blobSum": "sha256:a"}]}"#,
            r#"{"config": {"digest": "sha256:c", "size": -1}, "layers": []}"#,
            r#"{"layers": []}"#,
            "[]",
            "<html>",
            "",
        ] {
            assert_eq!(Manifest::parse(text.as_bytes(), "1"), None, "{text}");
        }
    }

    #[test]
    fn of_an_index_the_engines_platform_counts() {
        let platform = |platform: &str| {
            let Platform { os, architecture, variant } = Platform::parse(platform);
            format!(r#"{{"os": "{os}", "architecture": "{architecture}", "variant": "{variant}"}}"#)
        };
        let platforms = [
            "linux/amd64/v3",
            "linux/amd64",
            "linux/arm/v5",
            "linux/arm/v7",
            "linux/arm64/v8",
            "unknown/unknown",
        ];
        let entries: Vec<String> = platforms
            .map(|name| format!(r#"{{"digest": "{name}", "size": 1, "platform": {}}}"#, platform(name)))
            .into();
        let text = format!(r#"{{"manifests": [{}, {{"digest": "none", "size": 1}}]}}"#, entries.join(","));
        let Some(Manifest::Index(entries)) = Manifest::parse(text.as_bytes(), "1") else { panic!() };
        let chosen = |platform: Platform| platform.choose(&entries);
        assert_eq!(chosen(Platform::of_engine("linux", "x86_64")), Some("linux/amd64"));
        assert_eq!(chosen(Platform::of_engine("linux", "aarch64")), Some("linux/arm64/v8"));
        assert_eq!(chosen(Platform::of_engine("linux", "armv7l")), Some("linux/arm/v7"));
        assert_eq!(chosen(Platform::of_engine("linux", "armv6l")), Some("linux/arm/v5"));
        assert_eq!(chosen(Platform::parse("linux/arm64")), Some("linux/arm64/v8"));
        assert_eq!(chosen(Platform::parse("windows/amd64")), None);
    }
}
