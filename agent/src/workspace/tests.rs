use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use composeyard_compose::files::ReadError;
use composeyard_compose::{FileSource, ProjectFiles, ProjectName};

use super::{Workspace, WorkspaceError};

fn name() -> ProjectName {
    ProjectName::new("demo").unwrap()
}

fn files(entries: &[(&str, &str)]) -> ProjectFiles {
    ProjectFiles(entries.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
}

fn workspace() -> (tempfile::TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(folder.path()).unwrap();
    (folder, workspace)
}

fn text(folder: &Path, path: &str) -> String {
    std::fs::read_to_string(folder.join(path)).unwrap()
}

#[test]
fn what_is_saved_is_read_back_with_its_revision() {
    let (folder, workspace) = workspace();
    let wanted = files(&[("compose.yaml", "services: {}\n"), ("app/run.sh", "#!/bin/sh\n")]);
    let saved = workspace.save(&name(), &wanted, None).unwrap();
    assert_eq!(workspace.read(&name()).unwrap(), saved);
    assert_eq!(saved.files, wanted);
    assert_eq!(text(folder.path(), "demo/compose.yaml"), "services: {}\n");
    assert_eq!(workspace.projects().unwrap(), [name()]);
}

#[test]
fn a_script_can_be_run_and_a_text_cannot() {
    let (folder, workspace) = workspace();
    workspace.save(&name(), &files(&[("a.yaml", "x"), ("run.sh", "#!/bin/sh\n")]), None).unwrap();
    let mode = |path: &str| std::fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o111;
    assert_eq!((mode("demo/a.yaml"), mode("demo/run.sh") != 0), (0, true));
}

#[test]
fn a_new_env_file_is_its_owners_alone() {
    let (folder, workspace) = workspace();
    workspace.save(&name(), &files(&[("a.yaml", "x"), (".env", "PASSWORD=x\n")]), None).unwrap();
    let mode = |path: &str| std::fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o077;
    assert_eq!((mode("demo/.env"), mode("demo/a.yaml") & 0o004), (0, 0o004));
}

/// A disk of 96 kB, unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// None where this user may not mount one, which is said.
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let words = ["-t", "tmpfs", "-o", "size=96k", "composeyard-test"];
        let mounted = std::process::Command::new("mount").args(words).arg(folder.path()).output();
        let is_mounted = mounted.is_ok_and(|output| output.status.success());
        if !is_mounted {
            println!("skipped: a small disk can be mounted by root alone");
        }
        is_mounted.then_some(Self(folder))
    }

    fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                found.push(path.strip_prefix(self.0.path()).unwrap().display().to_string());
                folders.extend(path.is_dir().then_some(path));
            }
        }
        found.sort();
        found
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = std::process::Command::new("umount").arg(self.0.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()));
    }
}

#[test]
fn a_disk_that_is_full_at_the_third_file_leaves_all_old_ones_and_nothing_new() {
    let Some(disk) = SmallDisk::new() else { return };
    let workspace = Workspace::open(disk.0.path()).unwrap();
    let old = files(&[("a.yaml", "1"), ("b.yaml", "1"), ("c.yaml", "1"), ("gone.txt", "1")]);
    let saved = workspace.save(&name(), &old, None).unwrap();
    let before = disk.files();
    let large = "2".repeat(100 * 1024);
    let new = files(&[("a.yaml", "2"), ("b.yaml", "2"), ("c.yaml", &large)]);
    let full = workspace.save(&name(), &new, Some(&saved.revision)).unwrap_err();
    assert!(full.to_string().contains("c.yaml: No space left"), "{full}");
    assert_eq!(workspace.read(&name()).unwrap(), saved);
    assert_eq!(disk.files(), before);
    let smaller = files(&[("a.yaml", "2"), ("b.yaml", "2"), ("c.yaml", "2")]);
    workspace.save(&name(), &smaller, Some(&saved.revision)).unwrap();
    assert_eq!(workspace.read(&name()).unwrap().files, smaller);
}

#[test]
fn a_project_that_the_disk_has_no_room_for_is_none() {
    let Some(disk) = SmallDisk::new() else { return };
    let workspace = Workspace::open(disk.0.path()).unwrap();
    let large = "2".repeat(100 * 1024);
    workspace.save(&name(), &files(&[("app/a.yaml", "1"), ("app/b/c.txt", &large)]), None).unwrap_err();
    assert_eq!(workspace.projects().unwrap(), []);
    assert_eq!(disk.files(), [".composeyard"; 0]);
}

#[test]
fn a_file_keeps_the_permissions_and_the_owner_that_someone_gave_it() {
    let (folder, workspace) = workspace();
    let first = workspace.save(&name(), &files(&[(".env", "A=1\n"), ("run", "x")]), None).unwrap();
    let path = |file: &str| folder.path().join("demo").join(file);
    std::fs::set_permissions(path(".env"), std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::set_permissions(path("run"), std::fs::Permissions::from_mode(0o775)).unwrap();
    let given_away = std::os::unix::fs::chown(path(".env"), Some(1234), Some(1234)).is_ok();
    workspace.save(&name(), &files(&[(".env", "A=2\n"), ("run", "y")]), Some(&first.revision)).unwrap();
    assert_eq!(text(folder.path(), "demo/.env"), "A=2\n");
    let about = |file: &str| std::fs::metadata(path(file)).unwrap();
    assert_eq!(about(".env").permissions().mode() & 0o777, 0o600, "passwords stay with their owner");
    assert_eq!(about("run").permissions().mode() & 0o777, 0o775);
    assert!(!given_away || (about(".env").uid(), about(".env").gid()) == (1234, 1234));
}

#[test]
fn a_save_on_a_stale_base_is_refused_and_changes_nothing() {
    let (folder, workspace) = workspace();
    let first = workspace.save(&name(), &files(&[("a.yaml", "1")]), None).unwrap();
    workspace.save(&name(), &files(&[("a.yaml", "2")]), Some(&first.revision)).unwrap();
    for base in [Some(first.revision.as_str()), None, Some("nonsense")] {
        let refused = workspace.save(&name(), &files(&[("a.yaml", "3")]), base);
        assert!(matches!(refused, Err(WorkspaceError::Stale(_))), "{refused:?}");
    }
    assert_eq!(text(folder.path(), "demo/a.yaml"), "2");
}

#[test]
fn an_edit_made_on_disk_makes_the_page_stale() {
    let (folder, workspace) = workspace();
    let saved = workspace.save(&name(), &files(&[("a.yaml", "1")]), None).unwrap();
    std::fs::write(folder.path().join("demo/a.yaml"), "by hand").unwrap();
    let refused = workspace.save(&name(), &files(&[("a.yaml", "2")]), Some(&saved.revision));
    assert!(matches!(refused, Err(WorkspaceError::Stale(_))));
    assert_eq!(text(folder.path(), "demo/a.yaml"), "by hand");
}

#[test]
fn saving_what_is_there_already_is_never_stale() {
    let (_folder, workspace) = workspace();
    let wanted = files(&[("a.yaml", "1")]);
    let saved = workspace.save(&name(), &wanted, None).unwrap();
    assert_eq!(workspace.save(&name(), &wanted, None).unwrap(), saved);
}

#[test]
fn a_file_that_is_gone_is_removed_but_what_the_user_put_there_stays() {
    let (folder, workspace) = workspace();
    let saved = workspace.save(&name(), &files(&[("a.yaml", "1"), ("app/old/b.txt", "2")]), None).unwrap();
    std::fs::write(folder.path().join("demo/app/mine.txt"), "mine").unwrap();
    workspace.save(&name(), &files(&[("a.yaml", "1")]), Some(&saved.revision)).unwrap();
    assert!(!folder.path().join("demo/app/old").exists());
    assert_eq!(text(folder.path(), "demo/app/mine.txt"), "mine");
}

#[test]
fn paths_that_leave_the_project_are_refused() {
    let (folder, workspace) = workspace();
    let long = "a".repeat(300);
    let deep = "a/".repeat(40) + "b";
    for path in [
        "",
        "../x",
        "a/../../x",
        "/etc/x",
        "~/x",
        "a\\b",
        "a\0b",
        "a//b",
        "./a",
        "a/.",
        ".git/hooks/x",
        "a/.GIT/x",
        &long,
        &deep,
    ] {
        let refused = workspace.save(&name(), &files(&[(path, "x")]), None);
        assert!(matches!(refused, Err(WorkspaceError::Refused { .. })), "{path:?}: {refused:?}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
}

#[test]
fn too_many_or_too_large_files_are_refused() {
    let (_folder, workspace) = workspace();
    let many = ProjectFiles((0..501).map(|n| (format!("f{n}"), String::new())).collect());
    let large = files(&[("a", &"x".repeat(512 * 1024 + 1))]);
    let in_all = files(&[("a", &"x".repeat(500 * 1024)), ("b", &"x".repeat(500 * 1024))]);
    for wanted in [many, large, in_all, files(&[]), files(&[("a", "x"), ("a/b", "x")])] {
        assert!(matches!(workspace.save(&name(), &wanted, None), Err(WorkspaceError::Refused { .. })));
    }
}

#[test]
fn a_save_never_writes_through_a_link_a_folder_or_a_pipe() {
    let (folder, workspace) = workspace();
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("target");
    std::fs::write(&target, "untouched").unwrap();
    let project = folder.path().join("demo");
    std::fs::create_dir(&project).unwrap();
    symlink(&target, project.join("link")).unwrap();
    symlink(outside.path(), project.join("linked")).unwrap();
    std::fs::create_dir(project.join("folder")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        project.join("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    for path in ["link", "linked/target", "folder", "pipe"] {
        let refused = workspace.save(&name(), &files(&[("a.yaml", "x"), (path, "evil")]), None);
        assert!(matches!(refused, Err(WorkspaceError::Refused { .. })), "{path}: {refused:?}");
        assert!(!project.join("a.yaml").exists(), "{path}: nothing else was written either");
    }
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "untouched");
}

#[test]
fn a_project_folder_that_is_a_link_is_refused() {
    let (folder, workspace) = workspace();
    let outside = tempfile::tempdir().unwrap();
    symlink(outside.path(), folder.path().join("demo")).unwrap();
    assert!(workspace.save(&name(), &files(&[("a.yaml", "x")]), None).is_err());
    assert!(workspace.read(&name()).is_err());
    assert!(!workspace.knows(&name()));
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn the_loader_reads_the_project_and_nothing_else() {
    let (folder, workspace) = workspace();
    workspace.save(&name(), &files(&[("a.yaml", "1"), ("app/.env", "2")]), None).unwrap();
    symlink("/etc/passwd", folder.path().join("demo/link")).unwrap();
    let source = workspace.source(&name()).unwrap();
    let absolute = source.base().join("app/.env");
    assert_eq!(source.read("a.yaml").unwrap(), "1");
    assert_eq!(source.read("./app/.env").unwrap(), "2");
    assert_eq!(source.read(absolute.to_str().unwrap()).unwrap(), "2");
    assert!(matches!(source.read("none"), Err(ReadError::NotFound(_))));
    for path in ["../other", "/etc/passwd", "~/x", "link", "app", "a.yaml/x"] {
        assert!(matches!(source.read(path), Err(ReadError::Refused { .. })), "{path}");
    }
}

#[test]
fn a_folder_that_someone_else_made_is_read_and_can_be_saved_to() {
    let (folder, workspace) = workspace();
    let project = folder.path().join("demo");
    std::fs::create_dir_all(project.join(".git")).unwrap();
    std::fs::write(project.join("compose.yaml"), "services: {}\n").unwrap();
    std::fs::write(project.join(".git/config"), "x").unwrap();
    std::fs::write(project.join("logo.png"), [0x89, 0x50, 0xff, 0x00]).unwrap();
    let read = workspace.read(&name()).unwrap();
    assert_eq!(read.files, files(&[("compose.yaml", "services: {}\n")]));
    workspace
        .save(&name(), &files(&[("compose.yaml", "services: {a: {}}\n")]), Some(&read.revision))
        .unwrap();
    assert!(project.join("logo.png").exists());
}

#[test]
fn no_data_hides_the_files_beside_it() {
    let (folder, workspace) = workspace();
    let project = folder.path().join("demo");
    std::fs::create_dir_all(project.join("data")).unwrap();
    for number in 0..=super::limits::MAX_FILES {
        std::fs::write(project.join(format!("data/{number}")), "x").unwrap();
    }
    std::fs::write(project.join("docker-compose.yml"), "services: {}\n").unwrap();
    let read = workspace.read(&name()).unwrap();
    assert_eq!(read.files.get("docker-compose.yml"), Some("services: {}\n"));
    assert_eq!(read.files.0.len(), super::limits::MAX_FILES);
}

#[test]
fn a_backup_counts_once_it_is_whole_and_takes_the_next_number() {
    let (folder, workspace) = workspace();
    let begun = workspace.begin_backup(&name(), "data").unwrap();
    assert_eq!(workspace.backups(&name()).unwrap(), [], "it is not whole yet");
    (&begun.file).write_all(b"tar").unwrap();
    let other = workspace.begin_backup(&name(), "data").unwrap();
    assert_eq!(begun.keep().unwrap(), "data-1.tar");
    other.discard();
    assert_eq!(workspace.begin_backup(&name(), "data").unwrap().keep().unwrap(), "data-2.tar");
    let found = workspace.backups(&name()).unwrap();
    let mut found: Vec<_> = found.iter().map(|it| (&*it.file, &*it.volume, it.size)).collect();
    found.sort_unstable();
    assert_eq!(found, [("data-1.tar", "data", 3), ("data-2.tar", "data", 0)]);
    workspace.remove_backup(&name(), "data-1.tar").unwrap();
    assert_eq!(workspace.backups(&name()).unwrap().len(), 1);
    assert!(workspace.projects().unwrap().is_empty(), "back-ups make no project");
    assert!(folder.path().join(".composeyard/backups/demo/data-2.tar").is_file());
}

#[test]
fn only_whole_backups_of_the_project_are_opened() {
    let (folder, workspace) = workspace();
    workspace.begin_backup(&name(), "data").unwrap().keep().unwrap();
    let backups = folder.path().join(".composeyard/backups/demo");
    std::fs::write(backups.join("notes.txt"), "mine").unwrap();
    symlink("/etc/passwd", backups.join("data-7.tar")).unwrap();
    for file in
        ["", "..", "../demo/data-1.tar", "data-7.tar", "notes.txt", "data-9.tar", "data-1.part", ".tar"]
    {
        assert!(workspace.open_backup(&name(), file).is_err(), "{file:?}");
    }
    assert!(workspace.open_backup(&name(), "data-1.tar").is_ok());
    for volume in ["", "../x", "a/b", ".hidden", "a b"] {
        assert!(workspace.begin_backup(&name(), volume).is_err(), "{volume:?}");
    }
}

#[test]
fn what_only_has_the_name_of_a_backup_hides_no_other() {
    let (folder, workspace) = workspace();
    workspace.begin_backup(&name(), "data").unwrap().keep().unwrap();
    let backups = folder.path().join(".composeyard/backups/demo");
    symlink("/gone", backups.join("data-7.tar")).unwrap();
    std::fs::create_dir(backups.join("data-8.tar")).unwrap();
    let found = workspace.backups(&name()).unwrap();
    assert_eq!(found.iter().map(|it| &*it.file).collect::<Vec<_>>(), ["data-1.tar"]);
}

#[test]
fn what_a_killed_agent_had_begun_goes_with_the_next_backup() {
    let (folder, workspace) = workspace();
    drop(workspace.begin_backup(&name(), "data").unwrap());
    let part = |number: u32| folder.path().join(format!(".composeyard/backups/demo/data-{number}.part"));
    assert!(part(1).exists());
    let at_work = workspace.begin_backup(&name(), "data").unwrap();
    workspace.begin_backup(&name(), "other").unwrap().discard();
    assert_eq!((part(1).exists(), part(2).exists()), (false, true));
    assert_eq!(at_work.keep().unwrap(), "data-2.tar");
}
