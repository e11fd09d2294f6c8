//! Ordinary Compose files of any size.

use std::fmt::Write as _;

use crate::random::Random;

/// A Compose file of so many services with the features that real files use; the same seed makes the same file.
pub fn compose_file(services: usize, seed: u64) -> String {
    let mut random = Random::new(seed);
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
