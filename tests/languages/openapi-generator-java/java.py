"""Compiles the client with the scenario, or runs it: java.py compile | run ARGUMENTS.

The generator's own archive holds all libraries that the client needs, but for one annotation.
"""

import pathlib
import subprocess
import sys

import openapi_generator_cli

LIBRARIES = pathlib.Path(openapi_generator_cli.__file__).with_name("openapi-generator.jar")

if sys.argv[1] == "compile":
    sources = sorted(map(str, pathlib.Path("client/src/main/java").rglob("*.java")))
    assert sources, "nothing was generated"
    own = ["Scenario.java", "Generated.java"]
    command = ["javac", "-d", "out", "-classpath", str(LIBRARIES), *own, *sources]
else:
    command = ["java", "-classpath", f"out:{LIBRARIES}", "Scenario", *sys.argv[2:]]
sys.exit(subprocess.run(command).returncode)
