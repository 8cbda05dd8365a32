//! The help text.

/// What `cargo xtask help` prints; it fits a screen of 24 lines and 80 columns.
pub const TEXT: &str = "\
usage: cargo xtask COMMAND
tour                 compile the document, show the client against a fake server
codegen              write generated/ from spec/openapi.yaml
codegen --check      write nothing, show what is not up to date, exit code 1
codegen --emit ir    print the model of the document as JSON
codegen --spec FILE --out DIR --name CRATE
                     compile any OpenAPI 3.0 or 3.1 document into its own crate;
                     --config FILE: settings, as docs/configuration.md has them;
                     --include LIST, --exclude LIST: tag:A,path:/b/*,operation:C
                     --root DIR: other files; --check, --emit ir, --all-problems
corpus [--compile] [DIR...]
                     compile all documents below DIR and OPENAPI_CORPUS
dist [--spec FILE] [--workflows FILE] [--out DIR]
                     write all that is published of a document into dist/
ci [LAYER...]        run all that CI runs, or these layers of it; with
                     CI_REQUIRE=NAME,... a layer that is skipped fails
spec diff OLD NEW    say what changes between two documents and whom it breaks;
                     exit code 1 if the version does not follow
bench pacing|overhead|decode|pages [OPTIONS]
                     measure the client beside its peers: docs/benchmarks.md
bench codegen        measure the compiler on documents that grow: docs/speed.md
soak [OPTIONS]       the same for long; exit code 1 if a limit is not kept
exit codes: 0 done; 1 the document or a check failed; 2 wrong arguments
";

#[cfg(test)]
mod tests {
    #[test]
    fn the_text_fits_a_screen() {
        assert!(super::TEXT.lines().count() <= 24);
        for line in super::TEXT.lines() {
            assert!(line.len() <= 80, "{line}");
        }
    }
}
