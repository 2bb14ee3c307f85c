"""Pictures and uploads: files by content hash, one row each, and recipes that travel inside the PNG."""

from studio.gallery.metadata import Metadata
from studio.gallery.metadata import read as read_metadata
from studio.gallery.pictures import Picture
from studio.gallery.provenance import Provenance
from studio.gallery.repair import RepairReport
from studio.gallery.store import Gallery

__all__ = ["Gallery", "Metadata", "Picture", "Provenance", "RepairReport", "read_metadata"]
