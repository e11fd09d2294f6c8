//! Well-known public images and what one needs to know to run each.

use crate::image::repository;

/// One image.
#[derive(Debug)]
pub struct Image {
    /// `postgres`, `grafana/grafana`.
    pub name: &'static str,
    /// A tag that stays what it is; none for an image that is known when a file names it, but not proposed.
    pub tag: Option<&'static str>,
    /// What it is, a few words.
    pub what: &'static str,
    /// The ports it listens on unless told otherwise, the one that its clients call first. Empty when it listens on
    /// none, and when its configuration decides.
    pub ports: &'static [u16],
    /// The folder whose content must outlive the container, in the version of `tag`.
    pub data: Option<&'static str>,
    /// True when the data is what the image is for.
    pub is_database: bool,
    /// Variables that it reads at its first start.
    pub environment: &'static [&'static str],
    /// A command that succeeds when it is ready.
    pub health: Option<&'static str>,
    /// True when it brings a health check of its own.
    pub is_checked: bool,
}

/// An image that is proposed with this tag.
const fn image(name: &'static str, tag: &'static str, what: &'static str, ports: &'static [u16]) -> Image {
    Image { tag: Some(tag), ..other(name, what, ports) }
}

/// An image that is known, but not proposed: another one serves the same better.
const fn other(name: &'static str, what: &'static str, ports: &'static [u16]) -> Image {
    Image {
        name,
        tag: None,
        what,
        ports,
        data: None,
        is_database: false,
        environment: &[],
        health: None,
        is_checked: false,
    }
}

impl Image {
    const fn data(mut self, folder: &'static str) -> Self {
        self.data = Some(folder);
        self
    }

    const fn database(mut self, folder: &'static str) -> Self {
        self.is_database = true;
        self.data(folder)
    }

    const fn environment(mut self, names: &'static [&'static str]) -> Self {
        self.environment = names;
        self
    }

    const fn health(mut self, command: &'static str) -> Self {
        self.health = Some(command);
        self
    }

    const fn checked(mut self) -> Self {
        self.is_checked = true;
        self
    }

    /// The port that its clients call.
    pub fn port(&self) -> Option<u16> {
        self.ports.first().copied()
    }
}

/// `name:tag` of the images that are proposed, with what they are, by what they are for.
pub fn proposed() -> impl Iterator<Item = (String, &'static Image)> {
    IMAGES.iter().filter_map(|image| Some((format!("{}:{}", image.name, image.tag?), image)))
}

/// What is known about an image as a file names it: `postgres:16`, `docker.io/library/postgres`.
pub fn find(reference: &str) -> Option<&'static Image> {
    let name = repository(reference);
    IMAGES.iter().find(|image| image.name == name)
}

/// The ports that an image is known to listen on.
pub fn ports(reference: &str) -> &'static [u16] {
    find(reference).map_or(&[], |image| image.ports)
}

static IMAGES: &[Image] = &[
    image("nginx", "1.27-alpine", "web server and proxy", &[80]),
    image("caddy", "2.8-alpine", "web server with automatic TLS", &[80, 443, 2019]).data("/data"),
    image("traefik", "v3.2", "proxy that follows containers", &[]),
    image("httpd", "2.4-alpine", "Apache web server", &[80]),
    image("haproxy", "3.0-alpine", "load balancer", &[]),
    image("postgres", "17-alpine", "relational database", &[5432])
        .database("/var/lib/postgresql/data")
        .environment(&["POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE"])
        .health("pg_isready -U postgres"),
    image("mysql", "8.4", "relational database", &[3306, 33060])
        .database("/var/lib/mysql")
        .environment(&["MYSQL_ROOT_PASSWORD", "MYSQL_DATABASE", "MYSQL_USER", "MYSQL_PASSWORD"])
        .health("mysqladmin ping -h 127.0.0.1"),
    image("mariadb", "11.4", "relational database", &[3306])
        .database("/var/lib/mysql")
        .environment(&["MARIADB_ROOT_PASSWORD", "MARIADB_DATABASE", "MARIADB_USER", "MARIADB_PASSWORD"])
        .health("healthcheck.sh --connect --innodb_initialized"),
    other("percona", "relational database", &[3306, 33060]).database("/var/lib/mysql"),
    image("mongo", "8.0", "document database", &[27017])
        .database("/data/db")
        .environment(&["MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD"])
        .health("mongosh --quiet --eval 'db.adminCommand(\"ping\")'"),
    image("redis", "7.4-alpine", "cache and queue", &[6379]).data("/data").health("redis-cli ping"),
    image("valkey/valkey", "8.0-alpine", "cache and queue", &[6379]).data("/data").health("valkey-cli ping"),
    image("memcached", "1.6-alpine", "cache", &[11211]),
    image(
        "rabbitmq",
        "4.0-management-alpine",
        "message broker",
        &[5672, 4369, 5671, 15671, 15672, 15691, 15692, 25672],
    )
    .data("/var/lib/rabbitmq")
    .environment(&["RABBITMQ_DEFAULT_USER", "RABBITMQ_DEFAULT_PASS"])
    .health("rabbitmq-diagnostics -q ping"),
    image("nats", "2.10-alpine", "message broker", &[4222, 6222, 8222]),
    image("apache/kafka", "3.8.0", "event log", &[9092, 9093]).data("/var/lib/kafka/data"),
    image("eclipse-mosquitto", "2.0", "MQTT broker", &[1883]).data("/mosquitto/data"),
    image("elasticsearch", "8.15.3", "search engine", &[9200, 9300])
        .database("/usr/share/elasticsearch/data")
        .environment(&["discovery.type", "ES_JAVA_OPTS"]),
    other("kibana", "dashboards of Elasticsearch", &[5601]),
    image("cassandra", "5.0", "wide-column database", &[9042, 7000, 7001, 7199])
        .database("/var/lib/cassandra"),
    other("clickhouse", "column database", &[8123, 9000, 9009]).database("/var/lib/clickhouse"),
    other("couchdb", "document database", &[5984, 4369, 9100]).database("/opt/couchdb/data"),
    image("influxdb", "2.7-alpine", "time series database", &[8086]).database("/var/lib/influxdb2"),
    image("neo4j", "5.24", "graph database", &[7687, 7473, 7474])
        .database("/data")
        .environment(&["NEO4J_AUTH"]),
    other("postgis/postgis", "PostgreSQL with maps", &[5432]),
    other("timescale/timescaledb", "PostgreSQL with time series", &[5432]),
    image("minio/minio", "RELEASE.2024-10-13T13-34-11Z", "object store", &[9000])
        .data("/data")
        .environment(&["MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD"]),
    image("python", "3.12-slim", "Python", &[]),
    image("node", "22-alpine", "Node.js", &[]),
    image("golang", "1.23-alpine", "Go", &[]),
    image("ruby", "3.3-slim", "Ruby", &[]),
    image("php", "8.3-fpm-alpine", "PHP", &[9000, 80]),
    image("eclipse-temurin", "21-jre-alpine", "Java", &[]),
    other("tomcat", "Java web server", &[8080]),
    image("wordpress", "6.7-apache", "website builder", &[80, 9000]).data("/var/www/html").environment(&[
        "WORDPRESS_DB_HOST",
        "WORDPRESS_DB_USER",
        "WORDPRESS_DB_PASSWORD",
        "WORDPRESS_DB_NAME",
    ]),
    other("ghost", "website builder", &[2368]),
    image("nextcloud", "30-apache", "files and calendars", &[80, 9000]).data("/var/www/html"),
    image("gitea/gitea", "1.22", "Git server", &[3000, 22]).data("/data"),
    other("jenkins/jenkins", "build server", &[8080, 50000]),
    other("sonarqube", "code inspection", &[9000]),
    image("registry", "2.8", "image registry", &[5000]).data("/var/lib/registry"),
    image("adminer", "4.8.1", "database browser", &[8080]),
    other("dpage/pgadmin4", "database browser", &[80, 443]),
    other("mongo-express", "database browser", &[8081]),
    other("phpmyadmin", "database browser", &[80]),
    other("phpmyadmin/phpmyadmin", "database browser", &[80]),
    image("prom/prometheus", "v2.54.1", "metrics", &[9090]).data("/prometheus"),
    image("grafana/grafana", "11.2.0", "dashboards", &[3000])
        .data("/var/lib/grafana")
        .environment(&["GF_SECURITY_ADMIN_PASSWORD"]),
    other("grafana/grafana-oss", "dashboards", &[3000]),
    image("grafana/loki", "3.2.0", "log store", &[3100, 7946, 9095]).data("/loki"),
    image("axllent/mailpit", "v1.20", "mail catcher", &[8025, 1025, 1110]).checked(),
    other("mailhog/mailhog", "mail catcher", &[8025, 1025]),
    image("hashicorp/vault", "1.18", "secret store", &[8200, 8201]),
    image("ollama/ollama", "0.3.14", "language models", &[11434]).data("/root/.ollama"),
    other("zookeeper", "coordination", &[2181, 2888, 3888, 8080]),
    other("bitnami/kafka", "event log", &[9092, 9093]),
    other("bitnami/mongodb", "document database", &[27017]),
    other("bitnami/mysql", "relational database", &[3306]),
    other("bitnami/postgresql", "relational database", &[5432]),
    other("bitnami/redis", "cache and queue", &[6379]),
    other("traefik/whoami", "answers with what it was asked", &[80]),
    image("alpine", "3.20", "small Linux", &[]),
    image("busybox", "1.36", "smallest Linux", &[]),
    image("debian", "12-slim", "Linux", &[]),
    image("ubuntu", "24.04", "Linux", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_known_however_it_is_written() {
        for reference in ["postgres", "postgres:16@sha256:0", "docker.io/library/postgres:17"] {
            assert_eq!(find(reference).and_then(Image::port), Some(5432), "{reference}");
        }
        assert!(find("me/postgres:1").is_none());
    }

    #[test]
    fn each_image_is_named_once() {
        for image in IMAGES {
            assert_eq!(IMAGES.iter().filter(|other| other.name == image.name).count(), 1, "{}", image.name);
        }
    }

    #[test]
    fn no_image_is_proposed_by_a_tag_that_moves() {
        assert!(proposed().all(|(_, image)| !matches!(image.tag, Some("" | "latest"))));
    }
}
