//! Items of `include`. <https://docs.docker.com/reference/compose-file/include/>

use super::shape::{Key, Object, PATH, PATH_OR_PATHS, Shape};

/// One included project: a path, or a path with its folder and variables.
pub(super) static INCLUDE: Shape = Shape::OneOf(&[PATH, Shape::Object(&LONG)]);

static LONG: Object = Object::page(
    "include",
    "include",
    &[
        Key::new("path", PATH_OR_PATHS, "The Compose file to include; further ones are merged onto it."),
        Key::new(
            "project_directory",
            PATH,
            "The folder that relative paths of the included file start from.",
        )
        .default("the folder of the included file"),
        Key::new("env_file", PATH_OR_PATHS, "Files with the values of `${…}` in the included file.")
            .default("`.env` in its project folder"),
    ],
)
.without_extensions()
.open();
