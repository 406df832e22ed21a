"""Holds everything that sandboxes recorded against Stripe's specification.

    check.py SPEC3.JSON FOLDER

The folder holds what sandboxes with SANDBOX_RECORD wrote. Prints one line for each kind of problem and then the counts;
fails when there is a problem, when the sandbox has an operation that nobody used, or when there is nothing to look at.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

from answers import Answers
from parameters import decode, unknown
from spec import form, load

HERE = Path(__file__).parent


class Report:
    def __init__(self, published, changed):
        self.published, self.changed = published, changed
        self.answers = Answers(changed)
        self.older = Answers(published)
        self.problems = Counter()
        self.offered = set()
        self.operations = set()
        self.answered = set()
        self.counts = Counter()

    def line(self, line):
        if "operations" in line:
            self.offered.update(line["operations"])
            return
        if "event" in line:
            self.counts["events"] += 1
            version = line["event"]["api_version"]
            answers = self.answers if version >= self.changed.facts["since"] else self.older
            self.problems.update(general(f"event {version}: {problem}") for problem in answers.event(line["event"]))
            return
        method, path, status = line["method"], line["path"], line["status"]
        if line["injected_fault"]:
            self.counts["broken on purpose"] += 1
            return
        if status < 300:
            self.answered.update(name for name in self.offered - self.answered if fits(name, method, path))
        if any(re.fullmatch(pattern, path) for pattern in self.changed.facts["undocumented"]):
            self.counts["undocumented"] += 1
            return
        self.counts["responses"] += 1
        template, operation = self.changed.operation(method, path)
        # What was refused may be anything, and has nothing expanded.
        parameters = decode(line["query"], line["request"]) if status < 300 else {}
        expand = parameters.get("expand", {})
        expand = expand.values() if isinstance(expand, dict) else [expand]
        name = f"{method} {template or path} {status}"
        found = self.answers.response(method, path, status, line["response"], list(expand))
        if status < 300 and operation:
            self.operations.add(f"{method} {template}")
            found += self.parameters(line, method, path, parameters)
        self.problems.update(general(f"{name}: {problem}") for problem in found)

    def parameters(self, line, method, path, parameters):
        if line["request"] is None:
            return []
        def unknown_to(spec):
            _, operation = spec.operation(method, path)
            return unknown(spec, form(operation), parameters)

        # A request that names no version may be meant for either, as those of the Stripe CLI are.
        version = line["version"]
        if not version:
            older = set(unknown_to(self.published))
            names = [name for name in unknown_to(self.changed) if name in older]
        else:
            names = unknown_to(self.changed if version >= self.changed.facts["since"] else self.published)
        # Some words that the document no longer has were right before a version.
        until = self.changed.facts["before"]
        return [f"accepted a parameter that Stripe does not have: {name}"
                for name in names if (version or "") >= until.get(name, "")]


def fits(operation, method, path):
    """Whether a request is one of the operation, such as GET /v1/charges/{id}."""
    known, template = operation.split(" ")
    return known == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template) + "/?", path)


def general(problem):
    """One line for all items of a list."""
    return re.sub(r"\[\d+\]", "[]", problem)


def main(spec, folder):
    published, changed = load(spec, HERE / "endive.json")
    report = Report(published, changed)
    for path in sorted(Path(folder).glob("*.jsonl")):
        with open(path, encoding="utf-8") as file:
            for line in file:
                report.line(json.loads(line))
    for operation in sorted(report.offered - report.answered - set(changed.facts["refused"])):
        report.problems[f"{operation}: no test got an answer"] += 1
    for problem, times in sorted(report.problems.items()):
        print(f"{problem} ({times} times)")
    counts = report.counts
    print(f"conformance: {counts['responses']} answers of {len(report.operations)} operations and {counts['events']} "
          f"delivered events held against Stripe's specification, {len(report.problems)} kinds of problems")
    return 1 if report.problems or not counts["responses"] else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
