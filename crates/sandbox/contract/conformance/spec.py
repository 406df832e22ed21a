"""Stripe's OpenAPI document, with what the newer API version changed, and what it says about one operation."""

import json
import re


def merge(document, patch):
    """Applies a JSON merge patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


class Spec:
    def __init__(self, document, facts):
        self.facts = facts
        self.schemas = document["components"]["schemas"]
        self.names = {id(schema): name for name, schema in self.schemas.items()}
        self.resources = {}
        for name, schema in self.schemas.items():
            tag = schema.get("properties", {}).get("object", {}).get("enum", [])
            if len(tag) == 1 and name in (tag[0], tag[0].replace("_", ".", 1), "item", "line_item"):
                self.resources.setdefault(tag[0], schema)
        self.routes = []
        for template, methods in document["paths"].items():
            pattern = re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template)) + "/?")
            for method, operation in methods.items():
                self.routes.append((template.count("{"), method.upper(), template, pattern, operation))
        # A literal path wins over one with a parameter.
        self.routes.sort(key=lambda route: route[0])
        endpoint = form(document["paths"]["/v1/webhook_endpoints"]["post"])
        self.event_types = set(endpoint["properties"]["enabled_events"]["items"]["enum"])

    def operation(self, method, path):
        """The template and the description of an operation, or two times None."""
        for _, known, template, pattern, operation in self.routes:
            if known == method and pattern.fullmatch(path):
                return template, operation
        return None, None

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def name(self, schema):
        return self.names.get(id(schema), "")


def answer(operation, status):
    """The schema of the body with which an operation answers."""
    kind = "200" if status < 300 else "default"
    return operation["responses"][kind]["content"]["application/json"]["schema"]


def form(operation):
    """The schema of the parameters, wherever they travel."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
    schema = dict(body.get("schema", {}))
    query = {p["name"]: p["schema"] for p in operation.get("parameters", []) if p["in"] == "query"}
    schema["properties"] = {**query, **schema.get("properties", {})}
    return schema


def with_event_types(document, kinds):
    """The document with further types of events that a webhook endpoint may ask for. A merge patch cannot add to a list."""
    paths = {}
    for path in ("/v1/webhook_endpoints", "/v1/webhook_endpoints/{webhook_endpoint}"):
        known = form(document["paths"][path]["post"])["properties"]["enabled_events"]["items"]["enum"]
        schema = {"properties": {"enabled_events": {"items": {"enum": known + kinds}}}}
        content = {"application/x-www-form-urlencoded": {"schema": schema}}
        paths[path] = {"post": {"requestBody": {"content": content}}}
    return merge(document, {"paths": paths})


def load(path, facts_path):
    """The document as published, for clients of older versions, and the one with the changes."""
    with open(path, encoding="utf-8") as file:
        published = json.load(file)
    with open(facts_path, encoding="utf-8") as file:
        facts = json.load(file)
    changed = with_event_types(merge(published, facts["changes"]), facts["event_types"])
    return Spec(published, facts), Spec(changed, facts)
