//! What is mounted into a container.

use std::collections::BTreeMap;

use serde::Deserialize;

engine_types! {
    /// A mount as it was asked for.
    Mount {
        /// `bind`, `volume`, `tmpfs`, `image`, `npipe`, `cluster`
        r#type: String,
        /// Path, volume or image.
        source: String,
        /// Path in the container.
        target: String,
        /// Not writable.
        read_only: bool,
        /// For binds.
        bind_options: BindOptions,
        /// For volumes.
        volume_options: VolumeOptions,
        /// For tmpfs.
        tmpfs_options: TmpfsOptions,
    }

    /// Options of a bind.
    BindOptions {
        /// `rprivate`
        propagation: String,
        /// Makes the folder when it is missing.
        create_mountpoint: bool,
        /// Without what is mounted below.
        non_recursive: bool,
        /// What is mounted below stays writable.
        read_only_non_recursive: bool,
        /// Refuses when what is mounted below cannot be read-only.
        read_only_force_recursive: bool,
    }

    /// Options of a volume's mount.
    VolumeOptions {
        /// Does not copy the image's files.
        no_copy: bool,
        /// Labels of an anonymous volume.
        labels: BTreeMap<String, String>,
        /// A folder inside.
        subpath: String,
    }

    /// Options of a mount in memory.
    TmpfsOptions {
        /// Bytes.
        size_bytes: i64,
        /// Permissions.
        mode: u32,
    }

    /// A mount as it is.
    MountPoint {
        /// `volume`, `bind`, …
        r#type: String,
        /// Name of the volume.
        name: String,
        /// Path in the container.
        destination: String,
    }
}
