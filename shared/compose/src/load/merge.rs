//! Lays one model over another. Compose specification, 13-merge: mappings merge, lists append, the rest is replaced,
//! with special rules for some keys.

use super::{
    convert::{list_to_map, to_sequence},
    findings::Findings,
    path::Path,
    tree::{Data, Map, Place, Value},
};

/// Lays `over` over `base`.
pub(crate) fn merge(base: &mut Value, over: Value, findings: &mut Findings) {
    let mut merger = Merger { findings };
    merger.generic(base, over, &Path::Root, top);
}

/// Lays one service over another, as `extends` and `include` do.
pub(crate) fn merge_service(base: &mut Value, over: Value, path: &Path<'_>, findings: &mut Findings) {
    let mut merger = Merger { findings };
    merger.generic(base, over, path, service);
}

/// Lays one resource (`networks.x`, `volumes.x`, …) over another.
pub(crate) fn merge_resource(
    kind: &str,
    base: &mut Value,
    over: Value,
    path: &Path<'_>,
    findings: &mut Findings,
) {
    let rule = match kind {
        "services" => service,
        "networks" => network,
        "volumes" => labelled,
        _ => plain,
    };
    Merger { findings }.generic(base, over, path, rule);
}

/// How the children of a mapping merge.
type Rules = fn(&str) -> Rule;

/// How one key merges.
enum Rule {
    /// By kind; the children by these rules.
    Generic(Rules),
    /// Each value of the mapping by these rules.
    Each(Rules),
    /// Replaced as a whole.
    Replace,
    /// Each value replaced as a whole.
    ReplaceEach,
    /// Both sides become lists of `key=value`.
    Sequence,
    /// As `Sequence`, without items that are already there.
    Hosts,
    /// A text stands for `{context}`.
    Build,
    /// A list stands for a mapping of `{condition, required}`.
    DependsOn,
    /// A list stands for a mapping of nothing.
    Names,
    /// Merged when both use the same driver.
    Logging,
    /// Item by item on equal `subnet`.
    Pools,
}

fn top(key: &str) -> Rule {
    match key {
        "services" => Rule::Each(service),
        "networks" => Rule::Each(network),
        "volumes" => Rule::Each(labelled),
        _ => Rule::Generic(plain),
    }
}

fn plain(_: &str) -> Rule {
    Rule::Generic(plain)
}

fn labelled(key: &str) -> Rule {
    if key == "labels" { Rule::Sequence } else { Rule::Generic(plain) }
}

fn network(key: &str) -> Rule {
    match key {
        "labels" => Rule::Sequence,
        "ipam" => Rule::Generic(ipam),
        _ => Rule::Generic(plain),
    }
}

fn ipam(key: &str) -> Rule {
    if key == "config" { Rule::Pools } else { Rule::Generic(plain) }
}

fn service(key: &str) -> Rule {
    match key {
        "annotations" | "dns" | "dns_opt" | "dns_search" | "env_file" | "label_file" | "environment"
        | "labels" | "sysctls" | "tmpfs" => Rule::Sequence,
        "command" | "entrypoint" => Rule::Replace,
        "build" => Rule::Build,
        "depends_on" => Rule::DependsOn,
        "deploy" => Rule::Generic(labelled),
        "extra_hosts" => Rule::Hosts,
        "healthcheck" => Rule::Generic(healthcheck),
        "logging" => Rule::Logging,
        "models" | "networks" => Rule::Names,
        "ulimits" => Rule::ReplaceEach,
        _ => Rule::Generic(plain),
    }
}

fn healthcheck(key: &str) -> Rule {
    if key == "test" { Rule::Replace } else { Rule::Generic(plain) }
}

fn build(key: &str) -> Rule {
    match key {
        "args" | "additional_contexts" | "labels" => Rule::Sequence,
        "extra_hosts" => Rule::Hosts,
        _ => Rule::Generic(plain),
    }
}

struct Merger<'a> {
    findings: &'a mut Findings,
}

impl Merger<'_> {
    fn apply(&mut self, rule: &Rule, base: &mut Value, over: Value, path: &Path<'_>) {
        match rule {
            Rule::Generic(rules) => self.generic(base, over, path, *rules),
            Rule::Each(rules) => self.each(base, over, path, &Rule::Generic(*rules)),
            Rule::ReplaceEach => self.each(base, over, path, &Rule::Replace),
            Rule::Replace => *base = over,
            Rule::Sequence => append_items(base, over, false),
            Rule::Hosts => append_items(base, over, true),
            Rule::Build => self.build(base, over, path),
            Rule::DependsOn => self.named(base, over, path, Some(&depends_on_default())),
            Rule::Names => self.named(base, over, path, None),
            Rule::Logging => self.logging(base, over, path),
            Rule::Pools => self.pools(base, over, path),
        }
    }

    fn generic(&mut self, base: &mut Value, over: Value, path: &Path<'_>, rules: Rules) {
        match (&mut base.data, over.data) {
            (_, Data::Null) => {}
            (Data::Map(base), Data::Map(over)) => self.maps(base, over, path, &rules),
            (Data::List(base), Data::List(over)) => base.extend(over),
            (Data::Map(_) | Data::List(_), data) => {
                let over = Value { data, place: over.place, key: over.key };
                self.clash(base, &over, path);
            }
            (_, data) => *base = Value { data, place: over.place, key: over.key },
        }
    }

    fn maps(&mut self, base: &mut Map, over: Map, path: &Path<'_>, rules: &dyn Fn(&str) -> Rule) {
        for (key, value) in over {
            match base.get_mut(&key) {
                Some(existing) => {
                    let rule = rules(&key);
                    self.apply(&rule, existing, value, &path.key(&key));
                }
                None => {
                    base.insert(key, value);
                }
            }
        }
    }

    /// Merges two mappings of which every value follows the same rule.
    fn each(&mut self, base: &mut Value, over: Value, path: &Path<'_>, rule: &Rule) {
        if !matches!((&base.data, &over.data), (Data::Map(_), Data::Map(_))) {
            return self.generic(base, over, path, plain);
        }
        let (Data::Map(base), Data::Map(over)) = (&mut base.data, over.data) else { return };
        for (key, value) in over {
            match base.get_mut(&key) {
                Some(existing) => self.apply(rule, existing, value, &path.key(&key)),
                None => {
                    base.insert(key, value);
                }
            }
        }
    }

    fn clash(&mut self, base: &Value, over: &Value, path: &Path<'_>) {
        let related = self.findings.related(base.place, format!("{} here", base.kind()));
        let message =
            format!("cannot override {path}: it is {} here and {} before", over.kind(), base.kind());
        let finding = self.findings.error("CY031", over.place, path, message);
        finding.help = Some("Write it in the same form in both places, or tag it !override.".to_owned());
        finding.related.push(related);
    }

    /// True for a value of a kind that the reference drops here without a word.
    fn says_nothing(&mut self, over: &Value, path: &Path<'_>, fits: bool) -> bool {
        if !fits && !over.is_null() {
            let message = format!("{path} is {} here, which Compose ignores", over.kind());
            self.findings.warning("CY031", over.place, path, message).help =
                Some("Write a mapping or a list, or remove it.".to_owned());
        }
        !fits
    }

    fn build(&mut self, base: &mut Value, mut over: Value, path: &Path<'_>) {
        if self.says_nothing(&over, path, matches!(over.data, Data::Map(_) | Data::Text(_))) {
            return;
        }
        for side in [&mut *base, &mut over] {
            if let Data::Text(context) = &side.data {
                let context = Value::new(Data::Text(context.clone()), side.place);
                side.data = Data::Map(Map::from_iter([("context".to_owned(), context)]));
            }
        }
        self.generic(base, over, path, build);
    }

    fn named(&mut self, base: &mut Value, mut over: Value, path: &Path<'_>, default: Option<&Value>) {
        list_to_map(base, default);
        if self.says_nothing(&over, path, matches!(over.data, Data::Map(_) | Data::List(_))) {
            return;
        }
        list_to_map(&mut over, default);
        self.generic(base, over, path, plain);
    }

    fn logging(&mut self, base: &mut Value, over: Value, path: &Path<'_>) {
        // A driver that is there but empty is another one, too.
        match (base.get("driver"), over.get("driver")) {
            (Some(before), Some(after)) if before != after => *base = over,
            _ => self.generic(base, over, path, plain),
        }
    }

    /// The reference's loop over all pairs, kept as it is: pools of both sides with equal `subnet` become one.
    fn pools(&mut self, base: &mut Value, over: Value, path: &Path<'_>) {
        if !matches!((&base.data, &over.data), (Data::List(_), Data::List(_))) {
            return self.clash(base, &over, path);
        }
        let (Data::List(configs), Data::List(overrides)) = (&base.data, over.data) else { return };
        let subnet = |pool: &Value| pool.get("subnet").and_then(Value::text).map(str::to_owned);
        let mut pools: Vec<(bool, Value)> = Vec::new();
        for original in configs {
            let mut right = original.clone();
            pools.iter_mut().for_each(|(is_right, _)| *is_right = false);
            for left in &overrides {
                let is_new = !pools.iter().any(|(_, pool)| subnet(pool) == subnet(left));
                if subnet(left) != subnet(&right) && is_new {
                    pools.push((false, left.clone()));
                    continue;
                }
                self.generic(&mut right, left.clone(), path, plain);
                // To the reference the pool in hand and its copies in the list are one.
                for (_, copy) in pools.iter_mut().filter(|(is_right, _)| *is_right) {
                    copy.clone_from(&right);
                }
                match pools.iter_mut().find(|(_, pool)| subnet(pool) == subnet(&right)) {
                    Some(known) => *known = (true, right.clone()),
                    None => pools.push((true, right.clone())),
                }
            }
        }
        base.data = Data::List(pools.into_iter().map(|(_, pool)| pool).collect());
    }
}

fn append_items(base: &mut Value, over: Value, skip_known: bool) {
    let mut items = to_sequence(std::mem::replace(&mut base.data, Data::Null), base.place);
    let added = to_sequence(over.data, over.place);
    if skip_known {
        let fresh: Vec<Value> = added.into_iter().filter(|item| !items.contains(item)).collect();
        items.extend(fresh);
    } else {
        items.extend(added);
    }
    base.data = Data::List(items);
}

/// What a name in a `depends_on` list stands for.
pub(crate) fn depends_on_default() -> Value {
    let nowhere = |data| Value::new(data, Place::NOWHERE);
    nowhere(Data::Map(Map::from_iter([
        ("condition".to_owned(), nowhere(Data::Text("service_started".into()))),
        ("required".to_owned(), nowhere(Data::Bool(true))),
    ])))
}
