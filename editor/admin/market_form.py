"""The form of a marketplace: each of its rules a field, the shipped one beside it, judged by the engine."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from editor.engines.catalogue.markets import MARKETS, Market
from editor.engines.catalogue.naming import check_pattern
from editor.engines.catalogue.recipe import FORMATS
from editor.engines.errors import InvalidOptions
from editor.models import Market as MarketRow
from web.language.sentences import tell

GROUNDS = [
    ("", _("Any")),
    ("white", _("White, 255, 255, 255")),
    ("light", _("Light, neutral, not see-through")),
    ("white or clear", _("White, or see-through")),
]
NAMES = [
    ("", _("Any")),
    ("amazon", _("ASIN or SKU, a dot, the variant")),
    ("gtin", _("A GTIN of 14 digits")),
    ("gs1", _("A GTIN of 14 digits and the view (GS1)")),
    ("plain", _("No umlauts, blanks or special characters")),
]
PAIRS = ("least", "good", "most")
FILL = ("fill_least", "fill_aim", "fill_most")
MEGABYTE = 2**20


def list_pixels(label: str | Promise) -> forms.IntegerField:
    return forms.IntegerField(label=format_lazy("{}, px", label), required=False, min_value=0)


class MarketForm(forms.ModelForm):
    """What a marketplace asks. What is left empty is not asked for."""

    key = forms.SlugField(
        label=_("Key"),
        max_length=40,
        help_text=_(
            "Small letters, digits and dashes; recipes and folders name it so. That of a shipped "
            "one takes its place."
        ),
    )
    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.CharField(
        label=_("Kind"), max_length=100, required=False, help_text=_("Of picture, such as: main picture.")
    )
    official = forms.BooleanField(label=_("The marketplace’s own word"), required=False)
    source = forms.CharField(
        label=_("Source"), max_length=400, required=False, help_text=_("Where it was read.")
    )
    date = forms.DateField(label=_("Read on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ground = forms.ChoiceField(label=_("Background"), choices=GROUNDS, required=False)
    least_width, least_height = list_pixels(_("Least width")), list_pixels(_("Least height"))
    good_width, good_height = list_pixels(_("Made width")), list_pixels(_("Made height"))
    most_width, most_height = list_pixels(_("Most width")), list_pixels(_("Most height"))
    least_longest = list_pixels(_("Longer side at least"))
    most_longest = list_pixels(_("Longer side at most"))
    most_megapixels = forms.FloatField(label=_("Most megapixels"), required=False, min_value=0)
    ratios = forms.CharField(
        label=_("Shapes"),
        required=False,
        max_length=200,
        help_text=_("Such as 1:1, 4:3. The first goes with the made size."),
    )
    fill_least, fill_aim, fill_most = (
        forms.FloatField(label=label, required=False, min_value=0, max_value=100)
        for label in (
            _("Product fills at least, %"),
            _("Product is made to fill, %"),
            _("Product fills at most, %"),
        )
    )
    formats = forms.CharField(
        label=_("Formats"),
        max_length=60,
        help_text=format_lazy(_("The best one first. Of {formats}."), formats=", ".join(FORMATS)),
    )
    most_megabytes = forms.FloatField(label=_("Most megabytes"), required=False, min_value=0)
    least_dpi = forms.IntegerField(label=_("Least pixels per inch"), required=False, min_value=0)
    clipping_path = forms.BooleanField(label=_("Has to have a clipping path"), required=False)
    names = forms.ChoiceField(label=_("Names"), choices=NAMES, required=False)
    name_pattern = forms.CharField(label=_("Name that fits"), max_length=200, required=False)
    forbidden = forms.CharField(
        label=_("Must not be in it"),
        max_length=400,
        required=False,
        help_text=_("For people: nobody measures it."),
    )

    # Fields that say one option of the engine's together.
    PARTS: ClassVar[dict[str, tuple[str, ...]]] = {
        **{name: (f"{name}_width", f"{name}_height") for name in PAIRS},
        "fill": FILL,
        "most_bytes": ("most_megabytes",),
    }

    class Meta:
        model = MarketRow
        fields = ("key", "hidden")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and not isinstance(field, forms.SlugField):
                field.widget.attrs["class"] = "vTextField"
        row = self.instance
        key = row.key or self.initial.get("key", "")
        shipped = MARKETS.get(key)
        if row.key:
            self.fields["key"].disabled = True
        known = (read_row(row) if row.data else None) or shipped
        if known is not None:
            self.initial = {**read_market_fields(known), "key": key, "hidden": row.hidden}
        elif not row.key:
            self.initial = {**read_market_fields(Market(key="new", name="New")), "key": key, "name": ""}
        if shipped is not None:
            self.show_shipped(read_market_fields(shipped))

    def show_shipped(self, values: dict[str, Any]) -> None:
        """Say beside each field what the shipped table has there."""
        for name, value in values.items():
            field = self.fields[name]
            if isinstance(field, forms.BooleanField):
                said = gettext("yes") if value else gettext("no")
            elif isinstance(field, forms.ChoiceField):
                said = str(dict(GROUNDS if name == "ground" else NAMES)[value])
            else:
                said = gettext("nothing") if value in (None, "") else str(value)
            before = f"{field.help_text} " if field.help_text else ""
            field.help_text = before + gettext("Shipped: %(said)s.") % {"said": said}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            market = Market.from_dict(write_options(cleaned))
            check_pattern(market.name_pattern)
        except InvalidOptions as exc:
            self.add_error(self.find_field(str(exc)), forms.ValidationError(tell(exc), code="market"))
            return cleaned
        self.instance.data = {name: value for name, value in market.to_dict().items() if name != "key"}
        return cleaned

    def find_field(self, sentence: str) -> str | None:
        """Return the field that the engine's sentence is about: it begins with the option's name."""
        option = sentence.partition(" ")[0]
        name = self.PARTS.get(option, (option,))[0]
        if "pattern" in sentence or "brace" in sentence:
            name = "name_pattern"
        return name if name in self.fields else None


def read_row(row: MarketRow) -> Market | None:
    """Return what a row says, None where it cannot be read."""
    try:
        return Market.from_dict({**row.data, "key": row.key})
    except InvalidOptions:
        return None


def read_market_fields(market: Market) -> dict[str, Any]:
    """Return what the form's fields hold for a marketplace, without its key."""
    found: dict[str, Any] = {
        name: getattr(market, name)
        for name in (
            "name",
            "kind",
            "official",
            "source",
            "ground",
            "clipping_path",
            "names",
            "name_pattern",
            "forbidden",
        )
    }
    for name in PAIRS:
        width, height = getattr(market, name)
        found |= {f"{name}_width": width or None, f"{name}_height": height or None}
    for name in ("least_longest", "most_longest", "least_dpi"):
        found[name] = getattr(market, name) or None
    found["most_megapixels"] = say_number(market.most_megapixels)
    found["most_megabytes"] = say_number(market.most_bytes / MEGABYTE)
    found |= {name: say_number(100 * share) for name, share in zip(FILL, market.fill, strict=True)}
    found["ratios"] = ", ".join(f"{wide:g}:{high:g}" for wide, high in market.ratios)
    found["formats"] = ", ".join(market.formats)
    found["date"] = market.date or None
    return found


def say_number(number: float) -> str | None:
    """Return a number without needless digits, None for none."""
    return f"{round(number, 4):.10g}" if number else None


def write_options(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Return what the form says, as the engine's Market.from_dict takes it."""
    pairs = {name: [cleaned[f"{name}_width"] or 0, cleaned[f"{name}_height"] or 0] for name in PAIRS}
    numbers = {
        name: cleaned[name] or 0 for name in ("least_longest", "most_longest", "least_dpi", "most_megapixels")
    }
    words = ("key", "name", "kind", "official", "source", "ground", "clipping_path", "names", "forbidden")
    return {
        **{name: cleaned[name] for name in words},
        **pairs,
        **numbers,
        "fill": [(cleaned[name] or 0) / 100 for name in FILL],
        "most_bytes": round((cleaned["most_megabytes"] or 0) * MEGABYTE),
        "ratios": [read_ratio(one) for one in split(cleaned["ratios"])],
        "formats": [one.casefold() for one in split(cleaned["formats"])],
        "name_pattern": cleaned["name_pattern"] or "{stem}.{ext}",
        "date": cleaned["date"].isoformat() if cleaned["date"] else "",
    }


def split(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]


def read_ratio(text: str) -> list[float]:
    """Return the width and the height of "4:3". Raises InvalidOptions."""
    wide, colon, high = text.partition(":")
    try:
        return [float(wide), float(high)] if colon else [float(wide), 1.0]
    except ValueError as exc:
        raise InvalidOptions(
            gettext("ratios must be such as 1:1, 4:3, not '%(text)s'.") % {"text": text[:20]}
        ) from exc
