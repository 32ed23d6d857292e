"""The reference's examples: one call in three languages, with the reader's own address in it.

They are whole programs: each ends with a picture in a file, and the tests run every one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .endpoints import BACKGROUND, FACE_CUTOUT, INPAINT, REMOVE, SEGMENTATION, Endpoint

KEY = "YOUR_API_KEY"
PHOTO, PRODUCT = "photo.jpg", "product.png"


@dataclass(frozen=True)
class Call:
    """What an example sends, and the file that its picture ends in."""

    file: str
    saved: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Example:
    """A program. language: as a highlighter names it; title: as people do."""

    language: str
    title: str
    code: str


CALLS = {
    SEGMENTATION.name: Call(PHOTO, "cutout.png", {"sync": "1"}),
    BACKGROUND.name: Call(PRODUCT, "scene.jpg", {"scene_type": "105", "batch_size": "1"}),
    FACE_CUTOUT.name: Call(PHOTO, "head.png", {"sync": "1", "crop": "1"}),
    INPAINT.name: Call(
        PHOTO,
        "erased.png",
        {"sync": "1", "rectangles": '[{"x": 20, "y": 20, "width": 80, "height": 60}]'},
    ),
    REMOVE.name: Call(PHOTO, "cutout.webp", {"format": "webp", "size": "medium"}),
}


def examples(endpoint: Endpoint, base: str) -> list[Example]:
    """Return the same call in each language. base: scheme and host that the reader uses."""
    call = CALLS[endpoint.name]
    return [
        Example("bash", "curl", curl(endpoint, call, base)),
        Example("python", "Python", python(endpoint, call, base)),
        Example("javascript", "JavaScript", javascript(endpoint, call, base)),
    ]


def curl(endpoint: Endpoint, call: Call, base: str) -> str:
    address = base + endpoint.path
    sent = "".join(f" \\\n  -F '{name}={value}'" for name, value in call.fields.items())
    posted = f"curl -sS '{address}' \\\n  -H 'X-API-KEY: {KEY}'{sent} \\\n  -F 'image_file=@{call.file}'"
    if endpoint is REMOVE:
        return f"{posted} \\\n  --fail-with-body -o {call.saved}"
    if endpoint.waits:
        find = 'sed \'s/.*"image": *"\\([^"]*\\)".*/\\1/\''
        return f'image=$({posted} \\\n  | {find})\ncurl -sS --fail "$image" -o {call.saved}'
    find = 'sed \'s/.*"task_id": *"\\([^"]*\\)".*/\\1/\''
    asked = f"curl -sS '{address}/'\"$task\" -H 'X-API-KEY: {KEY}' > task.json"
    return (
        f"task=$({posted} \\\n  | {find})\n\n"
        f"# Until it is done (1) or has failed (below 0).\n"
        f"until {asked}\n  grep -qE '\"state\": *(1|-[0-9]+),' task.json; do sleep 1; done\n\n"
        'image=$(sed \'s/.*"image_1": *"\\([^"]*\\)".*/\\1/\' task.json)\n'
        f'curl -sS --fail "$image" -o {call.saved}'
    )


def python(endpoint: Endpoint, call: Call, base: str) -> str:
    data = "".join(f"        {name!r}: {value!r},\n" for name, value in call.fields.items())
    posted = (
        f'with open("{call.file}", "rb") as photo:\n'
        "    answer = httpx.post(\n"
        f'        "{base}{endpoint.path}",\n'
        "        headers=KEY,\n"
        f"        data={{\n{data.replace('        ', ' ' * 12)}        }},\n"
        '        files={"image_file": photo},\n'
        "        timeout=200,\n"
        "    )\n"
    )
    head = f'import httpx\n\nKEY = {{"X-API-KEY": "{KEY}"}}\n\n'
    if endpoint is REMOVE:
        return (
            f"{head}{posted}answer.raise_for_status()\n"
            f'with open("{call.saved}", "wb") as file:\n    file.write(answer.content)'
        )
    if endpoint.waits:
        told, name = 'answer = answer.raise_for_status().json()\ntask = answer["data"]\n', "image"
    else:
        head = head.replace("import httpx\n", "import time\n\nimport httpx\n")
        told = (
            'task = answer.raise_for_status().json()["data"]\n'
            f'address = "{base}{endpoint.path}/" + task["task_id"]\n'
            'while task.get("state", 0) not in (1, *range(-20, 0)):\n'
            "    time.sleep(1)\n"
            "    answer = httpx.get(address, headers=KEY).json()\n"
            '    task = answer["data"]\n'
        )
        name = "image_1"
    return (
        f'{head}{posted}{told}if task["state"] != 1:\n    raise SystemExit(answer["message"])\n'
        f'with open("{call.saved}", "wb") as file:\n    file.write(httpx.get(task["{name}"]).content)'
    )


def javascript(endpoint: Endpoint, call: Call, base: str) -> str:
    sets = "".join(f'form.set("{name}", {_quoted(value)});\n' for name, value in call.fields.items())
    head = (
        'import { openAsBlob } from "node:fs";\n'
        'import { writeFile } from "node:fs/promises";\n\n'
        f'const headers = {{ "X-API-KEY": "{KEY}" }};\n'
        f"const form = new FormData();\n{sets}"
        f'form.set("image_file", await openAsBlob("{call.file}"), "{call.file}");\n\n'
        f'const address = "{base}{endpoint.path}";\n'
        'const response = await fetch(address, { method: "POST", headers, body: form });\n'
    )
    if endpoint is REMOVE:
        return (
            f"{head}if (!response.ok) throw new Error((await response.json()).message);\n"
            f'await writeFile("{call.saved}", Buffer.from(await response.arrayBuffer()));'
        )
    head += (
        "let { data: task, message } = await response.json();\nif (!response.ok) throw new Error(message);\n"
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
