//! The layer `lint` of CI: what linters of others say of the document, and of copies of it with a mistake each.
//!
//! Whatever they find is mended or stands, with its reason, in `spec/lint/exceptions.yaml`. An exception that fits
//! nothing, and a mistake that is not found, are failures like a finding.

mod exceptions;
mod finding;
mod linter;
mod list;
mod seeds;

use std::io::{self, Write};
use std::path::Path;

use exceptions::Exception;
use finding::Finding;
use seeds::Seed;

use crate::ci::Outcome;
use crate::tools::answers;

/// Where linters, exceptions and mistakes are listed.
const FOLDER: &str = "spec/lint";
const DOCUMENT: &str = "spec/openapi.yaml";
/// What the linters read, and what they are installed in, below `target/`.
const WORK: &str = "lint";

/// What the linters need and this machine lacks.
pub(crate) fn missing() -> Option<String> {
    let program = ["node", "npm", "python3"].into_iter().find(|program| !answers(program))?;
    Some(format!("there is no {program}"))
}

/// Runs the linters and prints what they found, and a table.
pub(crate) fn run(root: &Path, out: &mut dyn Write) -> io::Result<Outcome> {
    let folder = root.join(FOLDER);
    let lists = (exceptions::read(&folder), seeds::plant(&folder, root));
    let (exceptions, seeds) = match lists {
        (Ok(exceptions), Ok(seeds)) => (exceptions, seeds),
        (Err(problem), Ok(_)) | (Ok(_), Err(problem)) => return Ok(Outcome::Failed(problem)),
        (Err(one), Err(other)) => return Ok(Outcome::Failed(format!("{one}; {other}"))),
    };
    let linters = match linter::install(root) {
        Ok(linters) => linters,
        Err(reason) => return Ok(Outcome::Skipped(reason)),
    };
    let (mut rows, mut problems) = (Vec::new(), exceptions::strangers(&exceptions, &linters));
    problems.extend(seeds::strangers(&seeds, &linters));
    for linter in &linters {
        match linter.findings(root, &seeds) {
            Ok(findings) => {
                let said = judge(linter.name, &findings, &exceptions, &seeds, &mut problems);
                rows.push(format!("{:<24} {:<8} {said}", linter.name, linter.version));
            }
            Err(problem) => problems.push(format!("{} {problem}", linter.name)),
        }
    }
    problems.iter().try_for_each(|problem| writeln!(out, "{problem}"))?;
    rows.iter().try_for_each(|row| writeln!(out, "{row}"))?;
    Ok(match problems.len() {
        0 => Outcome::Passed,
        1 => Outcome::Failed("one problem, above".to_owned()),
        number => Outcome::Failed(format!("{number} problems, above")),
    })
}

/// What the table says of a tool; what is wrong goes to `problems`.
fn judge(
    tool: &str,
    findings: &[Finding],
    exceptions: &[Exception],
    seeds: &[Seed],
    problems: &mut Vec<String>,
) -> String {
    let own: Vec<&Finding> = findings.iter().filter(|finding| finding.is_of(DOCUMENT)).collect();
    let listed: Vec<_> = exceptions.iter().filter(|exception| exception.tool == tool).collect();
    let (excused, open): (Vec<&Finding>, Vec<_>) =
        own.iter().partition(|finding| listed.iter().any(|exception| exception.fits(finding)));
    problems.extend(open.iter().map(|finding| format!("{tool}: {finding}")));
    let unused = listed.iter().filter(|exception| !own.iter().any(|own| exception.fits(own)));
    problems.extend(unused.map(|exception| format!("{exception} fits no finding: remove it")));
    let wanted = seeds.iter().filter(|seed| seed.rule(tool).is_some()).count();
    let missed: Vec<_> = seeds.iter().filter_map(|seed| seed.missed(tool, findings)).collect();
    let caught = wanted - missed.len();
    problems.extend(missed);
    format!(
        "{} findings, {} excused by {} exceptions; {caught} of {wanted} mistakes found",
        open.len(),
        excused.len(),
        listed.len(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(file: &str, at: &str) -> Finding {
        let [file, rule, at, message] = [file, "rule", at, "is wrong"].map(str::to_owned);
        Finding { file, rule, at, message }
    }

    fn judged(findings: &[Finding], exceptions: &[Exception]) -> (String, Vec<String>) {
        let seeds = [Seed::of("typo", "/root-of/typo.yaml", "tool", "rule")];
        let mut problems = Vec::new();
        let said = judge("tool", findings, exceptions, &seeds, &mut problems);
        (said, problems)
    }

    #[test]
    fn what_is_excused_and_used_and_found_is_no_problem() {
        let findings = [
            finding("/root-of/spec/openapi.yaml", "/info"),
            finding("/root-of/typo.yaml", "/info"),
            finding("/root-of/typo.yaml", "/paths"),
        ];
        let (said, problems) = judged(&findings, &[Exception::of("tool", "rule", "/info")]);
        assert_eq!(said, "0 findings, 1 excused by 1 exceptions; 1 of 1 mistakes found");
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn findings_and_idle_exceptions_and_missed_mistakes_are_problems() {
        let findings = [
            finding("/root-of/spec/openapi.yaml", "/info"),
            finding("/root-of/typo.yaml", "/info"),
        ];
        let (said, problems) = judged(&findings, &[Exception::of("tool", "rule", "/paths/*")]);
        assert_eq!(said, "1 findings, 0 excused by 1 exceptions; 0 of 1 mistakes found");
        assert_eq!(
            problems,
            [
                "tool: [rule] /info: is wrong",
                "exceptions.yaml: tool [rule] /paths/* fits no finding: remove it",
                "mistakes.yaml: tool does not find `typo` by its rule rule",
            ]
        );
    }
}
