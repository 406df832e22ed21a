"""Whether an answer is what Stripe's specification says. Strictly: what the document does not know may not be there, what
Stripe always sends (required or nullable members) may not be missing, and an id is an id until it is asked to be expanded."""

import re

from spec import answer

TYPES = {"string": str, "boolean": bool, "object": dict, "array": list}


class Answers:
    def __init__(self, spec):
        self.spec = spec

    def response(self, method, path, status, body, expand=()):
        """The problems of an answer, each a line."""
        template, operation = self.spec.operation(method, path)
        if operation is None:
            # What is too large or cannot be read is refused before anybody looks where it was sent.
            if status < 400:
                return [f"answered {status}, and the specification has no such operation"]
            return list(self.check({"$ref": "#/components/schemas/error"}, body, "$"))
        problems = list(self.check(answer(operation, status), body, "$", prefixes(expand)))
        if isinstance(body, dict) and body.get("object") == "list" and body.get("url") != path.rstrip("/"):
            problems.append(f"$.url: is {body.get('url')}, the list is at {path}")
        for event in events(body):
            problems += self.event(event)
        return problems

    def event(self, event):
        """The problems of an event. What it carries is untyped in the document, so it is read as what it says it is."""
        problems = list(self.check({"$ref": "#/components/schemas/event"}, event, "$event"))
        kind, data = event.get("type", ""), event.get("data", {})
        carried, before = data.get("object", {}), data.get("previous_attributes")
        if kind not in self.spec.event_types:
            problems.append(f"$event.type: {kind} is not one of Stripe's")
        tag = carried.get("object")
        if tag not in self.spec.resources:
            return problems + [f"$event({kind}).data.object: is a {tag}"]
        family = kind.rsplit(".", 1)[0]
        if tag != {"charge.dispute": "dispute", "charge.refund": "refund"}.get(family, family):
            problems.append(f"$event({kind}).data.object: is a {tag}")
        schema = self.spec.resources[tag]
        problems += self.check(schema, carried, f"$event({kind}).data.object")
        for name, value in (before or {}).items():
            if name not in schema["properties"]:
                problems.append(f"$event({kind}).data.previous_attributes.{name}: {tag} has no such member")
            elif carried.get(name) == value:
                problems.append(f"$event({kind}).data.previous_attributes.{name}: has not changed")
        if before == {} or (kind.endswith(".updated") and before is None and tag != "charge"):
            problems.append(f"$event({kind}).data.previous_attributes: says of nothing that it changed")
        return problems

    def check(self, schema, value, at, expand=frozenset(), asked=""):
        nullable = schema.get("nullable")
        schema = self.spec.resolve(schema)
        if value is None:
            if not (nullable or schema.get("nullable")):
                yield f"{at}: is null"
            return
        if "anyOf" in schema:
            yield from self.any_of(schema["anyOf"], value, at, expand, asked)
            return
        wanted = schema.get("type")
        if not is_a(wanted, value):
            yield f"{at}: is {value!r:.60}, not a {wanted}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{at}: is {value!r:.60}, not one of the known words"
        if isinstance(value, str):
            if len(value) > schema.get("maxLength", len(value)):
                yield f"{at}: is longer than {schema['maxLength']}"
            if "pattern" in schema and not re.search(schema["pattern"], value):
                yield f"{at}: is {value!r:.60}, which does not fit {schema['pattern']}"
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from self.check(schema.get("items", {}), item, f"{at}[{index}]", expand, asked)
        elif isinstance(value, dict):
            yield from self.members(schema, value, at, expand, asked)

    def any_of(self, branches, value, at, expand, asked):
        branches = [self.spec.resolve(branch) for branch in branches]
        fitting = [branch for branch in branches if is_a(branch.get("type", "object"), value)]
        if isinstance(value, dict) and "object" in value:
            tagged = [branch for branch in fitting if is_tagged(branch, value)]
            fitting = tagged or fitting
        if not fitting:
            yield f"{at}: is {value!r:.60}, which none of the alternatives is"
            return
        yield from min((list(self.check(branch, value, at, expand, asked)) for branch in fitting), key=len)

    def members(self, schema, value, at, expand, asked):
        known, facts, name = schema.get("properties"), self.spec.facts, self.spec.name(schema)
        others = schema.get("additionalProperties")
        if known is None:
            if isinstance(others, dict):
                for member, content in value.items():
                    yield from self.check(others, content, f"{at}.{member}", expand)
            return
        expandable = schema.get("x-expandableFields", [])
        for member, content in value.items():
            here = f"{asked}.{member}" if asked else member
            if member not in known:
                if not others:
                    yield f"{at}.{member}: unknown to the specification"
                continue
            is_id = member in expandable and any(
                branch.get("type") == "string" for branch in known[member].get("anyOf", []))
            if is_id and isinstance(content, dict) and here not in expand:
                yield f"{at}.{member}: expanded, and nobody asked"
            if is_id and isinstance(content, str) and here in expand:
                yield f"{at}.{member}: an id, and was to be expanded"
            if member in facts["only_if_expanded"].get(name, []) and here not in expand:
                yield f"{at}.{member}: there, and nobody asked"
            yield from self.check(known[member], content, f"{at}.{member}", expand, here)
        always = set(schema.get("required", [])) | set(facts["always"].get(name, []))
        always |= {member for member, about in known.items() if about.get("nullable")}
        always &= set(known)
        always -= set(facts["sometimes"].get(name, []))
        for member in sorted(always - set(value)):
            yield f"{at}.{member}: missing"


def is_a(wanted, value):
    if wanted is None:
        return True
    if wanted in ("integer", "number"):
        return isinstance(value, int if wanted == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[wanted])


def is_tagged(schema, value):
    known = schema.get("properties", {})
    return value["object"] in known.get("object", {}).get("enum", []) and ("deleted" in known) == ("deleted" in value)


def prefixes(expand):
    """Whoever asks for a.b.c asks for a and a.b, too."""
    parts = [path.split(".") for path in expand]
    return frozenset(".".join(path[:end]) for path in parts for end in range(1, len(path) + 1))


def events(body):
    found = body.get("data") if isinstance(body, dict) and body.get("object") == "list" else [body]
    return [one for one in found or [] if isinstance(one, dict) and one.get("object") == "event"]
