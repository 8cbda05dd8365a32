//! Prose of the document as HTML that is ours: CommonMark and tables, but no markup of the document's
//! own, nothing that loads, and links only to where a link may lead.

use pulldown_cmark::{Alignment, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::anchors::{Anchors, Targets};
use super::html::escape;

/// Elements whose tags say nothing without their markup; any other word in angle brackets is text.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "nobr",
    "ol",
    "p",
    "pre",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

/// Elements that start or end a line.
const BREAKS: &[&str] = &["br", "dd", "dt", "hr", "li", "p", "tr"];

/// A heading of a chapter: its level, anchor and text.
#[derive(Debug)]
pub(super) struct Heading {
    pub level: usize,
    pub anchor: String,
    pub text: String,
}

/// What a text may link to.
#[derive(Clone, Copy)]
pub(super) struct Prose<'a> {
    pub targets: &'a Targets,
    /// Whether code that names an operation or a schema leads there.
    pub link_code: bool,
    /// The level of the highest heading.
    pub level: usize,
}

/// Text inside a section, whose headings are no places of their own.
pub(super) fn block(text: &str, prose: Prose<'_>) -> String {
    print(filtered(text, prose, &mut |_, _| None))
}

/// A short text of ours with code and links, without a paragraph around it.
pub(super) fn line(text: &str, targets: &Targets) -> String {
    let prose = Prose { targets, link_code: false, level: 6 };
    let events = filtered(text, prose, &mut |_, _| None).into_iter();
    let inside = |event: &Event<'_>| {
        !matches!(event, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph))
    };
    print(events.filter(inside).collect()).trim().to_owned()
}

/// A chapter, with its headings for the table of contents.
pub(super) fn chapter(
    text: &str,
    prefix: &str,
    anchors: &mut Anchors,
    prose: Prose<'_>,
) -> (String, Vec<Heading>) {
    let mut headings = Vec::new();
    let events = filtered(text, prose, &mut |level, text| {
        let anchor = anchors.take(prefix, &text.to_lowercase());
        headings.push(Heading { level, anchor: anchor.clone(), text: text.to_owned() });
        Some(anchor)
    });
    (print(events), headings)
}

fn print(events: Vec<Event<'_>>) -> String {
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    out
}

/// The events of `text` without what is dangerous; `anchor` names headings.
fn filtered(
    text: &str,
    prose: Prose<'_>,
    anchor: &mut dyn FnMut(usize, &str) -> Option<String>,
) -> Vec<Event<'static>> {
    let text = escape::cleaned(text);
    let events: Vec<Event<'_>> =
        Parser::new_ext(&text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).collect();
    let shift = top_heading(&events).map_or(0, |top| prose.level as i64 - top as i64);
    let mut filter = Filter { prose, shift, links: Vec::new(), html: None, out: Vec::new() };
    for (at, event) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let level = filter.level(*level);
                let id = anchor(level as usize, &heading_text(&events[at..])).map(CowStr::from);
                let (classes, attrs) = (Vec::new(), Vec::new());
                filter.out.push(Event::Start(Tag::Heading { level, id, classes, attrs }));
            }
            event => filter.event(event.clone().into_static()),
        }
    }
    filter.out
}

fn top_heading(events: &[Event<'_>]) -> Option<usize> {
    let levels = events.iter().filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(*level as usize),
        _ => None,
    });
    levels.min()
}

/// The text of the heading that `events` start with.
fn heading_text(events: &[Event<'_>]) -> String {
    let inside = events.iter().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let texts = inside.filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
        _ => None,
    });
    texts.collect()
}

struct Filter<'a> {
    prose: Prose<'a>,
    /// What is added to the level of headings.
    shift: i64,
    /// For each open link, whether it was let through.
    links: Vec<bool>,
    /// Markup of the document's own, while it is collected.
    html: Option<String>,
    out: Vec<Event<'static>>,
}

impl Filter<'_> {
    fn level(&self, level: HeadingLevel) -> HeadingLevel {
        let shifted = (level as i64 + self.shift).clamp(1, 6);
        usize::try_from(shifted)
            .ok()
            .and_then(|level| level.try_into().ok())
            .unwrap_or(HeadingLevel::H6)
    }

    fn event(&mut self, event: Event<'static>) {
        match event {
            Event::Start(Tag::HtmlBlock) => self.html = Some(String::new()),
            Event::End(TagEnd::HtmlBlock) => {
                let html = self.html.take().unwrap_or_default();
                self.out.push(Event::Start(Tag::Paragraph));
                self.markup(&html);
                self.out.push(Event::End(TagEnd::Paragraph));
            }
            Event::Html(html) | Event::InlineHtml(html) => match &mut self.html {
                Some(collected) => collected.push_str(&html),
                None => self.markup(&html),
            },
            // An image would be loaded from somewhere: a link to it is enough.
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                self.open_link(&dest_url);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.close_link(),
            Event::End(TagEnd::Heading(level)) => {
                self.out.push(Event::End(TagEnd::Heading(self.level(level))));
            }
            Event::Start(Tag::Table(columns)) => {
                self.raw("<div class=\"wide\" tabindex=\"0\">");
                // An alignment would be a `style`, which the page forbids.
                let columns = columns.iter().map(|_| Alignment::None).collect();
                self.out.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                self.out.push(Event::End(TagEnd::Table));
                self.raw("</div>");
            }
            // What scrolls must be reachable by keys.
            Event::Start(Tag::CodeBlock(_)) => self.raw("<pre tabindex=\"0\"><code>"),
            Event::End(TagEnd::CodeBlock) => self.raw("</code></pre>\n"),
            Event::Code(code) => self.code(code),
            event => self.out.push(event),
        }
    }

    fn raw(&mut self, html: &str) {
        self.out.push(Event::Html(CowStr::from(html.to_owned())));
    }

    fn code(&mut self, code: CowStr<'static>) {
        let inside = self.links.iter().any(|open| *open);
        let target = self.prose.targets.named(&code).filter(|_| self.prose.link_code && !inside);
        match target.map(|anchor| format!("<a href=\"#{}\">", escape::attribute(anchor))) {
            Some(start) => {
                self.raw(&start);
                self.out.push(Event::Code(code));
                self.raw("</a>");
            }
            None => self.out.push(Event::Code(code)),
        }
    }

    fn open_link(&mut self, url: &str) {
        let inside = self.links.iter().any(|open| *open);
        let href = if inside { None } else { self.href(url) };
        self.links.push(href.is_some());
        if let Some(href) = href {
            self.raw(&href);
        }
    }

    /// The tag of a link to `url`, if one may lead there.
    fn href(&self, url: &str) -> Option<String> {
        match url.strip_prefix('#') {
            Some(fragment) => {
                let anchor = self.prose.targets.fragment(fragment)?;
                Some(format!("<a href=\"#{}\">", escape::attribute(anchor)))
            }
            None => is_harmless(url)
                .then(|| format!("<a href=\"{}\" rel=\"noreferrer\">", escape::attribute(url))),
        }
    }

    fn close_link(&mut self) {
        if self.links.pop() == Some(true) {
            self.raw("</a>");
        }
    }

    /// Markup without its known tags; what else stands in angle brackets is text.
    fn markup(&mut self, html: &str) {
        let mut rest = html;
        while let Some((before, after)) = rest.split_once('<') {
            self.text(before);
            let Some((tag, end)) = tag(after) else {
                self.text("<");
                rest = after;
                continue;
            };
            match tag {
                tag if BREAKS.contains(&tag.as_str()) => self.out.push(Event::HardBreak),
                tag if ELEMENTS.contains(&tag.as_str()) || tag.starts_with('!') => {}
                _ => self.text(&rest[before.len()..rest.len() - end.len()]),
            }
            rest = end;
        }
        self.text(rest);
    }

    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.out.push(Event::Text(CowStr::from(text.to_owned())));
        }
    }
}

/// Whether a link leads out of the page and does nothing else.
pub(super) fn is_harmless(url: &str) -> bool {
    let start = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    ["https://", "http://", "mailto:"].iter().any(|scheme| start.starts_with(scheme))
}

/// The name of the tag that starts after `<`, and what follows the tag; a comment is `!`.
fn tag(after: &str) -> Option<(String, &str)> {
    if let Some(comment) = after.strip_prefix("!--") {
        return comment.split_once("-->").map(|(_, end)| ("!".to_owned(), end));
    }
    let (inside, end) = after.split_once('>')?;
    let name = inside.trim_start_matches('/');
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let rest = &name[length..];
    let ends = rest.is_empty() || rest.starts_with([' ', '\n', '/']);
    (length > 0 && ends).then(|| (name[..length].to_ascii_lowercase(), end))
}
