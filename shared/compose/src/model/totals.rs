//! What all containers of a project may use and are promised, together.

use super::{Bytes, Project, Resource, Service};

/// CPU and memory of several containers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amount {
    /// CPUs.
    pub cpus: f64,
    /// Memory.
    pub memory: Bytes,
}

/// The sums over all containers of the active services.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// How many containers there are.
    pub containers: u32,
    /// What they may use at most; for services with a limit.
    pub limits: Amount,
    /// What they are promised.
    pub reservations: Amount,
    /// Services that may use every CPU.
    pub without_cpu_limit: usize,
    /// Services that may use all memory.
    pub without_memory_limit: usize,
}

impl Totals {
    /// The sums of a project.
    pub fn of(project: &Project) -> Self {
        let mut totals = Self::default();
        for service in project.services.values() {
            let count = service.replicas();
            let (limits, reservations) = (service.limits(), service.reservations());
            totals.containers += count;
            totals.limits.add(limits, count);
            totals.reservations.add(reservations, count);
            totals.without_cpu_limit += usize::from(limits.cpus == 0.0);
            totals.without_memory_limit += usize::from(limits.memory.is_zero());
        }
        totals
    }
}

impl Amount {
    fn add(&mut self, each: Self, count: u32) {
        self.cpus += each.cpus * f64::from(count);
        self.memory.0 += each.memory.0 * i64::from(count);
    }

    fn of(resource: Option<&Resource>, cpus: f64, memory: Bytes) -> Self {
        Self {
            cpus: resource.map_or(0.0, |resource| resource.cpus).max(cpus),
            memory: resource.map_or(Bytes(0), |resource| resource.memory).max(memory),
        }
    }
}

impl Service {
    /// What one container may use at most, from `deploy` or the older keys; zero stands for no limit.
    pub fn limits(&self) -> Amount {
        let limits = self.deploy.as_ref().and_then(|deploy| deploy.resources.limits.as_deref());
        Amount::of(limits, self.cpus, self.mem_limit)
    }

    /// What one container is promised; zero stands for nothing.
    pub fn reservations(&self) -> Amount {
        let promised = self.deploy.as_ref().and_then(|deploy| deploy.resources.reservations.as_deref());
        Amount::of(promised, 0.0, self.mem_reservation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LoadRequest, ProjectFiles, load};

    #[test]
    fn each_replica_counts_in_whichever_key_the_limit_stands() {
        let text = "
services:
  app:
    image: a:1
    deploy:
      replicas: 3
      resources:
        limits: {cpus: '0.5', memory: 100M}
        reservations: {memory: 10M}
  old: {image: b:1, cpus: 1, mem_limit: 50M, mem_reservation: 5M}
  open: {image: c:1}
";
        let files = ProjectFiles([("compose.yaml".to_owned(), text.to_owned())].into());
        let loaded = load(&files, &LoadRequest { project_name: Some("x".into()), ..LoadRequest::default() });
        let totals = Totals::of(&loaded.project.unwrap());
        let mega = |count: i64| Bytes(count * 1024 * 1024);
        assert_eq!(totals.containers, 5);
        assert_eq!(totals.limits, Amount { cpus: 2.5, memory: mega(350) });
        assert_eq!(totals.reservations, Amount { cpus: 0.0, memory: mega(35) });
        assert_eq!((totals.without_cpu_limit, totals.without_memory_limit), (1, 1));
    }
}
