"""Gallery: everything made or imported, to find, rate, compare and reuse."""

from studio.ui import gallery_compare, gallery_detail, gallery_list, gallery_overview, gallery_state

gallery_list.take_acts()
gallery_list.show_style()
compared, opened = gallery_state.compared(), gallery_state.opened()
if compared is not None:
    gallery_compare.show(compared)
elif opened is not None:
    gallery_detail.show(opened)
else:
    gallery_overview.show()
