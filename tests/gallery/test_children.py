"""Pictures made from pictures: what was known stays known, also of other programs' pictures."""

from __future__ import annotations

import io

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.gallery import Gallery, Provenance, read_metadata
from studio.gallery.importing import import_file
from studio.request import GenerationRequest, UpscalePass
from tests.upscalers import noise

A1111 = "1girl, running\nNegative prompt: lowres\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 64x48"


def a1111_png() -> bytes:
    texts, buffer = PngInfo(), io.BytesIO()
    texts.add_text("parameters", A1111)
    texts.add_text("workflow", '{"nodes": []}')
    noise(64, 48).save(buffer, "PNG", pnginfo=texts)
    return buffer.getvalue()


def test_a_child_keeps_hashes_and_names_its_own_making(gallery: Gallery):
    request = GenerationRequest.build(checkpoint="any", seed=1, width=64, height=64)
    parent = gallery.add(noise(64, 64), request, Provenance(model_hash="0123456789", device="cuda:0", seconds=4))
    larger = request.with_(upscale=UpscalePass(scale=2))
    child = gallery.add_child(noise(128, 128), parent, larger, {"device": "cpu", "seconds": 0.5, "notes": ["slow"]})
    assert child.parent_id == parent.id and child.request == larger
    assert child.provenance.model_hash == "0123456789"
    assert (child.provenance.device, child.seconds) == ("cpu", 0.5)
    assert [each.id for each in gallery.lineage(parent.id).children] == [child.id]
    assert read_metadata(gallery.file_of(child.sha256)).request == larger


def test_a_child_of_another_programs_picture_carries_its_texts(gallery: Gallery):
    parent = import_file(gallery, a1111_png(), "theirs.png")
    child = gallery.add_child(noise(128, 96), parent, None, {})
    assert child.kind == "imported" and child.parent_id == parent.id and not child.digest
    assert child.parameters == parent.parameters == A1111
    with Image.open(gallery.file_of(child.sha256)) as image:
        assert image.text == {"parameters": A1111, "workflow": '{"nodes": []}'}
