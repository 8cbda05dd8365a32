"""Runs openapi-spec-validator over documents and prints all that it finds as JSON, one object for each file."""

import json
import sys

import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator


def findings(path):
    with open(path, encoding="utf-8") as file:
        document = yaml.load(file, Loader=yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader)
    for error in OpenAPIV30SpecValidator(document).iter_errors():
        place = [str(part) for part in getattr(error, "absolute_path", [])]
        yield {"rule": type(error).__name__, "path": place, "message": str(getattr(error, "message", error))}


print(json.dumps([{"file": path, "findings": list(findings(path))} for path in sys.argv[1:]]))
