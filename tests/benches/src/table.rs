//! Tables in Markdown.

use std::fmt;

/// A table: titles, and rows of as many cells. The first column is text, the others are numbers.
#[derive(Debug)]
pub struct Table {
    titles: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new<const COLUMNS: usize>(titles: [&str; COLUMNS]) -> Self {
        Self { titles: titles.map(str::to_owned).to_vec(), rows: Vec::new() }
    }

    /// Adds a row; what is missing at its end stays empty.
    pub fn row(&mut self, mut cells: Vec<String>) {
        cells.resize(self.titles.len(), String::new());
        self.rows.push(cells);
    }

    fn widths(&self) -> Vec<usize> {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.chain([self.titles[column].chars().count(), 3]).max().unwrap_or(3)
        };
        (0..self.titles.len()).map(width).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        line(f, &self.titles, &widths)?;
        f.write_str("|")?;
        for (column, width) in widths.iter().enumerate() {
            let colon = if column == 0 { "-" } else { ":" };
            write!(f, " {}{colon} |", "-".repeat(width - 1))?;
        }
        writeln!(f)?;
        self.rows.iter().try_for_each(|row| line(f, row, &widths))
    }
}

fn line(f: &mut fmt::Formatter<'_>, cells: &[String], widths: &[usize]) -> fmt::Result {
    f.write_str("|")?;
    for (column, (cell, &width)) in cells.iter().zip(widths).enumerate() {
        match column {
            0 => write!(f, " {cell:<width$} |")?,
            _ => write!(f, " {cell:>width$} |")?,
        }
    }
    writeln!(f)
}

/// A count with commas between groups of three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(["client", "s"]);
        table.row(vec!["one".to_owned(), "12.50".to_owned()]);
        table.row(vec!["a longer one".to_owned()]);
        let expected = "\
| client       |     s |
| ------------ | ----: |
| one          | 12.50 |
| a longer one |       |
";
        assert_eq!(table.to_string(), expected);
    }

    #[test]
    fn digits_are_grouped_from_the_right() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
