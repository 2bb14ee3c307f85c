"""The prompt assistant: proposals from any OpenAI-compatible server, and a composer that needs none.

It proposes and explains; nothing here changes a prompt or a setting. What a person accepts is applied by the page.
"""
