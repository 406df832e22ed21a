"""Whether parameters that were accepted are ones that Stripe has."""

import re
from urllib.parse import parse_qsl


def decode(*encoded):
    """The parameters of a query and a body as nested dictionaries; the items of an array are under their indices."""
    tree = {}
    for text in encoded:
        for name, value in parse_qsl(text or "", keep_blank_values=True):
            keys = [name.split("[", 1)[0], *re.findall(r"\[([^\]]*)\]", name)]
            node = tree
            for key in keys[:-1]:
                node = node.setdefault(key, {})
                if not isinstance(node, dict):
                    break
            else:
                last = keys[-1] or str(len(node))
                node[last] = value
    return tree


def unknown(spec, schema, value, at=""):
    """The parameters that the schema does not know."""
    schema = spec.resolve(schema)
    if "anyOf" in schema:
        found = [list(unknown(spec, branch, value, at)) for branch in schema["anyOf"]]
        yield from min(found, key=len)
        return
    if not isinstance(value, dict):
        words = schema.get("enum")
        if words and value not in words and value != "":
            yield f"{at}={value!r:.40}"
        return
    if schema.get("type") == "array":
        for index, item in value.items():
            yield from unknown(spec, schema["items"], item, f"{at}[{index}]")
        return
    known = schema.get("properties", {})
    for name, content in value.items():
        here = f"{at}[{name}]" if at else name
        if name in known:
            yield from unknown(spec, known[name], content, here)
        elif isinstance(schema.get("additionalProperties"), dict):
            yield from unknown(spec, schema["additionalProperties"], content, here)
        elif known or schema.get("type") != "object":
            yield here
