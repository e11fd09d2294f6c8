//! Projects' files over the socket.

use composeyard_compose::ProjectFiles;
use composeyard_protocol::{FailureKind, Outcome, Request, SavedProject, ServerMessage};

use crate::support::agent::TestAgent;
use crate::support::page::{Page, failure};

fn save(text: &str, base: Option<String>) -> Request {
    let files = ProjectFiles([("compose.yaml".to_owned(), text.to_owned())].into());
    Request::SaveProject { project: "demo".parse().unwrap(), files, base }
}

fn open() -> Request {
    Request::OpenProject { project: "demo".parse().unwrap() }
}

async fn saved(page: &mut Page, id: u32, request: Request) -> SavedProject {
    let (mut said, outcome) = page.ask(id, request).await;
    assert_eq!(outcome, Outcome::Done);
    match said.pop() {
        Some(ServerMessage::Project { saved, .. }) => saved,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_saved_project_is_listed_and_opened_by_another_page() {
    let agent = TestAgent::start().await;
    let mut first = agent.page().await;
    let written = saved(&mut first, 1, save("services: {}\n", None)).await;
    let mut second = agent.page().await;
    assert_eq!(saved(&mut second, 1, open()).await, written);
    let (said, _) = second.ask(2, Request::ListProjects).await;
    let Some(ServerMessage::Projects { projects, .. }) = said.first() else { panic!("{said:?}") };
    assert_eq!(projects.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["demo"]);
}

#[tokio::test]
async fn of_two_pages_the_second_is_told_that_its_files_are_stale() {
    let agent = TestAgent::start().await;
    let (mut first, mut second) = (agent.page().await, agent.page().await);
    let base = saved(&mut first, 1, save("# 1\n", None)).await.revision;
    saved(&mut first, 2, save("# 2\n", Some(base.clone()))).await;
    let (_, outcome) = second.ask(1, save("# 3\n", Some(base))).await;
    failure(outcome, FailureKind::Stale);
    assert_eq!(saved(&mut second, 2, open()).await.files.get("compose.yaml"), Some("# 2\n"));
}

#[tokio::test]
async fn a_project_that_is_not_there_cannot_be_opened() {
    let agent = TestAgent::start().await;
    let (_, outcome) = agent.page().await.ask(1, open()).await;
    failure(outcome, FailureKind::BadRequest);
}

#[tokio::test]
async fn a_file_outside_the_project_is_not_written() {
    let agent = TestAgent::start().await;
    let files = ProjectFiles([("../evil".to_owned(), "x".to_owned())].into());
    let request = Request::SaveProject { project: "demo".parse().unwrap(), files, base: None };
    let (_, outcome) = agent.page().await.ask(1, request).await;
    failure(outcome, FailureKind::Workspace);
    assert_eq!(std::fs::read_dir(agent.projects()).unwrap().count(), 0);
}

fn adopt(consent: &[&str]) -> Request {
    let consent = consent.iter().map(|key| (*key).to_owned()).collect();
    Request::AdoptProject { project: "demo".parse().unwrap(), consent }
}

#[tokio::test]
async fn a_project_of_someone_else_is_taken_over_with_a_consent_only() {
    let agent = TestAgent::start().await;
    let mut page = agent.page().await;
    let (said, outcome) = page.ask(1, adopt(&[])).await;
    failure(outcome, FailureKind::Denied);
    let Some(ServerMessage::Consent { grants, .. }) = said.first() else { panic!("{said:?}") };
    assert_eq!(grants.iter().map(|grant| grant.key.as_str()).collect::<Vec<_>>(), ["rebuild demo"]);
    // This engine has nothing of that name.
    let (_, outcome) = page.ask(2, adopt(&["rebuild demo"])).await;
    assert!(matches!(outcome, Outcome::Failed { .. }), "{outcome:?}");
    assert!(!agent.projects().join("demo").exists());
}

#[tokio::test]
async fn in_lab_mode_nothing_of_others_is_taken_over() {
    let agent = TestAgent::start_lab().await;
    let (said, outcome) = agent.page().await.ask(1, adopt(&["rebuild demo"])).await;
    failure(outcome, FailureKind::Denied);
    assert!(said.is_empty(), "{said:?}");
}
