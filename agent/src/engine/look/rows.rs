//! What the engine's own lists say of containers and volumes, in its words.

use std::collections::{BTreeMap, HashMap};

use bollard::{
    Docker,
    models::PortSummary,
    query_parameters::{ListContainersOptionsBuilder, ListVolumesOptionsBuilder},
};
use composeyard_compose::ProjectName;

use super::super::{EngineError, labels, observe::ALL_ADDRESSES};

/// One container of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// What runs in it, as one line.
    pub command: String,
    /// When it was made, seconds since 1970.
    pub created: i64,
    /// `Up 2 minutes (healthy)`
    pub status: String,
    /// Published ports, and those that the image only names.
    pub ports: Vec<RowPort>,
}

/// A port of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowPort {
    /// In the container.
    pub private: u16,
    /// Address of the host; empty when it is not published.
    pub host_ip: String,
    /// Of the host; 0 when it is not published.
    pub public: u16,
    /// `tcp`
    pub protocol: String,
}

/// One volume of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VolumeRow {
    /// Where the engine keeps it.
    pub mountpoint: String,
    /// `local`, or `global` in a cluster.
    pub scope: String,
    /// By name.
    pub labels: BTreeMap<String, String>,
}

/// All containers of a project by their ids. `GET /containers/json`.
pub(in super::super) async fn rows(
    docker: &Docker,
    project: &ProjectName,
) -> Result<HashMap<String, Row>, EngineError> {
    let filters = labels::project_filter(project.as_str());
    let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
    let listed = docker.list_containers(Some(options)).await?;
    let rows = listed.into_iter().map(|summary| {
        let row = Row {
            command: summary.command.unwrap_or_default(),
            created: summary.created.unwrap_or_default(),
            status: summary.status.unwrap_or_default(),
            ports: summary.ports.unwrap_or_default().into_iter().map(port).collect(),
        };
        (summary.id.unwrap_or_default(), row)
    });
    Ok(rows.collect())
}

fn port(port: PortSummary) -> RowPort {
    let named = port.ip.filter(|ip| !ip.is_empty());
    RowPort {
        private: port.private_port,
        // Podman leaves out what stands for all addresses.
        host_ip: named.or_else(|| port.public_port.map(|_| ALL_ADDRESSES.to_owned())).unwrap_or_default(),
        public: port.public_port.unwrap_or_default(),
        protocol: port.typ.map(|kind| kind.to_string()).unwrap_or_default(),
    }
}

/// All volumes of a project by their names. `GET /volumes`.
pub(in super::super) async fn volume_rows(
    docker: &Docker,
    project: &ProjectName,
) -> Result<HashMap<String, VolumeRow>, EngineError> {
    let filters = labels::project_filter(project.as_str());
    let options = ListVolumesOptionsBuilder::default().filters(&filters).build();
    let listed = docker.list_volumes(Some(options)).await?.volumes.unwrap_or_default();
    let rows = listed.into_iter().map(|volume| {
        let row = VolumeRow {
            mountpoint: volume.mountpoint,
            scope: volume.scope.map(|scope| scope.to_string()).unwrap_or_default(),
            labels: volume.labels.into_iter().collect(),
        };
        (volume.name, row)
    });
    Ok(rows.collect())
}
