"""Is a picture's subject a living thing, and where is its head? By the segmenting network's features.

A network that finds subjects has learnt what they are like: its deep features, averaged over the
subject, tell animals from things with an area under the curve of 0.97 on photos held out, and each
of them tells a beast's head from its rump four times in five. The two times 512 weights are ours:
ridge regression on one photo of each of ImageNet's thousand kinds, made again by
`python -m bench.vivacity FOLDER`.
"""

from __future__ import annotations

import base64
import functools
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino.preprocess import PrePostProcessor
from PIL import Image

from editor.engines import types

from . import weights

SIDE = 1024
DEEPEST = (1, 512, 32, 32)
"""The shape of the features: the network's fifth stage, 32 pixels of its 1024 to a cell."""

LIFE_OFFSET = 0.40692
LIFE = (
    "srQitUkuxqwENEowgzaENve0Ga/aMf4m67BOOqE0V6cCLSg2MTFsP2SzbrczP7C4jKlTtni2xap0qgqzTze8KyQ4X6xOreq2"
    "2qQNtWo2BLOqtsi46zknsA4xeDElj3W4crSPutgyCbNQrTEyy7TUtn/Ekiz9NQOwJLEht3m1YrsJs221GCpirAEvdjcetL21"
    "wLkCqjY4LbmduZE1Ky3NNCO2Zbizqsqu/jnSMTsoTzE9r+IsnbnguG2bJ7BvsK+5VTHBuh8t1inyL7uy0LikL8M4cC7aqaiw"
    "UDM2uBu1waxRMTYsyrDnKxU6ZbCDsRWxCrGSsBWxh7TKMz6wOK2jMlw1dTkGtDIzdLbysG04VDUeMl8oVqsxNOYs6jCHtpKd"
    "G7RHsOmtSziCMhArFqmPrts1jqwbMWmtgTkyNTOwha9XMSEy2zFpMMEgELpuNH+mL6+brtqtri6rttKv9rHBLP82L6zCtJC2"
    "ArhBPaa42zR3uG8rKaRjLS+2jCdbN4O2sjHXKGIyejLOszWeHzK8sNiziK6fM6gxk7f4NJQ4/y4csnmyuTD3MBS8a7EwPJk1"
    "4jSJKdWleap+qLwwMqoxs1eybDnrqsYlSTibru4wE7a1rPq0PCpLt9O26i88oM+sGSUcKyst+xgatXW2FDuqqX4v5TTPtZA4"
    "fSi/rOC4UC7ntWmkhrvAnxe1qCnPLC0pFrboOCSxvKCVplo77Dg6qS248ifIHjOuxbQ/vL22gi2grAS6PKacL0w1+653pPSy"
    "mLSbtr07a7AOspglVLmsuqowoJ0ask8nDrztqCE2TjvppXYvt6AXOGCu6rODNia4ay6jsoa9qjLzLhG4pL/isGiwfaPYKsiy"
    "Rjh7PMIwRjGCr8yt+DnBsVQ6+zrGrf22AbJku6Gzrbk+sR2rGLF0uHGtirI+sFW1Gy1rvDYyPLqysFgtELhlsiO136sUNOkx"
    "mjSbNlq1Rjr7n0suzDVQtiU1nTaoJ6YzXK5FKHa0H6qrNOUotTmeqgK1XraMKFwa57a4Lr8wGzEhOL0wYqWtLl+0kymRJLUm"
    "pTAWsEOw3C5TMlmxGTHPOhqyAACUMwokqSvgumSirijTrDAwyKsuuryzJTDlJtaxB6e3tzU19q1mrWa1yC3hOS00ODGot7M3"
    "UTMcNwq1kzUktMA6y7JZKtmylrh3M/21Yi4QoKkrwLjCLO4hALEVuRiwnbRLq8wx7DcCtQE+Kjo5NBSttsPWuTw2BTKUMdOv"
    "OqlCu/UldzExMGa5orDWsTQ3l7Fyu1CwCSyZPPc9LybDM5g4xa01NXksh6xlMfezg66Lt8i3rLVDuGgyPin9sPesvz1nKmMz"
    "+y8wtPyyRTIIM54rBqEFNQ=="
)

HEAD_OFFSET = -0.63139
HEAD = (
    "HaQwM8OptqLEoXqlCrFLr3Ani6XUo0MpQSWDMoY1VKodMqwohS0IL3+wdjTaNjIqiKypMTGoqKUdpBYvjKzOrC8u1qyHmn6h"
    "6qxPqNkusKDTp9ywqzDNL3QweCzELjau/qxGtLAiZi8dpT8wFK/tsFU7XLJUp3q06qtrMgCqu7HLpjUpJa9+LRCtmC+QMZin"
    "srCGqXiwJ7TpKnAwXaupNW6yUzASo58tcq7StZmz8i1rqsywdLFfsgMniifHroQunKxiqX4ryh2/qvOtVBp5Nb8qOqxiLJKy"
    "sqrkrjqyj69gMaawMbGbp+WkPykyt2uiiSxQLQ8yH7Blr0UobKbcqwowmTMuKiWunrK6sN0yIbDPLwGvV7MuINQy05kLIhgn"
    "M7FmqXa0ZqwItDowxC4umJgw4KrvsLAoVizMJ9swjy3dI7svGCpdr3kwCzJmsxMrwTT/olOtuTDCrw0sG7AqLNMuwR7+J/+w"
    "l6zvNBSorLBYsNuyLagpqScuFKqyroSyAKz6Fycn4DMsIEewTK7JtRElZi8bqCIodC14GmaxUiolMPSZgqqPq5CxNyBWL9yl"
    "MrCPsw0unixOLfYyPTWBKN4mYK6aqHgy3KgirK+iea5ZtSOwUC2opqYvCqROLumoWSh/q6iy/jA9rxYxxTFYKQewYK8LrCso"
    "qTRNLL6lkaq6rj4sybPmMl0n9iY5rHEykCOnv4ivPS9nMZsfYrTNJc0uxK3RsdIps6A2tOu1YqqkrK00FrZoL/Csaap3Mz+v"
    "SSvGNbou9iqAHagpS6zmu0IxZaQMsfOlAbPrLcqolaqkLtQqZZ/SMPKvuLBXLOuyVyxIrra1OzLcq7azlbZnH0ywrqLPszOz"
    "bayerWQuAC/ItDys/6FLsiKsjjQTIyiswR8usX6eEyioLBMudi9ct5GtBrOAssSrBC6GrEuxqK+AKjywOy89KY6yZyxIKyC1"
    "GjMMNC+uzCp0NMO1ebADL9mzPTNWLI0yzq16syYtxLZ4KXavaKMTJcSsZpx6KkCtQK03rYOp5zMuKH0t5rSKLM2xVrMVsT2t"
    "jCyBseUeKyfUqnMxPimIMPokAAAVNHkuyy9IuGCoZS93rg2rH7dXsfQjUKJDNDAphbI6LhwxvCkWsnuwxCyoIpItaCgtr8gw"
    "LzKSO+2x+66jJPQlby0XK5Qp/q/2Kyuxv7SYLRUxYrZtsCW0wy6FMFmyTLIRKVGsHbjYN8MtB7FdIruuZ7GqKbkoTKaoMTMm"
    "/Cupu5YgBaSNnCQpXLFbtOGzHKKXLZ+zwjEtMDm2cCkfL3I1kiy3quCoRLVdrbWof7RDLWYruq4vq/8jRBxZtQuwGSjtLPiw"
    "G6vVJEOp/TMXsISmIbOOpA=="
)


class Features:
    """The network up to its fifth stage. Safe to call from several threads: one at a time is served."""

    def __init__(self) -> None:
        """Compile for this machine. Raises WeightsMissing."""
        found = weights.need(weights.ISNET)
        core = ov.Core()
        model = core.read_model(found.path)
        deep = next((out for out in model.outputs if tuple(out.shape) == DEEPEST), None)
        self._request: Any = None
        self._lock = threading.Lock()
        if deep is None:
            # An edition that keeps its features to itself.
            return
        part = ov.Model([deep], model.get_parameters(), "isnet-features")
        steps = PrePostProcessor(part)
        steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
        steps.input().model().set_layout(ov.Layout("NCHW"))
        steps.input().preprocess().convert_element_type(ov.Type.f32)
        steps.input().preprocess().mean(found.edition.mean).scale(found.edition.scale)
        compiled = core.compile_model(steps.build(), "CPU", {"PERFORMANCE_HINT": "LATENCY"})
        self._request = compiled.create_infer_request()

    def of(self, rgb: types.Image) -> NDArray[np.float32] | None:
        """Return (512, 32, 32) for the picture squeezed to a square; None where the file has none."""
        if self._request is None:
            return None
        square = Image.fromarray(rgb).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        with self._lock:
            self._request.infer({0: np.asarray(square)[np.newaxis]})
            return self._request.get_output_tensor(0).data[0].astype(np.float32)


@functools.cache
def _network() -> Features:
    return Features()


@dataclass(frozen=True)
class Animacy:
    """living: about 1 for animals, -1 for things. heads: (32, 32), above 0 where a beast's head is likely."""

    living: float
    heads: NDArray[np.float32]


def extract_features(rgb: types.Image) -> NDArray[np.float32] | None:
    """Return the (512, 32, 32) features of the picture squeezed to a square; None where there are none."""
    deep = _network().of(rgb)
    return None if deep is None else np.log1p(np.maximum(deep, 0))


def measure_cells(alpha: types.Alpha) -> NDArray[np.float32]:
    """Return how much of each of the 32 x 32 cells is subject; alpha (H, W) of any size."""
    return np.asarray(Image.fromarray(alpha).resize(DEEPEST[2:], Image.Resampling.BOX))


def measure(rgb: types.Image, alpha: types.Alpha) -> Animacy | None:
    """Return how alive the subject of a picture is, and where its head may be.

    None where this edition of the network cannot say, or without a subject. Raises WeightsMissing.
    """
    deep = extract_features(rgb)
    share = measure_cells(alpha)
    if deep is None or share.sum() <= 0:
        return None
    mean = np.tensordot(deep, share, 2) / share.sum()
    living = float(mean @ _unpacked(LIFE) + LIFE_OFFSET)
    heads = np.tensordot(_unpacked(HEAD), deep, 1) + np.float32(HEAD_OFFSET)
    return Animacy(living, heads.astype(np.float32))


@functools.cache
def _unpacked(text: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text), "<f2").astype(np.float32)
