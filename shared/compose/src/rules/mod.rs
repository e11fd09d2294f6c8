//! Findings. One rule is one file with its tests beside it; what it says about itself becomes its entry in
//! docs/rules.md and in `composeyard rules`.
//!
//! | codes | who reports them |
//! |---|---|
//! | CY001 to CY199 | the loader: YAML, variables, includes, references between services |
//! | CY201 to CY299 | [`structure`]: one file against the table of keys |
//! | CY301 to CY399 | the rules of this folder: what loads but will not do what is meant |

mod changed_number;
mod context;
mod cut_number;
mod database_volume;
mod decimal_mode;
mod dockerfile;
mod engine_socket;
mod health_port;
mod health_tool;
mod health_without_check;
mod host_ports;
mod idle_override;
mod image_tag;
mod limits;
mod loader;
mod localhost_elsewhere;
mod no_common_network;
mod obsolete_version;
mod plain_secret;
mod privileged;
mod production;
mod published_port_inside;
mod reach;
mod repeated;
mod restart_policy;
mod rule;
mod scaled_name;
mod scaled_port;
mod set_twice;
mod shell_words;
mod similar;
mod start_interval;
pub mod structure;
mod suppress;
mod unheard_port;
mod unknown_host;
mod unquoted_no;
mod unreached_dependency;
mod unused;
mod wait_for_health;
mod yaml_time_port;

#[cfg(test)]
mod tests;

use context::Context;
pub(crate) use loader::advice;
use reach::mounted;
pub use rule::Rule;

use crate::{Diagnostic, FileSource, LoadRequest, Loaded, load::Sources, threads};

type Check = fn(&Context<'_>, &mut Vec<Diagnostic>);

/// The rules that look at the whole project.
static SEMANTIC: [(&Rule, Check); 31] = [
    (&host_ports::RULE, host_ports::check),
    (&wait_for_health::RULE, wait_for_health::check),
    (&scaled_name::RULE, scaled_name::check),
    (&scaled_port::RULE, scaled_port::check),
    (&obsolete_version::RULE, obsolete_version::check),
    (&image_tag::RULE, image_tag::check),
    (&database_volume::RULE, database_volume::check),
    (&yaml_time_port::RULE, yaml_time_port::check),
    (&changed_number::RULE, changed_number::check),
    (&unquoted_no::RULE, unquoted_no::check),
    (&health_without_check::RULE, health_without_check::check),
    (&plain_secret::RULE, plain_secret::check),
    (&engine_socket::RULE, engine_socket::check),
    (&privileged::RULE, privileged::check),
    (&unused::RULE, unused::check),
    (&shell_words::RULE, shell_words::check),
    (&start_interval::RULE, start_interval::check),
    (&unknown_host::RULE, unknown_host::check),
    (&no_common_network::RULE, no_common_network::check),
    (&published_port_inside::RULE, published_port_inside::check),
    (&unheard_port::RULE, unheard_port::check),
    (&localhost_elsewhere::RULE, localhost_elsewhere::check),
    (&unreached_dependency::RULE, unreached_dependency::check),
    (&health_tool::RULE, health_tool::check),
    (&health_port::RULE, health_port::check),
    (&restart_policy::RULE, restart_policy::check),
    (&limits::RULE, limits::check),
    (&decimal_mode::RULE, decimal_mode::check),
    (&cut_number::RULE, cut_number::check),
    (&set_twice::RULE, set_twice::check),
    (&idle_override::RULE, idle_override::check),
];

/// Every rule, by code.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let semantic = SEMANTIC.iter().map(|(rule, _)| *rule);
    let own = structure::RULES.iter().copied().chain(semantic).chain([&suppress::UNKNOWN, &suppress::UNUSED]);
    let mut rules: Vec<&'static Rule> = loader::all().chain(own).collect();
    rules.sort_by_key(|rule| rule.code);
    rules.into_iter()
}

/// Adds the findings of the rules to those of a load, leaves out what a comment silences, and sorts by file, place
/// and code.
pub(crate) fn apply(
    files: &dyn FileSource,
    request: &LoadRequest,
    mut loaded: Loaded,
    sources: Sources,
) -> Loaded {
    let mut findings = std::mem::take(&mut loaded.diagnostics);
    findings.extend(sources.advice);
    let mounted = loaded.project.as_ref().map(|project| mounted::of(files, project)).unwrap_or_default();
    let context = Context::new(files, request, &loaded, &mounted, sources.parsed);
    check_all(&context, &mut findings);
    suppress::apply(&mut findings, &context);
    loaded.diagnostics = repeated::without(findings);
    loaded
}

/// The findings of a load, sorted by file, place and code, without those that say the same twice or follow from
/// another mistake.
pub fn told_once(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    repeated::without(findings)
}

/// Applies the rules in their order; those of a long project at the same time, where that makes no difference.
fn check_all(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let is_long = context.project().is_some_and(|project| threads::are_worth_two(project.services.len()));
    if !(is_long && context.plans_nothing()) {
        return SEMANTIC.iter().for_each(|(_, check)| check(context, findings));
    }
    let found = threads::each(&SEMANTIC, |(_, check)| {
        let mut found = Vec::new();
        check(context, &mut found);
        found
    });
    findings.extend(found.into_iter().flatten());
}
