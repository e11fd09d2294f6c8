//! An engine behind TLS, as `dockerd --tlsverify` offers it: certificates on both sides.

use std::{fs, path::Path, process::Command};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::{own_engine::OwnEngine, real::skipped};

const ADDRESS: &str = "tcp://127.0.0.1:2376";
const FILE: &str = "
services:
  app: {image: busybox, command: sh -c 'echo started && sleep 600', stop_signal: SIGKILL, network_mode: none}
";

/// An authority with a certificate for the engine and one for its users, as files under Docker's names: the engine's
/// in `server`, a user's in `client`.
fn certificates(folder: &Path) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, key).unwrap();
    for side in ["server", "client"] {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &authority).unwrap();
        let folder = folder.join(side);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("ca.pem"), authority.pem()).unwrap();
        fs::write(folder.join("cert.pem"), certificate.pem()).unwrap();
        fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_behind_tls_runs_a_stack_for_who_has_a_certificate() {
    if skipped() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    certificates(folder.path());
    certificates(&folder.path().join("stranger"));
    fs::write(folder.path().join("compose.yaml"), FILE).unwrap();
    let [authority, certificate, key] =
        ["ca.pem", "cert.pem", "key.pem"].map(|name| at(&format!("server/{name}")));
    let options = [
        "--host",
        ADDRESS,
        "--tlsverify",
        "--tlscacert",
        &authority,
        "--tlscert",
        &certificate,
        "--tlskey",
        &key,
    ];
    let Some(engine) = OwnEngine::start_with(&options).await else { return };
    let said = |certificates: &str, words: &[&str]| {
        let mut program = engine.enter(env!("CARGO_BIN_EXE_composeyard"));
        program.args(words).current_dir(folder.path());
        told(program.env("DOCKER_CERT_PATH", at(certificates)))
    };
    let (ok, text) = said("client", &["up", "-d"]);
    assert!(ok, "{text}");
    let (ok, text) = said("client", &["exec", "-T", "app", "echo", "inside"]);
    assert!(ok && text.contains("inside"), "{text}");
    let (ok, text) = said("client", &["logs", "app"]);
    assert!(ok && text.contains("started"), "{text}");

    let (ok, text) = said("stranger/client", &["ps"]);
    assert!(
        !ok && text.contains("invalid peer certificate") && text.contains("ca.pem"),
        "another authority: {text}"
    );
    let (ok, text) = said("none", &["ps"]);
    assert!(!ok && text.contains("ca.pem") && text.contains("DOCKER_CERT_PATH"), "{text}");

    let (ok, text) = said("client", &["down"]);
    assert!(ok, "{text}");
}

/// Whether it went well, and all it printed.
fn told(program: &mut Command) -> (bool, String) {
    let output = program.env("DOCKER_HOST", ADDRESS).env("DOCKER_TLS_VERIFY", "1").output().unwrap();
    let text =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.success(), text)
}
