//! A project, an intent, and what changed.

use composeyard_compose::{
    FileEdit, ProjectFiles, ServiceName,
    edit::{Intent, Plan, plan, plan_all},
};

pub(crate) const BLOCK: &str = r#"# Counter
services:
  # The front
  nginx: # published
    image: nginx:1.27-alpine  # pinned
    ports:
      - "80:80" # http
      - "443:443"
    depends_on:
      # the counter
      - app # first
      - cache
    environment:
      MODE: fast   # or slow
      WORKERS: 2

  app:
    build: ./app
    environment:
      - DEBUG=1
      - 'NAME=my app'
    depends_on:
      cache:
        condition: service_healthy # else 502
    networks:
      - back
    volumes:
      - data:/data
      - ./src:/src

  cache:
    image: "redis:7"
    networks:
      back:
    volumes:
      - type: volume
        source: data
        target: /data

networks:
  back:

volumes:
  # survives
  data:
"#;

pub(crate) const FLOW: &str = r#"services:
  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [a, b] }
  db: {image: postgres, environment: {A: "1", B: x}}
  mq: {}
networks: {a: , b: {driver: bridge}}
"#;

pub(crate) fn service(name: &str) -> ServiceName {
    ServiceName::new(name).unwrap()
}

pub(crate) fn text(text: &str) -> String {
    text.to_owned()
}

pub(crate) fn project(files: &[(&str, &str)]) -> (ProjectFiles, Vec<String>) {
    let order = files.iter().map(|(name, _)| text(name)).collect();
    (ProjectFiles(files.iter().map(|(name, body)| (text(name), text(body))).collect()), order)
}

pub(crate) fn apply(files: &ProjectFiles, edits: &[FileEdit]) -> ProjectFiles {
    let mut after = files.clone();
    for (name, body) in &mut after.0 {
        let edits: Vec<_> =
            edits.iter().filter(|edit| edit.file == *name).map(|edit| edit.edit.clone()).collect();
        *body = composeyard_yaml::edit::apply(body, &edits).unwrap();
    }
    after
}

/// The changed lines: `-` before, `+` after. Longest common subsequence.
pub(crate) fn changed(before: &str, after: &str) -> String {
    let lines = |text: &str| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (lines(before), lines(after));
    let mut common = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let best = common[i + 1][j].max(common[i][j + 1]);
            common[i][j] = if old[i] == new[j] { common[i + 1][j + 1] + 1 } else { best };
        }
    }
    let (mut i, mut j, mut shown) = (0, 0, String::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            shown += &format!("-{}\n", old[i].trim_end_matches('\n'));
            i += 1;
        } else {
            shown += &format!("+{}\n", new[j].trim_end_matches('\n'));
            j += 1;
        }
    }
    shown
}

/// What an intent changes in one file, or the refusal.
pub(crate) fn diff(source: &str, intent: &Intent) -> String {
    diffs(&[("compose.yaml", source)], intent)
}

pub(crate) fn diffs(list: &[(&str, &str)], intent: &Intent) -> String {
    let (files, order) = project(list);
    match plan(&files, &order, intent) {
        Ok(plan) => shown(&files, &plan),
        Err(refusal) => refusal.to_string(),
    }
}

/// The refusal of an intent, and what each of its choices does.
pub(crate) fn choices(list: &[(&str, &str)], intent: &Intent) -> String {
    let files = ProjectFiles(list.iter().map(|(name, body)| (text(name), text(body))).collect());
    let order = [text(list[0].0)];
    let refusal = plan(&files, &order, intent).unwrap_err();
    let mut all = format!("{refusal}\n");
    for choice in refusal.choices {
        let plan = plan_all(&files, &order, &choice.intents, choice.approach).unwrap();
        all += &format!("[{}]\n{}", choice.title, shown(&files, &plan));
    }
    all
}

fn shown(files: &ProjectFiles, plan: &Plan) -> String {
    let after = apply(files, &plan.edits);
    let of_file = |(name, body): (&String, &String)| {
        let lines = changed(&files.0[name], body);
        let head = if files.0.len() > 1 && !lines.is_empty() { format!("{name}\n") } else { String::new() };
        head + &lines
    };
    after.0.iter().map(of_file).collect()
}
