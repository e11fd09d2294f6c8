//! `build` of a service. <https://docs.docker.com/reference/compose-file/build/>

use super::grants::{FILES, ULIMITS};
use super::shape::{
    FLAG, FLAG_OR_TEXT, Key, Names, Object, PAIRS, PATH, SIZE, Shape, TEXT, TEXT_OR_TEXTS, TEXTS,
};

/// The build context, or the context with everything around it.
pub(super) const BUILD: Shape = Shape::OneOf(&[PATH, Shape::Object(&LONG)]);

/// Host names with one or more addresses, or a list of `name=address`.
pub(super) const EXTRA_HOSTS: Shape =
    Shape::OneOf(&[Shape::Map { names: Names::Given, values: &TEXT_OR_TEXTS }, TEXTS]);

static LONG: Object = Object::page(
    "build",
    "build",
    &[
        Key::new("context", PATH, "The folder that the Dockerfile may copy from, or a Git address.")
            .default("."),
        Key::new("dockerfile", PATH, "The Dockerfile, relative to the context.").default("Dockerfile"),
        Key::new("dockerfile_inline", TEXT, "The Dockerfile's text itself.").since("2.17"),
        Key::new("target", TEXT, "The stage of the Dockerfile to build.").default("the last one"),
        Key::new("args", PAIRS, "Values of the Dockerfile's `ARG`s. They end up in the image's history."),
        Key::new("additional_contexts", PAIRS, "Further contexts by name, for `COPY --from=name`.")
            .spelt("\n- shared=../shared", "\nshared: ../shared")
            .since("2.17"),
        Key::new("cache_from", TEXTS, "Where to look for cached layers."),
        Key::new("cache_to", TEXTS, "Where to store cached layers."),
        Key::new("entitlements", TEXTS, "Extra rights that the build may use.").since("2.27.1"),
        Key::new("extra_hosts", EXTRA_HOSTS, "Host names known during the build.")
            .spelt("\n- mirror=10.0.0.5", "\nmirror: 10.0.0.5"),
        Key::new("isolation", TEXT, "How Windows isolates the build."),
        Key::new("labels", PAIRS, "Labels of the image."),
        Key::new("network", TEXT, "The network that `RUN` steps use; `none` for no network."),
        Key::new("no_cache", FLAG, "Builds every step again.").default("false"),
        Key::new("no_cache_filter", TEXT_OR_TEXTS, "Stages to build again without the cache."),
        Key::new("platforms", TEXTS, "Platforms to build for, such as `linux/arm64`."),
        Key::new("privileged", FLAG, "Builds with all rights on the host.").default("false").since("2.15"),
        Key::new("provenance", FLAG_OR_TEXT, "Attests how the image was made."),
        Key::new("pull", FLAG, "Looks for newer base images each time.").default("false"),
        Key::new("sbom", FLAG_OR_TEXT, "Attests what the image holds."),
        Key::new("secrets", FILES, "Secrets for `RUN --mount=type=secret`; they do not end up in the image.")
            .spelt("\n- token", "\n- source: token\n  target: npm_token"),
        Key::new("shm_size", SIZE, "Size of `/dev/shm` during the build."),
        Key::new("ssh", PAIRS, "SSH keys or agents for the build."),
        Key::new("tags", TEXTS, "Further names of the image."),
        Key::new("ulimits", ULIMITS, "Process limits during the build.")
            .spelt("\nnofile: 65536", "\nnofile:\n  soft: 20000\n  hard: 40000")
            .since("2.23.1"),
    ],
);
