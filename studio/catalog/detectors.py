"""Networks that find poses in pictures: which there are, where their weights come from, what their numbers mean.

Every pose network is of the RTMPose kind, run by rtmlib. To add one, add one entry; page, command line and worker pick
it up. All addresses are the publishers' own, all sizes and hashes belong to what lies there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio.catalog import names
from studio.catalog.remote import RemoteFile
from studio.errors import UnknownName
from studio.settings import Settings

_OPENMMLAB = "https://download.openmmlab.com/mmpose/v1/projects/"


@dataclass(frozen=True, slots=True)
class Network:
    """One ONNX file and how it is come by."""

    file: str
    """Its name in the detectors folder; for a bundled one its path in the starter's folder."""
    width: int
    """Of the network's input, in pixels."""
    height: int
    remote: RemoteFile | None = None
    """Where it is published: the file itself, or an archive that holds it. None: it comes with the studio."""
    member: str = ""
    """Its name inside the archive."""
    size: int = 0
    """In bytes, once unpacked."""
    sha256: str = ""
    """Of the unpacked file."""


@dataclass(frozen=True, slots=True)
class DetectorSpec:
    """A way to find poses."""

    label: str
    help: str
    pose: Network
    person: Network | None
    """Finds the people first. None: the whole picture is taken for one person."""
    full_score: float
    """The network's score for a joint in plain sight; confidences are scores divided by it."""


HUMANART = Network(
    "yolox_m_humanart.onnx",
    640,
    640,
    RemoteFile(
        f"{_OPENMMLAB}rtmposev1/onnx_sdk/yolox_m_8xb8-300e_humanart-c2c7a14a.zip",
        "yolox_m_8xb8-300e_humanart-c2c7a14a.zip",
        94_223_081,
        "a000224fd8ba283202bc62d4a5fcdfe353adb9f468777dbac1ea2ada2093adde",
    ),
    "end2end.onnx",
    101_400_344,
    "3dea6513388889f0fff4b77bf7a26013600321b9eb9ceb0e9a400a82572f5f23",
)
"""Finds people in photos and in drawings; detectors trained on photos alone are blind to anime."""

# RTMW was trained with a loss of temperature 1 where RTMPose and DWPose had 10, so its raw peaks are several times
# higher: 3 to 8 for joints in sight instead of about 1.
_RTMW_SCORE = 6.0

DETECTORS: dict[str, DetectorSpec] = {
    "rtmw": DetectorSpec(
        "RTMW large",
        "Body, hands and face; the most exact. Photos, renders and anime.",
        Network(
            "rtmw_l_384x288.onnx",
            288,
            384,
            RemoteFile(
                f"{_OPENMMLAB}rtmw/onnx_sdk/rtmw-dw-x-l_simcc-cocktail14_270e-384x288_20231122.zip",
                "rtmw-dw-x-l_simcc-cocktail14_270e-384x288_20231122.zip",
                213_433_855,
                "a87e1af41a0a067776dba7d46e1c21c8f6e9f18e247e0e606718dd1f31e96ffd",
            ),
            "end2end.onnx",
            229_320_930,
            "bd033156e5104c4f5d2edfe0453e02661e30a2f3da453ec93c8764d561b83054",
        ),
        HUMANART,
        _RTMW_SCORE,
    ),
    "rtmw-fast": DetectorSpec(
        "RTMW large, small input",
        "Body, hands and face; about half the work of the large input, hands less exact.",
        Network(
            "rtmw_l_256x192.onnx",
            192,
            256,
            RemoteFile(
                f"{_OPENMMLAB}rtmw/onnx_sdk/rtmw-dw-x-l_simcc-cocktail14_270e-256x192_20231122.zip",
                "rtmw-dw-x-l_simcc-cocktail14_270e-256x192_20231122.zip",
                212_739_469,
                "1e3e77558dfc199129bfff1c583e51b4ee190914de6ae30688243c20163c148c",
            ),
            "end2end.onnx",
            228_708_578,
            "9a9bc17c13ff0a1e37507f45a037a21bc410cd08374b0e664c57d0080843aa58",
        ),
        HUMANART,
        _RTMW_SCORE,
    ),
    "dwpose": DetectorSpec(
        "DWPose",
        "Body, hands and face; what most ControlNet pictures were made with. The smallest download.",
        Network(
            "dw-ll_ucoco_384.onnx",
            288,
            384,
            RemoteFile(
                "https://huggingface.co/yzd-v/DWPose/resolve/main/dw-ll_ucoco_384.onnx",
                "dw-ll_ucoco_384.onnx",
                134_399_116,
                "724f4ff2439ed61afb86fb8a1951ec39c6220682803b4a8bd4f598cd913b1843",
            ),
            size=134_399_116,
            sha256="724f4ff2439ed61afb86fb8a1951ec39c6220682803b4a8bd4f598cd913b1843",
        ),
        HUMANART,
        1.0,
    ),
    "starter": DetectorSpec(
        "Starter",
        "Comes with the studio, needs no download. The body of one figure that fills the picture, in simple drawings.",
        Network("pose/starter-pose.onnx", 192, 256),
        None,
        1.0,
    ),
}
BEST = "rtmw"


def detector_folder(settings: Settings) -> Path:
    """Where detectors' weights lie, downloaded or put there by hand."""
    return settings.models / "detectors"


def network_path(settings: Settings, network: Network) -> Path:
    """Where ``network`` lies, or will lie."""
    return (settings.starter if network.remote is None else detector_folder(settings)) / network.file


def networks_of(spec: DetectorSpec) -> tuple[Network, ...]:
    """What ``spec`` needs, in the order of use."""
    return (spec.person, spec.pose) if spec.person else (spec.pose,)


def missing_bytes(settings: Settings, spec: DetectorSpec) -> int:
    """How much has to be downloaded before ``spec`` can be used."""
    needed = [network for network in networks_of(spec) if not network_path(settings, network).is_file()]
    return sum(network.remote.size for network in needed if network.remote)


def list_detectors(settings: Settings) -> list[str]:
    """Names of the detectors this studio can offer: all that can be downloaded, and what came with it."""
    return [
        name
        for name, spec in DETECTORS.items()
        if all(network.remote or network_path(settings, network).is_file() for network in networks_of(spec))
    ]


def default_detector(settings: Settings) -> str:
    """The one to take when nobody chose: the best on this machine, else the best of all."""
    offered = list_detectors(settings)
    ready = [name for name in offered if not missing_bytes(settings, DETECTORS[name])]
    downloaded = [name for name in ready if name != "starter"]
    if downloaded or not settings.offline:
        return (downloaded or [BEST])[0]
    return ready[0] if ready else BEST


def suited_detector(settings: Settings, family: str | None) -> str:
    """The one to take for pictures of a family of checkpoints: the starter's own knows its drawings best."""
    return "starter" if family == "starter" and "starter" in list_detectors(settings) else default_detector(settings)


def find_detector(settings: Settings, name: str) -> DetectorSpec:
    """The detector called ``name``.

    Raises:
        UnknownName: there is none; the hint offers near names.
    """
    offered = list_detectors(settings)
    found = names.match(name, offered)
    if found is None:
        raise UnknownName(f"There is no pose detector called {name[:60]!r}.", names.hint(name, offered))
    return DETECTORS[found]
