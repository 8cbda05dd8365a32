//! Names that the settings give.

use std::collections::BTreeMap;

use super::context::Context;
use super::names;
use super::operations::Found;
use crate::config::rename_pointer;

impl<'a> Context<'a> {
    /// Takes the names that the settings give to component schemas, before any other is made.
    pub(super) fn take_renamed_schemas(&mut self) -> BTreeMap<&'a str, String> {
        let mut taken = BTreeMap::new();
        for (key, wanted) in &self.config.rename.schemas {
            let pointer = rename_pointer("schemas", key);
            if !self.schemas().is_some_and(|schemas| schemas.contains_key(key)) {
                self.tell_unmatched(&pointer, &format!("no schema is called `{key}`"));
            } else if self.is_written_well(&pointer, wanted, &names::type_name(wanted, 'T')) {
                let rust = self.names.take(wanted, "Model", "").rust;
                self.tell_taken(&pointer, wanted, &rust);
                taken.insert(key.as_str(), rust);
            }
        }
        taken
    }

    /// The names that the settings give to methods; tells which of them are none, or of nothing.
    pub(super) fn renamed_operations(&mut self, found: &[Found<'_>]) -> BTreeMap<&'a str, &'a str> {
        let mut renamed = BTreeMap::new();
        for (id, wanted) in &self.config.rename.operations {
            let pointer = rename_pointer("operations", id);
            if !found.iter().any(|operation| operation.id == *id) {
                self.tell_unmatched(&pointer, &format!("no operation has the operationId `{id}`"));
            } else if self.is_written_well(&pointer, wanted, &names::value_name(wanted)) {
                renamed.insert(id.as_str(), wanted.as_str());
            }
        }
        renamed
    }

    /// Tells that an operation has another name than the settings say.
    pub(super) fn tell_method(&mut self, id: &str, wanted: &str, method: &str) {
        self.tell_taken(&rename_pointer("operations", id), wanted, method);
    }

    fn is_written_well(&mut self, pointer: &str, wanted: &str, written: &str) -> bool {
        if wanted != written {
            let message = format!("`{wanted}` is not written as names of this kind are in Rust");
            self.settings.error("wrong-value", pointer, message, format!("write `{written}`"));
        }
        wanted == written
    }

    fn tell_unmatched(&mut self, pointer: &str, message: &str) {
        let help = "write the name as the document does, or remove the entry";
        self.settings.error("nothing-matches", pointer, message, help);
    }

    fn tell_taken(&mut self, pointer: &str, wanted: &str, rust: &str) {
        if wanted != rust {
            let message = format!("`{wanted}` is the name of something else already");
            self.settings.error("duplicate-value", pointer, message, "choose another name");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::of_test;
    use crate::diagnostic::Diagnostics;
    use crate::ir::Api;
    use crate::lower::tests::model_with;

    fn api(rename: &str) -> (Option<Api>, Diagnostics) {
        let operation = |id: &str| {
            format!("{{operationId: {id}, tags: [pets], responses: {{'204': {{description: d}}}}}}")
        };
        let paths = format!(
            "{{/a: {{get: {}, put: {}}}, /b: {{get: {}}}}}",
            operation("listPets"),
            operation("putPet"),
            operation("find")
        );
        let schemas = "{A: {type: object}, a: {type: object}, Cat: {type: object}}";
        model_with(&of_test(&format!("crate: t\nrename:\n  {rename}\n")), &paths, schemas)
    }

    #[test]
    fn settings_name_types_and_methods() {
        let (api, problems) = api("{schemas: {a: Small}, operations: {listPets: find}}");
        let api = api.unwrap_or_else(|| panic!("{problems}"));
        assert!(problems.is_empty(), "no two names collide any more: {problems}");
        let types: Vec<&str> = api.types.iter().map(|ty| ty.name.rust.as_str()).collect();
        assert_eq!(types, ["A", "Small", "Cat"]);
        let operations = &api.families[0].operations;
        let names: Vec<(&str, &str)> = operations
            .iter()
            .map(|operation| (operation.name.rust.as_str(), operation.request.as_str()))
            .collect();
        assert_eq!(names[0], ("find", "Find"), "the settings come first");
        assert!(names[2].0 != "find" && names[2].1 != "Find", "{names:?}");
    }

    #[test]
    fn names_that_cannot_be_are_errors_at_their_place() {
        for (rename, told) in [
            ("schemas: {b: B}", "no schema is called `b`"),
            ("schemas: {a: small}", "write `Small`"),
            ("schemas: {a: 'X; fn main() {}'}", "not written as names"),
            ("schemas: {a: One, Cat: One}", "`One` is the name of something else"),
            ("schemas: {a: Send}", "something else already"),
            ("operations: {list: all}", "no operation has the operationId `list`"),
            ("operations: {listPets: All}", "write `all`"),
            ("operations: {listPets: all, putPet: all}", "`all` is the name of something else"),
        ] {
            let (api, problems) = api(rename);
            assert!(api.is_none(), "{rename}");
            let shown = problems.to_string();
            assert!(shown.contains(told) && shown.contains("config.yaml:3:"), "{rename}\n{shown}");
        }
    }
}
