//! The tags of a page.

/// What stands between `<` and `>`, but for the contents of style and script.
pub fn tags(page: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, end) = after.split_once('>').expect("a tag ends");
        rest = match tag {
            "style" | "script" => {
                let at = end.find(&format!("</{tag}>")).expect("it ends");
                &end[at..]
            }
            _ => end,
        };
        tags.push(tag.to_owned());
    }
    tags
}

/// The value of an attribute in double quotes.
pub fn attribute(tag: &str, key: &str) -> Option<String> {
    let (_, after) = tag.split_once(&format!(" {key}=\""))?;
    Some(unescaped(after.split_once('"')?.0))
}

/// Text of the page as a reader sees it.
pub fn unescaped(html: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(html.to_owned(), |text, (entity, c)| text.replace(entity, c))
}
