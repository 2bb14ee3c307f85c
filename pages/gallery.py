"""Gallery: everything made or imported, to find, rate, compare and reuse."""

from studio.ui.gallery import compare as gallery_compare
from studio.ui.gallery import detail as gallery_detail
from studio.ui.gallery import listing as gallery_list
from studio.ui.gallery import overview as gallery_overview
from studio.ui.gallery import state as gallery_state

gallery_list.take_acts()
gallery_list.show_style()
compared, opened = gallery_state.compared(), gallery_state.opened()
if compared is not None:
    gallery_compare.show(compared)
elif opened is not None:
    gallery_detail.show(opened)
else:
    gallery_overview.show()
