//! The native side of `cargo xtask fuzz` and `cargo xtask bench`.
#![expect(clippy::print_stdout, reason = "a command line talks to people")]

use std::{
    env, fs,
    io::{ErrorKind, Write as _},
    mem::ManuallyDrop,
    time::{Duration, Instant},
};

use anyhow::{Context, Error, Result, bail};
use composeyard_compose::{FileSource, LoadRequest, check, files::ReadError, render};
use composeyard_trials::{
    generate::compose_file,
    laws::{Corpus, LAWS, Law},
    request,
    typing::Typing,
};

/// As the command line's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["generate", services] => {
            print!("{}", compose_file(services.parse()?, 7));
            Ok(())
        }
        ["print", file] => print(file),
        ["type", services, keys] => press(services.parse()?, keys.parse()?),
        ["fuzz", target, seconds] => fuzz(target, Duration::from_secs(seconds.parse()?)),
        ["case", target, case] => replay(law(target)?, case.parse()?),
        _ => bail!(
            "generate SERVICES | print FILE | type SERVICES KEYS | fuzz TARGET SECONDS | case TARGET NUMBER"
        ),
    }
}

/// Checks a file with every rule, prints its canonical form and says how much there is to say about it.
fn print(file: &str) -> Result<()> {
    let request = LoadRequest { files: vec![file.to_owned()], ..request() };
    let loaded = ManuallyDrop::new(check(&Disk, &request));
    let checked = loaded.project.as_ref().context("the file has errors")?;
    std::io::stdout().write_all(render::yaml(checked).as_bytes())?;
    std::io::stderr().write_all(format!("{} findings\n", loaded.diagnostics.len()).as_bytes())?;
    Ok(())
}

/// Files as the command line reads them.
struct Disk;

impl FileSource for Disk {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        fs::read_to_string(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => ReadError::NotFound(path.to_owned()),
            _ => ReadError::Refused { path: path.to_owned(), reason: error.to_string() },
        })
    }
}

/// Checks a file after each of so many key presses.
fn press(services: usize, keys: usize) -> Result<()> {
    let mut typing = ManuallyDrop::new(Typing::new(services));
    for _ in 0..keys {
        typing.press();
        typing.check().map_err(Error::msg)?;
    }
    Ok(())
}

fn law(name: &str) -> Result<&'static Law> {
    let names = || LAWS.iter().map(|law| law.name).collect::<Vec<_>>().join(", ");
    LAWS.iter().find(|law| law.name == name).with_context(|| format!("{name:?} is none of {}", names()))
}

/// Tries cases of one law, or of all in turn, for so long.
fn fuzz(target: &str, time: Duration) -> Result<()> {
    let laws = if target == "all" { LAWS.iter().collect() } else { vec![law(target)?] };
    let corpus = Corpus::all()?;
    let share = time / laws.len() as u32;
    let mut failed = 0;
    for law in laws {
        // Another start each time, so that runs add up.
        let start = std::time::UNIX_EPOCH.elapsed()?.as_secs() << 20;
        let (begin, mut case) = (Instant::now(), start);
        while begin.elapsed() < share {
            if let Err(fault) = law.try_case(case, &corpus) {
                println!(
                    "{} fails in case {}: {}\n--- the text\n{}\n---",
                    law.name, fault.case, fault.message, fault.input
                );
                failed += 1;
                break;
            }
            case += 1;
        }
        println!("{}: {} cases. {}", law.name, case - start, law.promise);
    }
    if failed > 0 { bail!("{failed} laws do not hold") } else { Ok(()) }
}

fn replay(law: &Law, case: u64) -> Result<()> {
    match law.try_case(case, &Corpus::all()?) {
        Ok(()) => Ok(()),
        Err(fault) => bail!("{}\n--- the text\n{}", fault.message, fault.input),
    }
}
