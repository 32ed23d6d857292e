"""The page for who moves here: what to change, and what a sample call would be answered."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from .moves import MOVES
from .sample_call import LONGEST, NotACall, SampleCall, read_call
from .verdicts import judge


class SampleCallForm(forms.Form):
    """A call that somebody's program makes, in one text."""

    call = forms.CharField(
        label="A call of yours",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Paste a call first: a curl line will do."},
    )

    def clean_call(self) -> SampleCall:
        try:
            return read_call(self.cleaned_data["call"])
        except NotACall as exc:
            raise forms.ValidationError(str(exc), code="call") from exc


@require_http_methods(["GET", "HEAD", "POST"])
def moving(request: HttpRequest) -> HttpResponse:
    """Show what to change. A call that is sent along is judged, never made: so it may hold a real key."""
    form = SampleCallForm(request.POST if request.method == "POST" else None)
    verdict = judge(form.cleaned_data["call"]) if form.is_valid() else None
    context = {
        "form": form,
        "verdict": verdict,
        "moves": MOVES,
        "base": f"{request.scheme}://{request.get_host()}",
    }
    return render(request, "api/moving.html", context, status=422 if form.errors else 200)
