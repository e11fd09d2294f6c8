//! The downloaded ZIP: byte for byte predictable, and readable by other programs.

use std::process::Command;

use composeyard_compose::{ProjectFiles, archive::zip};

fn files(list: &[(&str, &str)]) -> ProjectFiles {
    ProjectFiles(list.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
}

#[test]
fn one_small_file_gives_exactly_these_bytes() {
    let expected: Vec<u8> = [
        b"PK\x03\x04\x0a\0\0\x08\0\0\0\0\x21\0".as_slice(),
        // CRC-32 of the standard check text is 0xCBF43926.
        b"\x26\x39\xf4\xcb\x09\0\0\0\x09\0\0\0\x03\0\0\0",
        b"p/a123456789",
        b"PK\x01\x02\x0a\x03\x0a\0\0\x08\0\0\0\0\x21\0",
        b"\x26\x39\xf4\xcb\x09\0\0\0\x09\0\0\0\x03\0\0\0",
        b"\0\0\0\0\0\0\0\0\xa4\x81\0\0\0\0",
        b"p/a",
        b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x31\0\0\0\x2a\0\0\0\0\0",
    ]
    .concat();
    assert_eq!(zip("p", &files(&[("a", "123456789")])), expected);
}

#[test]
fn an_empty_project_is_an_empty_archive() {
    assert_eq!(zip("p", &files(&[])), b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
}

#[test]
fn python_reads_names_modes_and_contents_back() {
    const SCRIPT: &str = "import sys, zipfile\n\
        z = zipfile.ZipFile(sys.argv[1])\n\
        assert z.testzip() is None\n\
        for i in z.infolist(): print(i.filename, oct(i.external_attr >> 16), z.read(i).decode().strip())";
    if Command::new("python3").arg("--version").output().is_err() {
        return;
    }
    let project =
        files(&[("compose.yaml", "name: p\n"), ("bin/run.sh", "#!/bin/sh\n"), ("größe/✓.txt", "grün\n")]);
    let path = std::env::temp_dir().join(format!("composeyard-archive-{}.zip", std::process::id()));
    std::fs::write(&path, zip("my-stack", &project)).unwrap();
    let output = Command::new("python3")
        .env("PYTHONIOENCODING", "utf-8")
        .args(["-c", SCRIPT])
        .arg(&path)
        .output()
        .unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stdout), @r"
    my-stack/bin/run.sh 0o100755 #!/bin/sh
    my-stack/compose.yaml 0o100644 name: p
    my-stack/größe/✓.txt 0o100644 grün
    ");
}
