//! Who has the port that the agent wanted.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// One sentence: what holds the port and what to do.
pub(super) async fn explain(address: SocketAddr) -> String {
    let port = address.port();
    let process = process_on(port).map(|name| format!(" ({name})")).unwrap_or_default();
    if timeout(Duration::from_secs(1), is_composeyard(address)).await.unwrap_or(false) {
        return format!(
            "Composeyard already runs on {address}{process}. Open http://{address}/ in the browser you used, \
             stop the other one, or choose another port with --listen {}:{}",
            address.ip(),
            port.wrapping_add(1)
        );
    }
    format!(
        "port {port} is taken by another program{process}. Stop it, or choose another port with --listen {}:{}",
        address.ip(),
        port.wrapping_add(1)
    )
}

async fn is_composeyard(address: SocketAddr) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!("GET /api/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(4096).read_to_end(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    let wanted = br#""name":"composeyard""#;
    ask.await.is_ok_and(|answer| answer.windows(wanted.len()).any(|part| part == wanted))
}

/// `name, process 1234`, where the system tells.
fn process_on(port: u16) -> Option<String> {
    let tables =
        ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| std::fs::read_to_string(path).unwrap_or_default());
    let inode = tables.iter().find_map(|table| listening_inode(table, port))?;
    let link = format!("socket:[{inode}]");
    let entries = std::fs::read_dir("/proc").ok()?.filter_map(Result::ok);
    let mut processes = entries.filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok());
    let holder = processes.find(|process| has_open(&process.path(), &link))?.path();
    let name = std::fs::read_to_string(holder.join("comm")).ok()?;
    Some(format!("{}, process {}", name.trim(), holder.file_name()?.to_string_lossy()))
}

/// The socket's inode from `/proc/net/tcp`: proc(5). State 0A is LISTEN.
fn listening_inode(table: &str, port: u16) -> Option<String> {
    let wanted = format!(":{port:04X}");
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let listens = fields.get(1)?.ends_with(&wanted) && *fields.get(3)? == "0A";
        listens.then(|| fields.get(9).map(|inode| (*inode).to_owned()))?
    })
}

fn has_open(process: &Path, link: &str) -> bool {
    let Ok(files) = std::fs::read_dir(process.join("fd")) else { return false };
    files
        .filter_map(Result::ok)
        .any(|file| std::fs::read_link(file.path()).is_ok_and(|to| to.as_os_str() == link))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn the_program_that_holds_a_port_is_named() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let explained = explain(address).await;
        assert!(explained.contains("taken by another program"), "{explained}");
        assert!(explained.contains(&format!("process {}", std::process::id())), "{explained}");
        assert!(explained.contains("--listen 127.0.0.1:"), "{explained}");
    }
}
