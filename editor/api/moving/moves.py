"""From where people come, as data: what they change, what is other here. The page and the docs show it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Move:
    """From one service. change: what to do, in order. differs: what is other here."""

    name: str
    title: str
    change: tuple[str, ...]
    differs: tuple[str, ...]


MOVES = (
    Move(
        "removebg",
        "remove.bg",
        (
            "Put the studio's address in the place of https://api.remove.bg; /v1.0/removebg and "
            "/v1.0/account stay.",
            "Put an API key of your account here in the place of yours there, in X-Api-Key or as a bearer "
            "token.",
            "A client that has its address as a constant: set that, or have your resolver lead the name to "
            "your studio, with a certificate that your machines trust.",
        ),
        (
            "size=auto and full give the picture as large as it came; a call costs one credit in every size.",
            "shadow_type is drop; 3D and car are refused by name. There is no review, no improvement "
            "programme.",
            "Keys are made, paced and revoked on your account's page; 429 says in Retry-After when to go on.",
        ),
    ),
    Move(
        "picwish",
        "PicWish",
        (
            "Put the studio's address in the place of https://techhk.aoscdn.com; /api/tasks/visual/… stays.",
            "Put an API key of your account here in the place of yours there, in X-API-KEY.",
        ),
        (
            "Pictures and tasks last one hour after their end.",
            "A callback_url is told of the end; it is ours, and needs no asking again and again.",
            "The same Idempotency-Key within 24 hours leads to the same task and costs nothing more.",
        ),
    ),
    Move(
        "poof",
        "Poof",
        (
            "Tell the client this studio's address with /v1 behind it as base_url; calls stay as they are.",
            "Put an API key of your account here in the place of yours there, in x-api-key.",
        ),
        (
            "preview, small, medium and large are 256, 512, 1024 and 2048 pixels of the longer side, as "
            "the service's earlier document has them; hd is 4 megapixels, as in today's.",
            "crop=true crops without padding where the picture comes as image_file or image_url, and with "
            "10 % where it comes as file or url, or where crop is a ratio; padding says it either way.",
            "Pixels in crop_margin are heeded. Clips are not taken.",
        ),
    ),
    Move(
        "photoroom",
        "Photoroom",
        (
            "Put the studio's address in the place of https://sdk.photoroom.com and "
            "https://image-api.photoroom.com; /v1/segment and /v2/edit stay.",
            "Put an API key of your account here in the place of yours there, in x-api-key.",
        ),
        (
            "Of /v2/edit there is the framing: removeBackground, outputSize, margins and padding, scaling, "
            "alignment, a colour or picture behind, export, and a shadow of ours for soft, hard and "
            "floating.",
            "All else (prompts, templates, relighting, models, text) is refused by its name, never ignored.",
            "With outputSize=croppedSubject the subject keeps its pixels, and the picture grows by the "
            "margins.",
        ),
    ),
    Move(
        "rembg",
        "rembg's server",
        (
            "Put the studio's address in the place of yours; /api/remove stays, by POST with file or by GET "
            "with url.",
            "Add an API key in X-API-KEY, or as a bearer token: rembg's server asks for none.",
        ),
        (
            "om and bgc do the same. Of models u2net_human_seg keeps people alone; with the others the "
            "studio chooses how it is cut out. One for clothes, one that is pointed at things, and one of "
            "your own are refused by name.",
            "a, af, ab, ae and ppm are without effect: edges are solved for in any case.",
            "An error is a sentence in detail, with 400 where a parameter is wrong.",
        ),
    ),
)
