//! Text that tries to be markup or code, in every place where a document has text.

use std::process::Command;

use super::scan::Scan;
use super::{page_of, page_with, sample};
use crate::reference::Note;

/// Texts that would break out of something.
const TEXTS: &[&str] = &[
    "plain",
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "<!-- a",
    "]]> &lt;b&gt; &amp; &#60;",
    "'; touch broken; '",
    "$(touch broken)`touch broken`$HOME",
    "\\'; touch broken #",
    "${process.exit(3)}`",
    "\"); process.exit(3); (\"",
    "\", timeout=exit(3)) #",
    "{os._exit(3)}",
    "a\nb\r\nc\u{2028}d\0e",
    "\\\n\\\\\"",
    "\u{202e}txt.exe\u{2066}",
    "@/etc/passwd",
    "-o broken",
    "=@file;type=x",
    "|pipe|`code`|",
    "[a](javascript:alert(1)) ![b](https://evil.example/x.png) <javascript:alert(1)>",
    "[a](data:text/html,x) [b](//evil.example) [c](java\tscript:alert(1)) [d](JaVaScRiPt:x)",
    "[x]: javascript:alert(1)\n[x] <https://fine.example>",
    "<a href=\"javascript:alert(1)\">x</a><iframe src=//evil.example></iframe>",
    "<details open ontoggle=alert(1)>",
    "`</code></pre><script>`",
    "```html onload=\"x\"\n</code></pre><script>alert(1)</script>\n```",
    "# <h1 onclick=x>\n\n> <b\n> onclick=x>\n\n|a|\n|:-:|\n|<td style=x>|",
];

/// A document with `text` wherever text may stand.
fn document(text: &str) -> String {
    let q = serde_json::Value::from(text).to_string();
    format!(
        r##"{{"openapi": "3.0.3", "info": {{"title": {q}, "version": {q}, "description": {q}, "license": {{"name": {q}}}, "contact": {{"name": {q}, "url": {q}}}}},
"externalDocs": {{"description": {q}, "url": {q}}},
"servers": [{{"url": "https://a.example/'\\\"$(touch)`touch`</script>", "x-name": {q}, "description": {q}}}, {{"url": "https://b.example"}}],
"security": [{{"key": []}}], "tags": [{{"name": {q}, "description": {q}, "x-displayName": {q}}}],
"paths": {{"/x/{{id}}": {{"put": {{"tags": [{q}], "summary": {q}, "description": {q},
  "parameters": [
    {{"name": "id", "in": "path", "required": true, "schema": {{"type": "string"}}, "example": {q}, "description": {q}}},
    {{"name": {q}, "in": "query", "schema": {{"type": "string", "pattern": {q}, "default": {q}, "enum": [{q}, "b"]}}, "example": {q}}},
    {{"name": "H", "in": "header", "required": true, "schema": {{"type": "string"}}, "example": {q}}},
    {{"name": {q}, "in": "cookie", "required": true, "schema": {{"type": "string"}}, "example": {q}}}],
  "requestBody": {{"description": {q}, "required": true, "content": {{"application/json": {{"schema": {{"$ref": "#/components/schemas/S"}}, "example": {{{q}: [{q}, null, true, 1.5]}}}}}}}},
  "responses": {{"200": {{"description": {q}, "headers": {{"X": {{"schema": {{"type": "string"}}, "description": {q}}}}}, "content": {{"text/plain": {{"schema": {{"type": "string"}}, "example": {q}}}}}}}, "400": {{"description": {q}}}}}}}}},
 "/form": {{"post": {{"operationId": "form", "requestBody": {{"content": {{"application/x-www-form-urlencoded": {{"schema": {{"type": "object"}}, "example": {{{q}: {q}}}}}}}}}, "responses": {{"200": {{"description": "d"}}}}}}}},
 "/parts": {{"post": {{"operationId": "parts", "requestBody": {{"content": {{"multipart/form-data": {{"schema": {{"type": "object", "properties": {{{q}: {{"type": "string", "format": "binary"}}, "t": {{"type": "string"}}}}}}, "example": {{{q}: {q}, "t": {q}}}}}}}}}, "responses": {{"200": {{"description": "d"}}}}}}}}}},
"components": {{"securitySchemes": {{"key": {{"type": "http", "scheme": "bearer", "description": {q}}}}},
 "schemas": {{"S": {{"type": "object", "description": {q}, "properties": {{{q}: {{"type": "string", "format": {q}, "description": {q}, "example": {q}}}, "t": {{"type": "string", "x-extensible-enum": [{q}]}}}}}}}}}}}}"##
    )
}

fn pages() -> Vec<String> {
    let page = |text: &&str| page_with(&document(text), &[Note::new(*text, *text)]);
    TEXTS.iter().map(page).collect()
}

#[test]
fn no_text_becomes_markup() {
    let plain = Scan::of(&page_with(&document("plain"), &[Note::new("plain", "plain")]));
    assert_eq!(plain.problems(), Vec::<String>::new());
    for (text, page) in TEXTS.iter().zip(pages()) {
        assert_eq!(Scan::of(&page).problems(), Vec::<String>::new(), "{text}");
        let direction = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!page.contains(direction) && !page.contains('\0'), "{text}");
    }
}

#[test]
fn links_lead_only_where_links_may_lead() {
    let hrefs = |text: &str| {
        let page = page_of(&format!("info: {{title: t, version: '1', description: {text:?}}}\n"));
        let scan = Scan::of(&page);
        let hrefs: Vec<String> = scan.values("href").into_iter().map(str::to_owned).collect();
        hrefs
            .into_iter()
            .filter(|href| !href.starts_with('#') && href != "data:,")
            .collect::<Vec<_>>()
    };
    assert_eq!(
        hrefs("[a](https://a.example/?b=c&d) ![i](http://b.example/i.png)"),
        ["https://a.example/?b=c&d", "http://b.example/i.png"]
    );
    for text in [
        "[a](javascript:alert(1))",
        "[a](vbscript:x)",
        "[a](data:text/html,x)",
        "[a](//evil.example)",
        "[a](file:///etc/passwd)",
        "[a](relative.html)",
        "<a href='https://evil.example'>a</a>",
        "[a](#nowhere) [b](#auth-nowhere) [c](#tag/nowhere)",
    ] {
        assert_eq!(hrefs(text), Vec::<String>::new(), "{text}");
    }
}

/// Runs a program on a text; says so and gives nothing where there is none.
fn output(program: &str, words: &[&str], text: &str) -> Option<(bool, String)> {
    if Command::new(program).arg("--version").output().is_err() {
        println!("skipped: {program} (there is none)");
        return None;
    }
    let name = format!("codegen-samples-{}-{program}", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, text).expect("the temporary folder can be written");
    let output =
        Command::new(program).args(words).arg(&path).output().expect("it has just answered");
    std::fs::remove_file(&path).ok();
    let texts = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&texts).into_owned()))
}

/// All samples of the hostile pages in a language.
fn samples(language: &str) -> Vec<String> {
    let mut samples = Vec::new();
    for page in pages() {
        let mut rest = page.as_str();
        let start = format!("data-lang=\"{language}\"><p class=\"title\">");
        while let Some(at) = rest.find(&start) {
            samples.push(sample(&rest[at..], language));
            rest = &rest[at + start.len()..];
        }
    }
    assert_eq!(samples.len(), 3 * TEXTS.len());
    samples
}

#[test]
fn in_a_shell_every_value_stays_one_word() {
    // `curl` becomes a function that counts its words; whatever else is run prints something else.
    let mut script = "curl() { echo \"curl $#\"; }\ntouch() { echo BROKEN; }\n".to_owned();
    let samples = samples("curl");
    script.push_str(&samples.join("\n"));
    let Some((good, text)) = output("sh", &[], &script).or_else(|| output("bash", &[], &script))
    else {
        return;
    };
    assert!(good, "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), samples.len(), "{text}");
    assert!(lines.iter().all(|line| line.starts_with("curl ")), "{text}");
    // The same calls with harmless text have as many words.
    for of_one in lines.chunks(3) {
        assert_eq!(of_one, &lines[..3], "{text}");
    }
}

#[test]
fn in_python_every_value_stays_a_literal() {
    let samples = samples("python");
    let mut script = "import ast\n".to_owned();
    for text in &samples {
        // Names are what calls, so a value that became code shows as a name.
        let text = serde_json::Value::from(text.as_str());
        script.push_str(&format!(
            "print(sorted({{n.id for n in ast.walk(ast.parse({text})) if isinstance(n, ast.Name)}}))\n"
        ));
    }
    let Some((good, text)) = output("python3", &[], &script) else { return };
    assert!(good, "{text}");
    assert_eq!(text.lines().count(), samples.len(), "{text}");
    for line in text.lines() {
        let known = [
            "['os', 'print', 'requests', 'response']",
            "['open', 'os', 'print', 'requests', 'response']",
            "['open', 'os', 'requests', 'response']",
            "['os', 'requests', 'response']",
        ];
        assert!(known.contains(&line), "{line}");
    }
}

#[test]
fn in_typescript_every_value_stays_a_literal() {
    let samples = samples("typescript");
    let mut script = String::from(
        "globalThis.process = { env: {}, exit() { console.log('BROKEN'); } };\nconst asked = [];\n\
         const answer = { ok: true, json: () => 1, text: () => 1 };\n\
         const console_ = console;\n(async () => {\n",
    );
    for text in &samples {
        let text = text.replace(
            "import { openAsBlob } from \"node:fs\";",
            "const openAsBlob = async () => new Blob([]);",
        );
        script.push_str(&format!(
            "{{ const console = {{ log() {{}} }}; const fetch = async (url, options) => {{ asked.push(url); new Headers(); JSON.stringify(options); return answer; }};\n{text}\n}}\n"
        ));
    }
    script.push_str("console_.log(asked.length, asked.every((url) => /^https:\\/\\/a[.]example\\/[a-z0-9%?=&._~-]*/i.test(url)));\n})();\n");
    let Some((good, text)) = output("node", &[], &script) else { return };
    assert!(good, "{text}");
    assert_eq!(text.trim(), format!("{} true", samples.len()));
}
