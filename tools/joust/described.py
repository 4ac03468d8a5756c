"""Are the schemas that `joust describe --json` tells schemas, and do arguments and answers of real calls fit them?

usage: described.py FILE [METHOD ARGUMENTS ANSWER]...
"""

import json
import sys

from jsonschema import Draft202012Validator

with open(sys.argv[1], encoding="utf-8") as file:
    services = json.load(file)["services"]
methods = {s["name"] + "." + m["name"]: m for s in services for m in s["methods"]}
for method in methods.values():
    for schema in (method["arguments"], method["result"], method["pushes"]):
        if schema is not None:
            Draft202012Validator.check_schema(schema)
for name, arguments, answer in zip(*[iter(sys.argv[2:])] * 3):
    method = methods[name]
    takes, gives = Draft202012Validator(method["arguments"]), Draft202012Validator(method["result"])
    takes.validate(json.loads(arguments))
    gives.validate(json.loads(answer))
    assert not takes.is_valid(json.loads(answer)) and not gives.is_valid(json.loads(arguments)), name
assert len(methods) > 5
