"""The reference's examples: one call in three languages, with the reader's own address in it.

They are whole programs: each ends with a picture in a file, and the tests run every one of them.
"""

from dataclasses import dataclass

from editor.api.dialects import registry

from .reference_data import Call, Endpoint

KEY = "YOUR_API_KEY"


@dataclass(frozen=True)
class Example:
    """A program. language: as a highlighter names it; title: as people do."""

    language: str
    title: str
    code: str


CALLS = {endpoint.name: endpoint.example for endpoint in registry.list_endpoints()}


def write_examples(endpoint: Endpoint, base: str) -> list[Example]:
    """Return the same call in each language. base: scheme and host that the reader uses."""
    call = endpoint.example
    return [
        Example("bash", "curl", write_curl(endpoint, call, base)),
        Example("python", "Python", write_python(endpoint, call, base)),
        Example("javascript", "JavaScript", write_javascript(endpoint, call, base)),
    ]


def write_curl(endpoint: Endpoint, call: Call, base: str) -> str:
    sent = "".join(f" \\\n  -F '{name}={value}'" for name, value in call.fields.items())
    posted = f"curl -sS \"$address\" -H 'X-API-KEY: {KEY}'{sent} \\\n  -F '{call.field}=@{call.file}'"
    head = f"address={base}{endpoint.path}\n\n"
    if endpoint.is_picture:
        return f"{head}{posted} \\\n  --fail-with-body -o {call.saved}"
    if endpoint.waits:
        find = 'sed \'s/.*"image": *"\\([^"]*\\)".*/\\1/\''
        return f'{head}image=$({posted} \\\n  | {find})\n\ncurl -sS --fail "$image" -o {call.saved}'
    find = 'sed \'s/.*"task_id": *"\\([^"]*\\)".*/\\1/\''
    return (
        f"{head}task=$({posted} \\\n  | {find})\n\n"
        "# Until it is done (1) or has failed (below 0).\n"
        f"until curl -sS \"$address/$task\" -H 'X-API-KEY: {KEY}' | tee task.json \\\n"
        "  | grep -qE '\"state\": *(1|-[0-9]+),'\n"
        "do sleep 1; done\n\n"
        'image=$(sed \'s/.*"image_1": *"\\([^"]*\\)".*/\\1/\' task.json)\n'
        f'curl -sS --fail "$image" -o {call.saved}'
    )


def write_python(endpoint: Endpoint, call: Call, base: str) -> str:
    fields = ", ".join(f'"{name}": {_quoted(value)}' for name, value in call.fields.items())
    sent = f"        data={{{fields}}},\n"
    if len(sent) > 80:
        inside = "".join(f'            "{name}": {_quoted(value)},\n' for name, value in call.fields.items())
        sent = f"        data={{\n{inside}        }},\n"
    posted = (
        f'with open("{call.file}", "rb") as photo:\n'
        "    answer = httpx.post(\n"
        "        ADDRESS,\n"
        "        headers=KEY,\n"
        f"{sent}"
        f'        files={{"{call.field}": photo}},\n'
        "        timeout=200,\n"
        "    )\n"
    )
    head = f'import httpx\n\nADDRESS = "{base}{endpoint.path}"\nKEY = {{"X-API-KEY": "{KEY}"}}\n\n'
    if endpoint.is_picture:
        return (
            f"{head}{posted}answer.raise_for_status()\n\n"
            f'with open("{call.saved}", "wb") as file:\n    file.write(answer.content)'
        )
    told, name = 'told = answer.raise_for_status().json()\ntask = told["data"]\n', "image"
    if not endpoint.waits:
        name = "image_1"
        head = f"import time\n\n{head}"
        told = (
            'task = answer.raise_for_status().json()["data"]\n\n'
            "while True:\n"
            "    told = httpx.get(f\"{ADDRESS}/{task['task_id']}\", headers=KEY).json()\n"
            '    task = told["data"]\n'
            '    if task["state"] == 1 or task["state"] < 0:\n'
            "        break\n"
            "    time.sleep(1)\n"
        )
    return (
        f'{head}{posted}{told}if task["state"] != 1:\n    raise SystemExit(told["message"])\n\n'
        f'with open("{call.saved}", "wb") as file:\n    file.write(httpx.get(task["{name}"]).content)'
    )


def write_javascript(endpoint: Endpoint, call: Call, base: str) -> str:
    sets = "".join(f'form.set("{name}", {_quoted(value)});\n' for name, value in call.fields.items())
    head = (
        'import { openAsBlob } from "node:fs";\n'
        'import { writeFile } from "node:fs/promises";\n\n'
        f'const headers = {{ "X-API-KEY": "{KEY}" }};\n'
        f"const form = new FormData();\n{sets}"
        f'form.set("{call.field}", await openAsBlob("{call.file}"), "{call.file}");\n\n'
        f'const address = "{base}{endpoint.path}";\n'
        'const response = await fetch(address, { method: "POST", headers, body: form });\n'
    )
    if endpoint.is_picture:
        return (
            f"{head}if (!response.ok) throw new Error(await response.text());\n"
            f'await writeFile("{call.saved}", Buffer.from(await response.arrayBuffer()));'
        )
    kept = "const" if endpoint.waits else "let"
    head += (
        f"{kept} {{ data: task, message }} = await response.json();\n"
        "if (!response.ok) throw new Error(message);\n"
    )
    name = "image"
    if not endpoint.waits:
        name = "image_1"
        head += (
            "while (!(task.state === 1 || task.state < 0)) {\n"
            "  await new Promise((resolve) => setTimeout(resolve, 1000));\n"
            "  const asked = await fetch(`${address}/${task.task_id}`, { headers });\n"
            "  ({ data: task, message } = await asked.json());\n"
            "}\n"
        )
    return (
        f"{head}if (task.state !== 1) throw new Error(message);\n"
        f"const picture = await fetch(task.{name});\n"
        f'await writeFile("{call.saved}", Buffer.from(await picture.arrayBuffer()));'
    )


def _quoted(value: str) -> str:
    return f"'{value}'" if '"' in value else f'"{value}"'
