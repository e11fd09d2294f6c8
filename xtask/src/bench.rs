//! `cargo xtask bench`: Composeyard beside the reference on the same generated files, in the same run, turn by turn.
//! Only ratios are judged: the machine is never quiet enough for absolute times.

use std::{
    fmt::Write as _,
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use crate::shell::{agent_binary, call, command, output, step, target_dir};

/// Services of each generated file, and how many times faster than the reference a full check must be.
const CASES: [(usize, f64); 3] = [(20, 25.0), (200, 40.0), (1000, 50.0)];
/// Turns of each pair.
const ROUNDS: usize = 9;

/// Times the whole process of `composeyard config` against `docker compose config`.
pub(crate) fn run() -> Result<()> {
    step("Building the command line", || call(&["cargo", "build", "--release", "--package", "composeyard"]))?;
    if output(&["docker", "compose", "version"]).is_none() {
        bail!("docker compose is the peer of this benchmark: install it first");
    }
    println!(
        "{:>8} {:>9} {:>12} {:>12} {:>8} {:>8}",
        "services", "bytes", "ours", "reference", "ratio", "goal"
    );
    let mut missed = Vec::new();
    for (services, goal) in CASES {
        let text = generate(services, 7);
        let folder = target_dir().join("bench");
        fs::create_dir_all(&folder)?;
        let file = folder.join(format!("compose-{services}.yaml"));
        fs::write(&file, &text)?;
        let file = file.to_string_lossy().into_owned();
        let (ours, reference, ratio) = compare(&file)?;
        println!("{services:>8} {:>9} {ours:>12.1?} {reference:>12.1?} {ratio:>8.1} {goal:>8.1}", text.len());
        if ratio < goal {
            missed.push(format!("{services} services: {ratio:.1}x, wanted {goal}x"));
        }
    }
    if missed.is_empty() { Ok(()) } else { bail!("slower than the goal: {}", missed.join("; ")) }
}

/// Median times of both, and the median of the pairwise ratios.
fn compare(file: &str) -> Result<(Duration, Duration, f64)> {
    let agent = agent_binary();
    let ours = [agent.as_str(), "config", "-f", file];
    let reference = ["docker", "compose", "-f", file, "config"];
    let (mut our_times, mut their_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    time(&mut command(&ours))?;
    time(&mut command(&reference))?;
    for _ in 0..ROUNDS {
        let our_time = time(&mut command(&ours))?;
        let their_time = time(&mut command(&reference))?;
        ratios.push(their_time.as_secs_f64() / our_time.as_secs_f64());
        our_times.push(our_time);
        their_times.push(their_time);
    }
    our_times.sort();
    their_times.sort();
    ratios.sort_by(f64::total_cmp);
    Ok((our_times[ROUNDS / 2], their_times[ROUNDS / 2], ratios[ROUNDS / 2]))
}

fn time(command: &mut Command) -> Result<Duration> {
    let begin = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let took = begin.elapsed();
    if !status.success() {
        bail!("{command:?} failed ({status})");
    }
    Ok(took)
}

/// A Compose file of so many services with the features that real files use; the same seed makes the same file.
pub(crate) fn generate(services: usize, seed: u64) -> String {
    let mut random = Random(seed);
    let mut text = String::from(
        "name: bench\n\nx-logging: &logging\n  driver: json-file\n  options:\n    max-size: 10m\n\nservices:\n",
    );
    for index in 0..services {
        service(&mut text, index, &mut random);
    }
    text.push_str("\nnetworks:\n");
    for network in 0..services.div_ceil(10) {
        let _ = writeln!(text, "  net-{network}:\n    driver: bridge");
    }
    text.push_str("\nvolumes:\n");
    for volume in 0..services {
        let _ = writeln!(text, "  data-{volume}:");
    }
    text
}

fn service(text: &mut String, index: usize, random: &mut Random) {
    let _ = writeln!(text, "  service-{index}: # number {index}");
    let _ =
        writeln!(text, "    image: registry.example.com/team/app-{}:1.{}", random.below(40), random.below(9));
    let _ = writeln!(text, "    logging: *logging\n    restart: unless-stopped");
    let _ = writeln!(text, "    ports:\n      - \"{}:{}\"", 10_000 + index, 3000 + random.below(6000));
    text.push_str("    environment:\n");
    for variable in 0..2 + random.below(5) {
        let _ = writeln!(
            text,
            "      VARIABLE_{variable}: \"${{VALUE_{variable}:-value {}}}\"",
            random.below(1000)
        );
    }
    let _ = writeln!(
        text,
        "    volumes:\n      - data-{index}:/var/lib/data\n      - ./config/{index}:/etc/app:ro"
    );
    let _ = writeln!(text, "    networks: [net-{}]", index / 10);
    if !index.is_multiple_of(10) {
        let dependency = index - 1 - random.below(index % 10);
        let _ = writeln!(
            text,
            "    depends_on:\n      service-{dependency}:\n        condition: service_healthy"
        );
    }
    text.push_str(
        "    healthcheck:\n      test: [\"CMD\", \"curl\", \"-f\", \"http://localhost:3000/health\"]\n",
    );
    let _ = writeln!(text, "      interval: {}s\n      timeout: 3s\n      retries: 5", 5 + random.below(30));
    let _ = writeln!(
        text,
        "    deploy:\n      resources:\n        limits:\n          cpus: \"0.5\"\n          memory: {}M",
        64 + random.below(512)
    );
}

/// A small generator (xorshift), so that a seed means the same file everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}
