//! CY318: an address with the name of a service that does not exist.

use std::collections::HashMap;

use crate::facts::images;
use crate::model::Service;
use crate::{Diagnostic, Severity};

use super::reach::{Call, Reach};
use super::{Context, Rule, similar};

pub(super) static RULE: Rule = Rule {
    code: "CY318",
    name: "unknown-host",
    severity: Severity::Warning,
    what: "A variable, a command or a mounted configuration of nginx names a host that is no service of the project.",
    why: "Containers find each other by the names of their services; another name cannot be looked up.",
    how: "Write the name of the service.",
    link: "https://docs.docker.com/compose/how-tos/networking/",
    example: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      CACHE_URL: redis://cahce:6379/0\n  cache:\n    image: redis:7\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      CACHE_URL: redis://cache:6379/0\n  cache:\n    image: redis:7\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(reach) = context.reach() else { return };
    // One host may be called by many; all names are compared with it once.
    let mut known: HashMap<(&str, Option<u16>), Option<String>> = HashMap::new();
    for call in &reach.calls {
        let host = call.address.host;
        if !call.address.is_plain_name()
            || call.is_loose()
            || call.variable().is_some_and(|variable| variable.to_ascii_uppercase().contains("ADVERTISE"))
            || reach.names.knows(call.service, host)
            || !reach.names.is_closed(call.service)
        {
            continue;
        }
        let meant =
            known.entry((host, call.address.meant_port())).or_insert_with(|| meant(reach, call)).clone();
        let meant = meant.filter(|name| name != call.name.as_str());
        if meant.is_some() || is_surely_a_host(call) {
            findings.extend(report(context, call, meant.as_deref()));
        }
    }
}

/// The service that was probably meant: by its name, else by its port when only one listens there.
fn meant(reach: &Reach<'_>, call: &Call<'_>) -> Option<String> {
    // `mongo2` is another one than `mongo1`, not a slip of the finger.
    let host = call.address.host;
    let is_sibling = |name: &&str| *name != host && stem(name) == stem(host) && stem(host) != host;
    if reach.names.all().any(|name| is_sibling(&name)) {
        return None;
    }
    let similar = similar::closest(host, reach.names.all());
    if let Some(name) = similar.and_then(|name| reach.names.service(name)).map(|(name, _)| name) {
        return Some(name.as_str().to_owned());
    }
    let port = call.address.meant_port().filter(|port| !matches!(port, 80 | 443))?;
    let listens = |service: &Service| images::ports(&service.image).contains(&port);
    let mut there = reach.names.services().filter(|(_, service)| listens(service));
    let (name, _) = there.next()?;
    there.next().is_none().then(|| name.as_str().to_owned())
}

/// A name without the number at its end.
fn stem(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// True where a value can be nothing but a host to connect to.
fn is_surely_a_host(call: &Call<'_>) -> bool {
    const STORES: [&str; 15] = [
        "DB_",
        "DATABASE_",
        "POSTGRES_",
        "PG",
        "MYSQL_",
        "MARIADB_",
        "REDIS_",
        "MONGO_",
        "MONGODB_",
        "RABBITMQ_",
        "AMQP_",
        "KAFKA_",
        "MEMCACHED_",
        "ELASTICSEARCH_",
        "CACHE_",
    ];
    let variable = call.variable().unwrap_or_default().to_ascii_uppercase();
    match call.address.scheme {
        Some(_) => true,
        None if call.is_proxied() => true,
        None => STORES.iter().any(|store| {
            variable.strip_suffix("HOST") == Some(store) || variable.ends_with(&format!("_{store}HOST"))
        }),
    }
}

fn report(context: &Context<'_>, call: &Call<'_>, meant: Option<&str>) -> Option<Diagnostic> {
    let host = call.address.host;
    let other = meant.map(|name| call.rewritten(name, None));
    let help = match meant {
        Some(name) => format!("Did you mean `{name}`? Containers find a service by its name."),
        None => "Containers find a service by its name. Name a service of this project, or add the host to `extra_hosts`.".to_owned(),
    };
    let message = format!("No service is called `{host}`");
    Some(call.finding(context, &RULE, message, other)?.with_help(help))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    fn app(line: &str) -> String {
        format!(
            "services:\n  app:\n    image: a:1\n    environment:\n      {line}\n  cache:\n    image: redis:7\n"
        )
    }

    #[test]
    fn a_misspelt_name_is_corrected() {
        let text = app("URL: redis://cahce:6379/0 # hot");
        assert_eq!(found(&text), ["CY318 services.app.environment.URL: No service is called `cahce`"]);
        assert_eq!(fixed(&text), app("URL: redis://cache:6379/0 # hot"));
        assert_eq!(fixed(&app("- CACHE_HOST=cahce")), app("- CACHE_HOST=cache"));
    }

    #[test]
    fn a_name_of_another_kind_is_corrected_by_its_port() {
        assert_eq!(fixed(&app("URL: redis://memory")), app("URL: redis://cache"));
    }

    #[test]
    fn a_numbered_sibling_is_not_what_was_meant() {
        let text = "services:\n  app:\n    image: a:1\n    environment:\n      URL: redis://node2\n  node1:\n    image: redis:7\n";
        assert_eq!(found(text), ["CY318 services.app.environment.URL: No service is called `node2`"]);
        assert!(super::super::tests::checked(text)[0].fixes.is_empty());
    }

    #[test]
    fn hosts_elsewhere_are_left_alone() {
        for line in [
            "URL: https://example.com/x",
            "URL: http://host.docker.internal:80",
            "URL: unix://socket",
            "SMTP: mail.example.com:25",
            "VIRTUAL_HOST: app",
            "RATIO: 16:9",
            "IMAGE: redi:7",
        ] {
            assert!(found(&app(line)).is_empty(), "{line}");
        }
        let linked = app("URL: redis://memory")
            .replace("    image: a:1\n", "    image: a:1\n    extra_hosts: [memory=10.0.0.1]\n");
        assert!(found(&linked).is_empty());
    }
}
