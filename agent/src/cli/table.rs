//! Columns of text.

/// Rows with their cells under each other: each column as wide as its widest cell and `gap` spaces, and `least` at the
/// least. No spaces at the ends of lines.
pub(super) fn table(rows: &[Vec<String>], least: usize, gap: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count() + gap).max().unwrap_or(0).max(least)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("{}\n", cells.collect::<String>().trim_end())
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn cells_stand_under_each_other() {
        let rows =
            [["NAME", "NUMBER"], ["a-long-one", "1"], ["é", ""]].map(|row| row.map(String::from).into());
        let table = super::table(&rows, 6, 2);
        assert_eq!(table, "NAME        NUMBER\na-long-one  1\né\n");
        let wide = super::table(&[vec!["a".into(), "b".into()]], 6, 2);
        assert_eq!(wide, "a     b\n");
    }
}
