//! What only the tests need from the machine: a Docker engine that answers, a Chromium with its driver. Installed
//! from Debian's packages where this user may, else named.

use anyhow::{Result, bail};

use crate::shell::{call, output, step};

/// An engine that answers.
pub(crate) fn engine() -> Result<()> {
    if output(&["docker", "version", "--format", "{{.Server.Version}}"]).is_some() {
        return Ok(());
    }
    if output(&["dockerd", "--version"]).is_none() {
        install("a Docker engine", &["docker.io", "iptables"])?;
    }
    if output(&["docker", "version"]).is_none() {
        bail!(
            "no Docker engine answers. Start one (sudo systemctl start docker), set DOCKER_HOST, \
             or leave its tests out: cargo xtask test --skip-engine"
        );
    }
    Ok(())
}

/// Chromium and chromedriver.
pub(crate) fn browser() -> Result<()> {
    let have = |program| output(&[program, "--version"]).is_some();
    if (have("chromium") || have("google-chrome")) && have("chromedriver") {
        return Ok(());
    }
    install("Chromium and its driver", &["chromium", "chromium-driver"])
}

fn install(what: &str, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    let root = output(&["id", "-u"]).as_deref() == Some("0");
    let sudo = !root && output(&["sudo", "-n", "true"]).is_some();
    if output(&["apt-get", "--version"]).is_none() || !(root || sudo) {
        bail!("{what} is needed. On Debian: sudo apt-get install {names}");
    }
    let prefix: &[&str] = if root { &[] } else { &["sudo"] };
    step(&format!("Installing {what} ({names})"), || {
        call(&[prefix, &["apt-get", "update", "-qq"]].concat())?;
        let apt = [
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
        ];
        call(&[prefix, &apt, packages].concat())
    })
}
