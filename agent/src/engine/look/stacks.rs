//! The Compose projects of an engine, by what their containers do.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bollard::{
    Docker,
    models::{ContainerSummary, ContainerSummaryStateEnum},
    query_parameters::ListContainersOptionsBuilder,
};

use super::super::{EngineError, labels::Labels};

/// One project of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StackRow {
    /// Its name.
    pub name: String,
    /// Containers in each state, by the engine's word for it: `running`.
    pub states: BTreeMap<String, usize>,
    /// Its compose files, as the containers name them.
    pub files: BTreeSet<String>,
}

/// All projects with containers that run; with `all`, those with any container. `GET /containers/json`.
pub(in super::super) async fn stacks(docker: &Docker, all: bool) -> Result<Vec<StackRow>, EngineError> {
    let filters = HashMap::from([("label".to_owned(), vec![Labels::PROJECT.to_owned()])]);
    let options = ListContainersOptionsBuilder::default().all(all).filters(&filters).build();
    Ok(gathered(docker.list_containers(Some(options)).await?))
}

fn gathered(containers: Vec<ContainerSummary>) -> Vec<StackRow> {
    let mut stacks = BTreeMap::<String, StackRow>::new();
    for container in containers {
        let mut labels = container.labels.unwrap_or_default();
        // The classic builder's containers carry the project's label, but belong to no service.
        let (Some(name), true) = (labels.remove(Labels::PROJECT), labels.contains_key(Labels::SERVICE))
        else {
            continue;
        };
        let stack = stacks.entry(name.clone()).or_insert_with(|| StackRow { name, ..StackRow::default() });
        let state = container.state.unwrap_or(ContainerSummaryStateEnum::EMPTY).to_string();
        *stack.states.entry(state).or_default() += 1;
        stack.files.extend(labels.remove(Labels::CONFIG_FILES).filter(|files| !files.is_empty()));
    }
    stacks.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_count_by_project_and_state_and_those_of_no_service_do_not() {
        let container = |labels: &[(&str, &str)], state| ContainerSummary {
            labels: Some(
                labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            ),
            state: Some(state),
            ..ContainerSummary::default()
        };
        let (running, exited) = (ContainerSummaryStateEnum::RUNNING, ContainerSummaryStateEnum::EXITED);
        let shop =
            [(Labels::PROJECT, "shop"), (Labels::SERVICE, "app"), (Labels::CONFIG_FILES, "/shop/a.yaml")];
        let found = gathered(vec![
            container(&shop, running),
            container(&shop, running),
            container(&shop, exited),
            container(&[(Labels::PROJECT, "build")], running),
        ]);
        let states = [("exited".to_owned(), 1), ("running".to_owned(), 2)].into();
        let files = ["/shop/a.yaml".to_owned()].into();
        assert_eq!(found, [StackRow { name: "shop".to_owned(), states, files }]);
    }
}
