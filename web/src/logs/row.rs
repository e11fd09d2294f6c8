//! One row: time, source, text with colours and matches. Text reaches the page as text nodes only.

use composeyard_logs::{
    ansi::{self, Color, Style, Styled},
    ring::Kind,
};
use leptos::prelude::*;

use super::{list::List, text};

/// What a row needs, taken out of the store.
#[derive(Clone)]
struct RowData {
    kind: Kind,
    time: String,
    name: String,
    hue: String,
    text: Styled,
}

/// A row; nothing when it is gone already.
#[component]
pub fn LogRow(
    /// Its number.
    seq: u64,
    /// The list it stands in.
    list: List,
    /// Minutes that the user's zone is behind UTC.
    minutes_behind: i64,
) -> impl IntoView {
    let Some(row) = row_data(seq, list, minutes_behind) else { return ().into_any() };
    if row.kind == Kind::Mark {
        return view! { <div class="log-mark" data-testid="log-mark">{row.text.text}</div> }.into_any();
    }
    let stderr = matches!(row.kind, Kind::Line { stream: composeyard_logs::line::Stream::Stderr, .. });
    let cut = matches!(row.kind, Kind::Line { cut: true, .. });
    let current = move || list.current.get() == Some(seq);
    let styled = StoredValue::new(row.text);
    let searched = list.searched;
    let body = move || {
        searched.track();
        styled.with_value(|styled| pieces(styled, list))
    };
    view! {
        <div class="log-row" class:stderr=stderr class:current=current data-testid="log-row">
            <time>{row.time}</time>
            <b class=row.hue>{row.name}</b>
            <span class="log-text">{body}{cut.then(|| view! { <i class="log-cut" title="The line goes on below">"⏎"</i> })}</span>
        </div>
    }
    .into_any()
}

fn row_data(seq: u64, list: List, minutes_behind: i64) -> Option<RowData> {
    list.logs.with(|intake| {
        let row = intake.ring.get(seq)?;
        let source = intake.source_of(row.source)?;
        let place = intake.service_place(&source.service);
        Some(RowData {
            kind: row.kind,
            time: text::clock_time(row.time, minutes_behind),
            name: source.name.clone(),
            hue: text::color_class(place),
            text: ansi::parse(row.text),
        })
    })
}

/// The text cut where its colours or a match begin and end.
fn pieces(styled: &Styled, list: List) -> Vec<AnyView> {
    let hits = list.matches.with_value(|matches| {
        matches.as_ref().map(|matches| matches.needle().all(&styled.text)).unwrap_or_default()
    });
    let mut cuts: Vec<usize> = vec![0, styled.text.len()];
    cuts.extend(styled.spans.iter().flat_map(|(range, _)| [range.start, range.end]));
    cuts.extend(hits.iter().flat_map(|range| [range.start, range.end]));
    cuts.sort_unstable();
    cuts.dedup();
    let piece = |pair: &[usize]| {
        let (start, end) = (pair[0], pair[1]);
        let text = styled.text.get(start..end).unwrap_or_default().to_owned();
        let style = styled.spans.iter().find(|(range, _)| range.contains(&start)).map(|(_, style)| *style);
        let hit = hits.iter().any(|range| range.contains(&start));
        match (style, hit) {
            (None, false) => text.into_any(),
            (None, true) => view! { <mark>{text}</mark> }.into_any(),
            (Some(style), false) => colored(style, text),
            (Some(style), true) => view! { <mark>{colored(style, text)}</mark> }.into_any(),
        }
    };
    cuts.windows(2).map(piece).collect()
}

fn colored(style: Style, text: String) -> AnyView {
    let (front, back) =
        if style.inverse { (style.background, style.color) } else { (style.color, style.background) };
    let class = class(style, front, back);
    let (front, back) = (rgb(front), rgb(back));
    view! { <span class=class style:color=front style:background-color=back>{text}</span> }.into_any()
}

fn class(style: Style, front: Option<Color>, back: Option<Color>) -> String {
    let mut class = String::new();
    let flags = [
        (style.bold, "ansi-bold "),
        (style.dim, "ansi-dim "),
        (style.italic, "ansi-italic "),
        (style.underline, "ansi-underline "),
        (style.strike, "ansi-strike "),
        (style.inverse, "ansi-inverse "),
    ];
    flags.iter().filter(|(on, _)| *on).for_each(|(_, name)| class.push_str(name));
    if let Some(Color::Named(n)) = front {
        class.push_str(&format!("ansi-fg-{n} "));
    }
    if let Some(Color::Named(n)) = back {
        class.push_str(&format!("ansi-bg-{n} "));
    }
    class
}

fn rgb(color: Option<Color>) -> Option<String> {
    match color {
        Some(Color::Rgb(r, g, b)) => Some(format!("rgb({r} {g} {b})")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_colours_are_classes_and_others_values() {
        let style = Style { bold: true, color: Some(Color::Named(1)), ..Style::default() };
        assert_eq!(class(style, style.color, None), "ansi-bold ansi-fg-1 ");
        assert_eq!(rgb(Some(Color::Rgb(1, 2, 3))).as_deref(), Some("rgb(1 2 3)"));
    }
}
