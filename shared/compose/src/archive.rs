//! A project as a ZIP file: entries are stored, not compressed, and the same project gives the same bytes.
//!
//! Format: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end).

use crate::ProjectFiles;

/// 1980-01-01 00:00, the earliest time the format can state: the archive depends on nothing but the project.
const TIME: u16 = 0;
const DATE: u16 = 1 << 5 | 1;
/// Version 1.0 is enough to extract stored entries.
const VERSION: u16 = 10;
/// Made on Unix: the upper half of the external attributes is a file mode.
const MADE_BY: u16 = 3 << 8 | VERSION;
/// General purpose bit 11: names are UTF-8.
const UTF8_NAMES: u16 = 1 << 11;
const REGULAR_FILE: u32 = 0o100_644;
const EXECUTABLE_FILE: u32 = 0o100_755;

/// The files below one folder `root` (none when empty), in path order. Files that start with `#!` are executable.
pub fn zip(root: &str, files: &ProjectFiles) -> Vec<u8> {
    let root = root.trim_matches('/');
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for (path, text) in &files.0 {
        let name = if root.is_empty() { path.clone() } else { format!("{root}/{path}") };
        let mode = if text.starts_with("#!") { EXECUTABLE_FILE } else { REGULAR_FILE };
        let offset = length(archive.len());
        let common = common_fields(&name, text.as_bytes());
        archive.extend(b"PK\x03\x04");
        archive.extend(&common);
        archive.extend(name.as_bytes());
        archive.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02");
        directory.extend(MADE_BY.to_le_bytes());
        directory.extend(&common);
        // No comment, first disk, no internal attributes.
        directory.extend([0; 6]);
        directory.extend((mode << 16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, size) = (length(archive.len()), length(directory.len()));
    archive.extend(directory);
    archive.extend(end_record(short(files.0.len()), start, size));
    archive
}

/// What the local header and the central directory both say, from "version needed" to "extra field length".
fn common_fields(name: &str, data: &[u8]) -> Vec<u8> {
    let size = length(data.len());
    let stored = 0_u16;
    let no_extra = 0_u16;
    let mut fields = Vec::with_capacity(26);
    for value in [VERSION, UTF8_NAMES, stored, TIME, DATE] {
        fields.extend(value.to_le_bytes());
    }
    for value in [crc32(data), size, size] {
        fields.extend(value.to_le_bytes());
    }
    fields.extend(short(name.len()).to_le_bytes());
    fields.extend(no_extra.to_le_bytes());
    fields
}

fn end_record(entries: u16, directory_start: u32, directory_size: u32) -> Vec<u8> {
    let mut record = b"PK\x05\x06\0\0\0\0".to_vec();
    record.extend(entries.to_le_bytes());
    record.extend(entries.to_le_bytes());
    record.extend(directory_size.to_le_bytes());
    record.extend(directory_start.to_le_bytes());
    record.extend([0; 2]);
    record
}

/// CRC-32 as in ISO 3309: reflected, polynomial 0x04C11DB7.
fn crc32(data: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc));
    !data.iter().fold(!0, byte)
}

/// A project in memory is far below the 4 GiB where the format would need its 64-bit form.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

fn short(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
