//! A registry of a test's own: Debian's `docker-registry` on a free port, with all that it keeps in a folder of its own.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::real::docker;

const PROGRAM: &str = "docker-registry";
/// Far longer than a start takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// Who may enter where not everybody may; the password as `htpasswd -B` writes it.
const USER: (&str, &str) = ("me", "pa:ss");
const KEPT: &str = "me:$2y$05$abcdefghijklmnopqrstuuZImxV28ixwKVAA3Ib6WvqJ3jaF2SHwO\n";

/// The registry; it ends with its value, and the images that were made for it go away.
pub(crate) struct OwnRegistry {
    pub(crate) folder: TempDir,
    /// `127.0.0.1:34567`
    pub(crate) host: String,
    serving: Child,
}

/// What a registry wants of those who ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Open,
    /// Basic authentication.
    Password,
    /// TLS, with `cert.pem` and `key.pem` in the folder.
    Encrypted,
}

impl OwnRegistry {
    /// None where it is not installed; says so.
    pub(crate) fn start(folder: TempDir, door: Door) -> Option<Self> {
        let found = Command::new(PROGRAM).arg("--version").output();
        if !found.is_ok_and(|output| output.status.success()) {
            println!("skipped: {PROGRAM} needs to be installed");
            return None;
        }
        let host = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let at = |name: &str| folder.path().join(name);
        let mut config = json!({
            "version": 0.1,
            "storage": {"filesystem": {"rootdirectory": at("kept")}},
            "http": {"addr": host},
        });
        match door {
            Door::Open => {}
            Door::Password => {
                fs::write(at("users"), KEPT).unwrap();
                config["auth"] = json!({"htpasswd": {"realm": "here", "path": at("users")}});
            }
            Door::Encrypted => {
                config["http"]["tls"] = json!({"certificate": at("cert.pem"), "key": at("key.pem")});
            }
        }
        fs::write(at("config.json"), config.to_string()).unwrap();
        let log = fs::File::create(at("log")).unwrap();
        let mut serve = Command::new(PROGRAM);
        serve.arg("serve").arg(at("config.json")).stdin(Stdio::null()).stdout(log).stderr(Stdio::null());
        let serving = serve.spawn().unwrap();
        let registry = Self { folder, host, serving };
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(&registry.host).is_err() {
            assert!(Instant::now() < until, "the registry does not answer");
            sleep(Duration::from_millis(20));
        }
        Some(registry)
    }

    /// A folder for `DOCKER_CONFIG` with the login.
    pub(crate) fn login(&self) -> String {
        let folder = self.folder.path().join("docker");
        fs::create_dir_all(&folder).unwrap();
        let auth = STANDARD.encode(format!("{}:{}", USER.0, USER.1));
        let config = json!({"auths": {&self.host: {"auth": auth}}});
        fs::write(folder.join("config.json"), config.to_string()).unwrap();
        folder.display().to_string()
    }

    /// Puts an image of about so many bytes, that no other image shares, into the registry and nowhere else. Its name.
    pub(crate) fn hold(&self, name: &str, bytes: usize) -> String {
        let image = format!("{}/{name}", self.host);
        let folder = tempfile::tempdir().unwrap();
        let noise: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..)).take(bytes).collect();
        fs::write(folder.path().join("noise"), noise).unwrap();
        let tar = self.folder.path().join("image.tar");
        ran(Command::new("tar").arg("-cf").arg(&tar).arg("-C").arg(folder.path()).arg("."));
        ran(Command::new("docker").args(["import", "--change", "CMD [\"/none\"]"]).arg(&tar).arg(&image));
        ran(Command::new("docker").args(["push", "--quiet", &image]).env("DOCKER_CONFIG", self.login()));
        docker(&["rmi", "--force", &image]);
        image
    }

    /// Asks it by hand: `GET /v2/app/manifests/1`, in Docker's format of manifests. Status and body.
    pub(crate) fn asked(&self, line: &str, kind: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let request = format!(
            "{line} HTTP/1.0\r\nHost: {}\r\nAccept: {kind}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// The manifest of `name:tag`, as it is kept.
    pub(crate) fn manifest(&self, name: &str, tag: &str) -> String {
        let kind = "application/vnd.docker.distribution.manifest.v2+json";
        let (status, body) = self.asked(&format!("GET /v2/{name}/manifests/{tag}"), kind, "");
        assert_eq!(status, 200, "{body}");
        body
    }

    /// Bytes that left it as parts of images, by its own log.
    pub(crate) fn sent(&self) -> u64 {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap();
        let blobs = log.lines().filter(|line| line.contains("\"GET /v2/") && line.contains("/blobs/sha256:"));
        blobs.filter_map(|line| line.split("\" 200 ").nth(1)?.split(' ').next()?.parse::<u64>().ok()).sum()
    }
}

impl Drop for OwnRegistry {
    fn drop(&mut self) {
        let images = docker(&["images", "--format", "{{.Repository}}:{{.Tag}}"]);
        for image in images.lines().filter(|image| image.starts_with(&self.host)) {
            docker(&["rmi", "--force", image]);
        }
        let _gone = self.serving.kill();
        let _ended = self.serving.wait();
    }
}

/// Bytes of the parts that a manifest names.
pub(crate) fn size_of(manifest: &str) -> u64 {
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    let size = |part: &Value| part["size"].as_u64().unwrap();
    size(&manifest["config"]) + manifest["layers"].as_array().unwrap().iter().map(size).sum::<u64>()
}

/// Writes an authority (`ca.pem`) and a certificate of it for `127.0.0.1` (`cert.pem`, `key.pem`).
pub(crate) fn certify(folder: &Path) {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    fs::write(folder.join("cert.pem"), params.signed_by(&key, &authority).unwrap().pem()).unwrap();
    fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    fs::write(folder.join("ca.pem"), authority.pem()).unwrap();
}

#[track_caller]
fn ran(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
