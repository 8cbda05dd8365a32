//! The files of a document: each is read once, whoever refers to it.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::rc::Rc;

use super::{Here, Target};
use crate::check::nearest;
use crate::load::files::{self, Disk, MAX_FILES, Refusal};
use crate::load::{MAX_BYTES, Problem, parse};
use crate::piece::{Data, Piece};
use crate::source::{SourceMap, Span, join, push};

/// Members that hold data, in which nothing is a keyword.
const DATA: &[&str] = &["example", "examples", "default", "enum", "const", "value"];

/// Members whose keys are names.
const NAMES: &[&str] = &["properties", "patternProperties", "$defs", "definitions", "schemas"];

/// All files, the document first.
pub struct Library {
    pub source: SourceMap,
    disk: Option<Disk>,
    held: Vec<Held>,
    by_path: HashMap<PathBuf, usize>,
    /// Files by the file that names them and the name.
    by_name: HashMap<(usize, String), usize>,
    /// Schemas by their `$id`.
    ids: HashMap<String, Target>,
    bytes: u64,
}

/// One file as it was written.
struct Held {
    path: PathBuf,
    /// None where the text could not be read.
    piece: Option<Rc<Piece>>,
    /// Pointers by `$anchor`.
    anchors: HashMap<String, String>,
    /// Pointers of the schemas that have an `$id`.
    resources: HashSet<String>,
}

/// What came of opening a file.
pub enum Opened {
    /// It is there, under this number.
    File(usize),
    /// Its text is wrong, which has been reported.
    Wrong,
    /// Files cannot be reached.
    NoDisk,
}

impl Library {
    pub fn new(root: Piece, source: SourceMap, disk: Option<Disk>) -> Self {
        let path = disk.as_ref().map(|disk| disk.document.clone()).unwrap_or_default();
        let bytes = source.text().len() as u64;
        let by_path = HashMap::from([(path.clone(), 0)]);
        let mut library = Self {
            source,
            disk,
            held: Vec::new(),
            by_path,
            by_name: HashMap::new(),
            ids: HashMap::new(),
            bytes,
        };
        library.hold(path, Some(root));
        library
    }

    fn hold(&mut self, path: PathBuf, piece: Option<Piece>) -> usize {
        let file = self.held.len();
        let mut held =
            Held { path, piece: None, anchors: HashMap::new(), resources: HashSet::new() };
        if let Some(piece) = &piece {
            self.index(piece, (file, false), &mut String::new(), &mut held);
        }
        held.piece = piece.map(Rc::new);
        self.held.push(held);
        file
    }

    /// Notes the names that schemas have beside their places. `named`: keys are names and no
    /// keywords.
    fn index(
        &mut self,
        piece: &Piece,
        (file, named): (usize, bool),
        pointer: &mut String,
        held: &mut Held,
    ) {
        let length = pointer.len();
        match &piece.data {
            Data::Scalar(_) => {}
            Data::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    push(pointer, &index.to_string());
                    self.index(item, (file, false), pointer, held);
                    pointer.truncate(length);
                }
            }
            Data::Map(members) => {
                let id = piece.text_of("$id").filter(|id| !named && !id.starts_with('#'));
                if let Some(id) = id {
                    let target = Target { file, pointer: pointer.clone() };
                    let id = id.trim_end_matches('#').to_owned();
                    self.ids.entry(id).or_insert(target);
                    held.resources.insert(pointer.clone());
                }
                for key in ["$anchor", "$dynamicAnchor"] {
                    if let Some(anchor) = piece.text_of(key) {
                        held.anchors.entry(anchor.to_owned()).or_insert_with(|| pointer.clone());
                    }
                }
                for (key, member) in members {
                    if !named && DATA.contains(&key.as_str()) {
                        continue;
                    }
                    push(pointer, key);
                    let named = !named && NAMES.contains(&key.as_str());
                    self.index(member, (file, named), pointer, held);
                    pointer.truncate(length);
                }
            }
        }
    }

    /// Opens the file that `reference` names in the file `from`.
    pub fn open(
        &mut self,
        from: usize,
        reference: &str,
        problems: &mut Vec<Problem>,
    ) -> Result<Opened, Refusal> {
        let key = (from, reference.to_owned());
        let file = match self.by_name.get(&key) {
            Some(file) => *file,
            None => {
                let Some(file) = self.find(from, reference, problems)? else {
                    return Ok(Opened::NoDisk);
                };
                self.by_name.insert(key, file);
                file
            }
        };
        Ok(if self.held[file].piece.is_some() { Opened::File(file) } else { Opened::Wrong })
    }

    fn find(
        &mut self,
        from: usize,
        reference: &str,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<usize>, Refusal> {
        let Some(disk) = &self.disk else { return Ok(None) };
        let path = disk.find(&self.held[from].path, reference)?;
        if let Some(file) = self.by_path.get(&path) {
            return Ok(Some(*file));
        }
        let name = disk.name(&path);
        self.read(path, &name, problems).map(Some)
    }

    fn read(
        &mut self,
        path: PathBuf,
        name: &str,
        problems: &mut Vec<Problem>,
    ) -> Result<usize, Refusal> {
        if self.held.len() >= MAX_FILES {
            let message = format!("the document has more than {MAX_FILES} files");
            return Err((message, "join some of them".to_owned()));
        }
        let named =
            |(message, help): Refusal| (format!("`{name}` cannot be read: {message}"), help);
        let bytes = files::read(&path, MAX_BYTES.saturating_sub(self.bytes)).map_err(named)?;
        self.bytes += bytes.len() as u64;
        let text = files::decode(bytes).map_err(named)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let base = self.source.add(name, text);
        let moved = |mut problem: Problem| {
            problem.span =
                Span::new((problem.span.start + base) as usize, (problem.span.end + base) as usize);
            problem
        };
        let piece = match parse(&SourceMap::new(name, text)) {
            Ok((value, node, slips)) => {
                problems.extend(slips.into_iter().map(moved));
                Some(Piece::join(value, node, base))
            }
            Err(problem) => {
                problems.push(moved(problem));
                None
            }
        };
        let file = self.hold(path.clone(), piece);
        self.by_path.insert(path, file);
        Ok(file)
    }

    /// What stands at a target.
    pub fn at(&self, target: &Target) -> Option<&Piece> {
        self.held.get(target.file)?.piece.as_ref()?.at(&target.pointer)
    }

    /// The name of a file for messages.
    pub fn name(&self, file: usize) -> String {
        let path = &self.held[file].path;
        self.disk.as_ref().map_or_else(|| self.source.name().to_owned(), |disk| disk.name(path))
    }

    /// The name of a file without folder and ending.
    pub fn stem(&self, file: usize) -> String {
        self.held[file].path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The schema of an `$id`: as it is written, or as it counts from the `$id` around it.
    pub fn by_id(&self, text: &str, here: &Here) -> Option<Target> {
        if self.ids.is_empty() {
            return None;
        }
        let around = self.at(&Target { file: here.file, pointer: here.resource.to_string() });
        let base = around.and_then(|piece| piece.text_of("$id"));
        let beside = base.and_then(|base| base.rsplit_once('/'));
        let full = beside.map(|(folder, _)| format!("{folder}/{text}"));
        let found = full.and_then(|full| self.ids.get(&full));
        found.or_else(|| self.ids.get(text)).cloned()
    }

    /// The place of an `$anchor`.
    pub fn anchor(&self, file: usize, name: &str) -> Option<String> {
        self.held.get(file)?.anchors.get(name).cloned()
    }

    /// The innermost schema with an `$id` at or around a target.
    pub fn resource(&self, target: &Target) -> Rc<str> {
        let Some(held) = self.held.get(target.file) else { return "".into() };
        let mut pointer = target.pointer.as_str();
        while !held.resources.contains(pointer) {
            let Some((around, _)) = pointer.rsplit_once('/') else { return "".into() };
            pointer = around;
        }
        pointer.into()
    }

    /// The pointer of a schema with this `$id` in a file.
    pub fn place_of_id(&self, id: &str, file: usize) -> Option<&str> {
        let target = self.ids.get(id.trim_end_matches('#'))?;
        (target.file == file).then_some(target.pointer.as_str())
    }

    /// Whether the document has a component of this name.
    pub fn has_component(&self, name: &str) -> bool {
        let components = Target { file: 0, pointer: "/components".to_owned() };
        let parts = self.at(&components).and_then(Piece::members);
        parts.into_iter().flatten().any(|(_, part)| part.get(name).is_some())
    }

    /// What was probably meant by a pointer that leads nowhere.
    pub fn similar(&self, target: &Target) -> Option<String> {
        let (parent, last) = target.pointer.rsplit_once('/')?;
        let around = self.at(&Target { file: target.file, pointer: parent.to_owned() })?;
        let last = last.replace("~1", "/").replace("~0", "~");
        let keys = around.members()?.keys().map(String::as_str);
        Some(join(parent, nearest(&last, keys)?))
    }
}
