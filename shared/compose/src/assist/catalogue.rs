//! Well-known public images with a tag worth pinning, and what one needs to know to run each.

/// One image.
#[derive(Debug)]
pub struct Image {
    /// `postgres`, `grafana/grafana`.
    pub name: &'static str,
    /// A tag that stays what it is.
    pub tag: &'static str,
    /// What it is, a few words.
    pub what: &'static str,
    /// The port it listens on; 0 when it listens on none.
    pub port: u16,
    /// The folder whose content must outlive the container.
    pub data: Option<&'static str>,
    /// Variables that it reads at its first start.
    pub environment: &'static [&'static str],
    /// A command that succeeds when it is ready.
    pub health: Option<&'static str>,
}

const fn image(name: &'static str, tag: &'static str, what: &'static str, port: u16) -> Image {
    Image { name, tag, what, port, data: None, environment: &[], health: None }
}

impl Image {
    const fn data(mut self, folder: &'static str) -> Self {
        self.data = Some(folder);
        self
    }

    const fn environment(mut self, names: &'static [&'static str]) -> Self {
        self.environment = names;
        self
    }

    const fn health(mut self, command: &'static str) -> Self {
        self.health = Some(command);
        self
    }

    /// `name:tag`.
    pub fn reference(&self) -> String {
        format!("{}:{}", self.name, self.tag)
    }
}

/// The images, by what they are for.
pub static IMAGES: &[Image] = &[
    image("nginx", "1.27-alpine", "web server and proxy", 80),
    image("caddy", "2.8-alpine", "web server with automatic TLS", 80).data("/data"),
    image("traefik", "v3.2", "proxy that follows containers", 80),
    image("httpd", "2.4-alpine", "Apache web server", 80),
    image("haproxy", "3.0-alpine", "load balancer", 80),
    image("postgres", "17-alpine", "relational database", 5432)
        .data("/var/lib/postgresql/data")
        .environment(&["POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE"])
        .health("pg_isready -U postgres"),
    image("mysql", "8.4", "relational database", 3306)
        .data("/var/lib/mysql")
        .environment(&["MYSQL_ROOT_PASSWORD", "MYSQL_DATABASE", "MYSQL_USER", "MYSQL_PASSWORD"])
        .health("mysqladmin ping -h 127.0.0.1"),
    image("mariadb", "11.4", "relational database", 3306)
        .data("/var/lib/mysql")
        .environment(&["MARIADB_ROOT_PASSWORD", "MARIADB_DATABASE", "MARIADB_USER", "MARIADB_PASSWORD"])
        .health("healthcheck.sh --connect --innodb_initialized"),
    image("mongo", "8.0", "document database", 27017)
        .data("/data/db")
        .environment(&["MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD"])
        .health("mongosh --quiet --eval 'db.adminCommand(\"ping\")'"),
    image("redis", "7.4-alpine", "cache and queue", 6379).data("/data").health("redis-cli ping"),
    image("valkey/valkey", "8.0-alpine", "cache and queue", 6379).data("/data").health("valkey-cli ping"),
    image("memcached", "1.6-alpine", "cache", 11211),
    image("rabbitmq", "4.0-management-alpine", "message broker", 5672)
        .data("/var/lib/rabbitmq")
        .environment(&["RABBITMQ_DEFAULT_USER", "RABBITMQ_DEFAULT_PASS"])
        .health("rabbitmq-diagnostics -q ping"),
    image("nats", "2.10-alpine", "message broker", 4222),
    image("apache/kafka", "3.8.0", "event log", 9092).data("/var/lib/kafka/data"),
    image("eclipse-mosquitto", "2.0", "MQTT broker", 1883).data("/mosquitto/data"),
    image("elasticsearch", "8.15.3", "search engine", 9200)
        .data("/usr/share/elasticsearch/data")
        .environment(&["discovery.type", "ES_JAVA_OPTS"]),
    image("cassandra", "5.0", "wide-column database", 9042).data("/var/lib/cassandra"),
    image("influxdb", "2.7-alpine", "time series database", 8086).data("/var/lib/influxdb2"),
    image("neo4j", "5.24", "graph database", 7687).data("/data").environment(&["NEO4J_AUTH"]),
    image("minio/minio", "RELEASE.2024-10-13T13-34-11Z", "object store", 9000)
        .data("/data")
        .environment(&["MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD"]),
    image("python", "3.12-slim", "Python", 0),
    image("node", "22-alpine", "Node.js", 0),
    image("golang", "1.23-alpine", "Go", 0),
    image("ruby", "3.3-slim", "Ruby", 0),
    image("php", "8.3-fpm-alpine", "PHP", 9000),
    image("eclipse-temurin", "21-jre-alpine", "Java", 0),
    image("wordpress", "6.7-apache", "website builder", 80).data("/var/www/html").environment(&[
        "WORDPRESS_DB_HOST",
        "WORDPRESS_DB_USER",
        "WORDPRESS_DB_PASSWORD",
        "WORDPRESS_DB_NAME",
    ]),
    image("nextcloud", "30-apache", "files and calendars", 80).data("/var/www/html"),
    image("gitea/gitea", "1.22", "Git server", 3000).data("/data"),
    image("registry", "2.8", "image registry", 5000).data("/var/lib/registry"),
    image("adminer", "4.8.1", "database browser", 8080),
    image("prom/prometheus", "v2.54.1", "metrics", 9090).data("/prometheus"),
    image("grafana/grafana", "11.2.0", "dashboards", 3000)
        .data("/var/lib/grafana")
        .environment(&["GF_SECURITY_ADMIN_PASSWORD"]),
    image("grafana/loki", "3.2.0", "log store", 3100).data("/loki"),
    image("axllent/mailpit", "v1.20", "mail catcher", 8025),
    image("hashicorp/vault", "1.18", "secret store", 8200),
    image("ollama/ollama", "0.3.14", "language models", 11434).data("/root/.ollama"),
    image("alpine", "3.20", "small Linux", 0),
    image("busybox", "1.36", "smallest Linux", 0),
    image("debian", "12-slim", "Linux", 0),
    image("ubuntu", "24.04", "Linux", 0),
];

/// The row of an image as a file names it: `postgres:16`, `docker.io/library/postgres`.
pub fn find(reference: &str) -> Option<&'static Image> {
    let reference = reference.strip_prefix("docker.io/").unwrap_or(reference);
    let reference = reference.strip_prefix("library/").unwrap_or(reference);
    let name = reference.split(['@', ':']).next().unwrap_or(reference);
    IMAGES.iter().find(|image| image.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_known_however_it_is_written() {
        for reference in ["postgres", "postgres:16@sha256:0", "docker.io/library/postgres:17"] {
            assert_eq!(find(reference).map(|image| image.port), Some(5432), "{reference}");
        }
        assert!(find("me/postgres:1").is_none());
    }

    #[test]
    fn no_image_is_offered_by_a_tag_that_moves() {
        for image in IMAGES {
            assert!(!image.tag.is_empty() && image.tag != "latest", "{}", image.name);
            assert_eq!(IMAGES.iter().filter(|other| other.name == image.name).count(), 1, "{}", image.name);
        }
    }
}
