//! Ports in the words of the docker command: neighbours as one range, changed numbers last.

use crate::engine::RowPort;

/// Address of the host, empty for a port that is not published, and protocol.
type Key = (String, String);

/// `0.0.0.0:80->80/tcp, [::]:80->80/tcp, 9000-9002/tcp`
pub(super) fn words(ports: &[RowPort]) -> String {
    let mut ports = ports.to_vec();
    ports.sort();
    let mut open: Vec<(Key, (u16, u16))> = Vec::new();
    let (mut closed, mut changed) = (Vec::new(), Vec::new());
    for port in ports {
        if !port.host_ip.is_empty() && port.public != port.private {
            let host = host(&port.host_ip, &port.public.to_string());
            changed.push(format!("{host}->{}/{}", port.private, port.protocol));
            continue;
        }
        let key = (port.host_ip, port.protocol);
        match open.iter_mut().find(|(other, _)| *other == key) {
            Some((_, (_, last))) if port.private == *last + 1 => *last = port.private,
            Some((_, range)) => {
                closed.push(group(&key, *range));
                *range = (port.private, port.private);
            }
            None => open.push((key, (port.private, port.private))),
        }
    }
    closed.extend(open.iter().map(|(key, range)| group(key, *range)));
    closed.extend(changed);
    closed.join(", ")
}

fn group((ip, protocol): &Key, (first, last): (u16, u16)) -> String {
    let range = if first == last { first.to_string() } else { format!("{first}-{last}") };
    if ip.is_empty() {
        format!("{range}/{protocol}")
    } else {
        format!("{}->{range}/{protocol}", host(ip, &range))
    }
}

fn host(ip: &str, port: &str) -> String {
    if ip.contains(':') { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(private: u16, host_ip: &str, public: u16) -> RowPort {
        RowPort { private, host_ip: host_ip.to_owned(), public, protocol: "tcp".to_owned() }
    }

    #[test]
    fn neighbours_are_one_range_and_changed_numbers_come_last() {
        let ports = [
            port(9001, "", 0),
            port(80, "::", 8080),
            port(9000, "", 0),
            port(80, "0.0.0.0", 8080),
            port(443, "0.0.0.0", 443),
            port(9005, "", 0),
        ];
        assert_eq!(
            words(&ports),
            "9000-9001/tcp, 0.0.0.0:443->443/tcp, 9005/tcp, 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp"
        );
        assert_eq!(words(&[]), "");
    }
}
