"""Pictures and uploads: files by content hash, one row each, and recipes that travel inside the PNG."""

from studio.gallery.browsing import Lineage
from studio.gallery.counting import Facets
from studio.gallery.metadata import Metadata
from studio.gallery.metadata import read as read_metadata
from studio.gallery.pictures import Picture
from studio.gallery.provenance import Provenance
from studio.gallery.query import Query
from studio.gallery.repair import RepairReport
from studio.gallery.store import Gallery

__all__ = [
    "Facets",
    "Gallery",
    "Lineage",
    "Metadata",
    "Picture",
    "Provenance",
    "Query",
    "RepairReport",
    "read_metadata",
]
