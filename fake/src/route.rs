//! From a path to an operation.

use std::sync::LazyLock;

use http::Method;
use percent_encoding::percent_decode_str;

use crate::refusal::Refusal;
use crate::spec::Operation;

/// Where the paths of the document begin.
pub(crate) const PREFIX: &str = "/api/1";

type Methods = Vec<(Method, Operation)>;

static ROUTER: LazyLock<matchit::Router<Methods>> = LazyLock::new(|| {
    let mut router = matchit::Router::<Methods>::new();
    for operation in Operation::ALL {
        let mut all = Operation::ALL.into_iter().filter(|own| own.path() == operation.path());
        if all.clone().next() == Some(operation) {
            let methods = all.by_ref().map(|own| (own.method(), own)).collect();
            // The templates of the document are those of the router. A test looks up each of them.
            let _ = router.insert(format!("{PREFIX}{}", operation.path()), methods);
        }
    }
    router
});

/// An operation and the values in its path.
pub(crate) type Found = (Operation, Vec<(String, String)>);

/// What an unknown path is told.
const NOWHERE: &str = "this path (all are below /api/1, see /openapi.yaml)";

/// The methods of a path; none if there is no such path.
pub(crate) fn methods(path: &str) -> Vec<Method> {
    let methods = ROUTER.at(path).map(|found| found.value.iter().map(|(method, _)| method.clone()));
    methods.map(Iterator::collect).unwrap_or_default()
}

/// What a request asks for.
pub(crate) fn find(method: &Method, path: &str) -> Result<Found, Refusal> {
    let found = ROUTER.at(path).map_err(|_| Refusal::not_found(NOWHERE))?;
    let Some((_, operation)) = found.value.iter().find(|(own, _)| own == method) else {
        return Err(Refusal::NoSuchMethod(methods(path)));
    };
    let values = found.params.iter().map(|(name, value)| {
        let decoded = percent_decode_str(value).decode_utf8();
        let value = decoded.map_err(|_| Refusal::bad(format!("{name}: is not UTF-8")))?;
        Ok((name.to_owned(), value.into_owned()))
    });
    Ok((*operation, values.collect::<Result<_, Refusal>>()?))
}

/// The values of a query.
pub(crate) fn query(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_its_method_and_path() {
        for operation in Operation::ALL {
            let path = format!("{PREFIX}{}", operation.path()).replace(['{', '}'], "");
            let (found, values) = find(&operation.method(), &path).unwrap();
            assert_eq!(found, operation);
            assert!(values.iter().all(|(name, value)| name == value));
        }
    }

    #[test]
    fn values_are_decoded_and_stay_values() {
        let (operation, values) = find(&Method::GET, "/api/1/flags/..%2Fexperiments").unwrap();
        assert_eq!(operation, Operation::GetFlag);
        assert_eq!(values, [("id".to_owned(), "../experiments".to_owned())]);
        assert_eq!(
            find(&Method::GET, "/api/1/flags/%ff").unwrap_err().message(),
            "id: is not UTF-8"
        );
    }

    #[test]
    fn other_paths_and_methods_are_refused() {
        for path in ["/", "/flags", "/api/1", "/api/1/flags/", "/api/1/flags/1/2"] {
            assert_eq!(
                find(&Method::GET, path).unwrap_err().message(),
                format!("{NOWHERE} not found")
            );
        }
        let refusal = find(&Method::PUT, "/api/1/flags/1").unwrap_err();
        assert_eq!(refusal, Refusal::NoSuchMethod(vec![Method::GET, Method::PATCH]));
    }
}
