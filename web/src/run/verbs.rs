//! What the user can have done, one function a verb.

use std::collections::BTreeMap;

use composeyard_compose::ServiceName;
use composeyard_plan::{BuildOptions, Command, DownOptions, PullOptions, RmOptions, UpOptions};
use leptos::prelude::*;

use super::store::Run;

impl Run {
    /// Saves the files and brings everything to the state that they describe.
    pub fn up(&self) {
        self.launch("Up", Command::Up(UpOptions::default()));
    }

    /// Stops and removes all containers and networks, with `volumes` also the project's own volumes and their data.
    pub fn down(&self, volumes: bool) {
        self.launch(
            "Down",
            Command::Down(DownOptions { volumes, remove_orphans: true, ..DownOptions::default() }),
        );
    }

    /// Stops services; none for all.
    pub fn stop(&self, services: Vec<ServiceName>) {
        self.launch("Stop", Command::Stop { services, grace: None });
    }

    /// Starts stopped services; none for all.
    pub fn start(&self, services: Vec<ServiceName>) {
        self.launch("Start", Command::Start { services });
    }

    /// Stops and starts services; none for all.
    pub fn restart(&self, services: Vec<ServiceName>) {
        self.launch("Restart", Command::Restart { services, no_deps: false, grace: None });
    }

    /// Freezes services; none for all.
    pub fn pause(&self, services: Vec<ServiceName>) {
        self.launch("Pause", Command::Pause { services });
    }

    /// Lets frozen services go on; none for all.
    pub fn unpause(&self, services: Vec<ServiceName>) {
        self.launch("Unpause", Command::Unpause { services });
    }

    /// Sends a signal to services; none for all.
    pub fn kill(&self, services: Vec<ServiceName>, signal: &str) {
        self.launch("Signal", Command::Kill { services, signal: signal.to_owned(), orphans: false });
    }

    /// Removes stopped containers of services; none for all.
    pub fn remove_stopped(&self, services: Vec<ServiceName>) {
        self.launch("Remove", Command::Rm(RmOptions { services, ..RmOptions::default() }));
    }

    /// Fetches the images of services, also when they are there; none for all.
    pub fn pull(&self, services: Vec<ServiceName>) {
        let options = PullOptions { services, ignore_buildable: true, ..PullOptions::default() };
        self.launch("Pull", Command::Pull(options));
    }

    /// Builds the images of services; none for all.
    pub fn build(&self, services: Vec<ServiceName>) {
        self.launch("Build", Command::Build(BuildOptions { services, ..BuildOptions::default() }));
    }

    /// Runs so many containers of a service, without changing the files.
    pub fn scale(&self, service: ServiceName, count: u32) {
        let services = vec![service.clone()];
        let scale = BTreeMap::from([(service, count)]);
        self.launch("Scale", Command::Up(UpOptions { services, scale, ..UpOptions::default() }));
    }

    /// Asks the agent to stop what it does. Steps that are done stay done.
    pub fn cancel(&self) {
        if let Some(id) = self.running.get_untracked() {
            self.client().cancel(id);
        }
    }
}
