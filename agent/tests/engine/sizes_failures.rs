//! Registries that keep a plan waiting, talk without end, or send whoever asks elsewhere: what a real one cannot show.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use composeyard::engine::{Engine, SIZES_LIMIT};
use composeyard_compose::Project;
use composeyard_plan::Downloads;
use futures_util::stream;
use serde_json::json;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    fake::{Fake, How},
    real::done,
};

const INFO: &str = r#"{"OSType": "linux", "Architecture": "x86_64",
    "RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8"], "IndexConfigs": {}, "Mirrors": []}}"#;
const IMAGE: &str =
    r#"{"config": {"digest": "sha256:c", "size": 5}, "layers": [{"digest": "sha256:l", "size": 37}]}"#;

/// A registry that behaves as the first part of an image's name says; it ends with its value.
struct Strange {
    host: String,
    asked: Asked,
    serving: JoinHandle<()>,
}

/// `GET /v2/hangs/manifests/latest`, with the `Authorization` that came along.
type Asked = Arc<Mutex<Vec<(String, String)>>>;

impl Strange {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let asked = Asked::default();
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&asked));
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { host, asked, serving }
    }

    fn image(&self, name: &str) -> String {
        format!("{}/{name}", self.host)
    }

    fn asked(&self) -> Vec<(String, String)> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Strange {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(State(asked): State<Asked>, request: Request) -> Response {
    let line = format!("{} {}", request.method(), request.uri());
    let [proof, host] = [header::AUTHORIZATION, header::HOST].map(|name| text(request.headers(), name));
    asked.lock().unwrap().push((line.clone(), proof.clone()));
    let to = |place: String| (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, place)]).into_response();
    match line.split('/').nth(2).unwrap_or_default() {
        "fine" => IMAGE.into_response(),
        "hangs" => std::future::pending().await,
        "endless" => {
            let spaces = Bytes::from_static(&[b' '; 65536]);
            Body::from_stream(stream::repeat_with(move || Ok::<_, std::io::Error>(spaces.clone())))
                .into_response()
        }
        "circles" => to(request.uri().to_string()),
        // The same registry under its other name: for a client, another one.
        "moved" => to(format!("http://{}/v2/fine/manifests/latest", host.replace("127.0.0.1", "localhost"))),
        "broken" => (StatusCode::INTERNAL_SERVER_ERROR, IMAGE).into_response(),
        "babble" => "<html>Welcome to the network of the hotel</html>".into_response(),
        "nested" => {
            r#"{"manifests": [{"digest": "latest", "platform": {"os": "linux", "architecture": "amd64"}}]}"#
                .into_response()
        }
        "token" if line.contains("/v2/") && proof == "Bearer good" => IMAGE.into_response(),
        "token" if line.contains("/v2/") => {
            let realm = format!("Bearer realm=\"http://{host}/give/token?a=b\",service=\"the registry\"");
            let scope = "scope=\"repository:token/app:pull,push registry:catalog:*\"";
            refused(&format!("{realm},{scope}"))
        }
        "token?a=b&service=the%20registry&scope=repository%3Atoken%2Fapp%3Apull" => {
            json!({"access_token": "good"}).to_string().into_response()
        }
        "password" if proof.is_empty() => refused("Basic realm=\"here\""),
        "password" => {
            to(format!("http://{}/v2/fine/manifests/latest", host.replace("127.0.0.1", "localhost")))
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn refused(challenge: &str) -> Response {
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge.to_owned())]).into_response()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

async fn sizes(images: &[&str]) -> Downloads {
    let fake = Fake::speaking("1.41");
    fake.answer("/info", How::Say(INFO));
    let engine = Engine::connect(Some(fake.host()));
    let soon = tokio::time::Instant::now() + SIZES_LIMIT;
    engine.downloads(&Project::named("p".parse().unwrap()), images, soon).await
}

#[tokio::test]
async fn a_registry_that_keeps_silent_costs_no_more_than_the_limit_and_no_other_image_its_size() {
    let strange = Strange::start().await;
    let [fine, hangs] = ["fine", "hangs"].map(|name| strange.image(name));
    let start = Instant::now();
    let found = sizes(&[&hangs, &fine]).await;
    let took = start.elapsed();
    assert_eq!(found, Downloads { images: [(fine, 42)].into(), together: 42 });
    assert!(took >= SIZES_LIMIT && took < SIZES_LIMIT + Duration::from_secs(2), "{took:?}");
}

#[tokio::test]
async fn what_a_registry_says_without_end_or_sense_is_no_size() {
    let strange = Strange::start().await;
    let images = ["endless", "circles", "broken", "babble", "nested", "gone"].map(|name| strange.image(name));
    let start = Instant::now();
    let found = sizes(&images.each_ref().map(String::as_str)).await;
    assert_eq!(found, Downloads::default());
    assert!(start.elapsed() < SIZES_LIMIT, "each is given up by itself");
}

#[tokio::test]
async fn one_registry_may_answer_for_another() {
    let strange = Strange::start().await;
    let moved = strange.image("moved");
    assert_eq!(sizes(&[&moved]).await.images, [(moved, 42)].into());
}

#[tokio::test]
async fn an_engine_that_says_nothing_of_its_registries_costs_no_more_than_the_limit() {
    let fake = Fake::speaking("1.41");
    fake.answer("/info", How::Hang);
    let engine = Engine::connect(Some(fake.host()));
    let soon = tokio::time::Instant::now() + Duration::from_millis(300);
    let start = Instant::now();
    let found = engine.downloads(&Project::named("p".parse().unwrap()), &["127.0.0.1:1/a"], soon).await;
    assert_eq!(found, Downloads::default());
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_registry_that_was_asked_a_moment_ago_is_not_asked_again() {
    let (strange, fake) = (Strange::start().await, Fake::speaking("1.41"));
    fake.answer("/info", How::Say(INFO));
    let (engine, project) = (Engine::connect(Some(fake.host())), Project::named("p".parse().unwrap()));
    let images = ["fine", "babble"].map(|name| strange.image(name));
    let images = images.each_ref().map(String::as_str);
    let soon = || tokio::time::Instant::now() + SIZES_LIMIT;
    let first = engine.downloads(&project, &images, soon()).await;
    let asked = strange.asked().len();
    assert_eq!(engine.downloads(&project, &images, soon()).await, first);
    assert_eq!((strange.asked().len(), first.together), (asked, 42));
}

/// The last line of a plan that pulls this image, with a login for its registry.
fn planned(strange: &Strange, name: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::speaking("1.41");
    fake.answer("/info", How::Say(INFO)).answer("/images/", How::Refuse(404, "no such image"));
    let file = format!("services: {{a: {{image: '{}'}}}}", strange.image(name));
    std::fs::write(folder.path().join("compose.yaml"), file).unwrap();
    // me:secret
    let config = json!({"auths": {&strange.host: {"auth": "bWU6c2VjcmV0"}}});
    std::fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
    let mut plan = std::process::Command::new(env!("CARGO_BIN_EXE_composeyard"));
    plan.args(["plan", "--host", &fake.host()]).current_dir(folder.path());
    let output = plan.env("DOCKER_CONFIG", folder.path()).output().unwrap();
    done(&output).lines().last().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_asked_for_to_read_this_image_and_nothing_else() {
    let strange = Strange::start().await;
    assert_eq!(planned(&strange, "token/app"), "This will pull 1 image, 42 B.");
    let token = "GET /give/token?a=b&service=the%20registry&scope=repository%3Atoken%2Fapp%3Apull";
    let manifest = "GET /v2/token/app/manifests/latest";
    let asked = [(manifest, ""), (token, "Basic bWU6c2VjcmV0"), (manifest, "Bearer good")];
    assert_eq!(strange.asked(), asked.map(|(line, proof)| (line.to_owned(), proof.to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_stays_with_the_registry_it_is_for() {
    let strange = Strange::start().await;
    assert_eq!(planned(&strange, "password"), "This will pull 1 image, 42 B.");
    let manifest = "GET /v2/password/manifests/latest";
    let asked = [(manifest, ""), (manifest, "Basic bWU6c2VjcmV0"), ("GET /v2/fine/manifests/latest", "")];
    assert_eq!(strange.asked(), asked.map(|(line, proof)| (line.to_owned(), proof.to_owned())));
}
