"""Prompts: the library of words and templates, and one's own, to click into the prompt of Generate."""

from studio.ui.prompts import page as prompts_page

prompts_page.begin()
prompts_page.show()
prompts_page.end()
