"""How Sphinx builds the documentation: `make docs`."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from pywats import __version__

# The documents are a million small objects that stay to the end. To look through them again and
# again for garbage takes a quarter of the time of a build.
gc.disable()

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "extensions"))

project = "pywats"
author = "The pywats authors"
project_copyright = f"2026, {author}"
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinx_design",
    "api_names",
    "break_names",
    "code_titles",
    "google_docstrings",
    "signatures",
    "sync_first",
    "test_marks",
]

repository = "https://github.com/pywats/pywats"

# What is copied from a console block is its commands, without prompts and output.
copybutton_prompt_text = r"\$ |PS> |>>> |\.\.\. "
copybutton_prompt_is_regexp = True
copybutton_line_continuation_character = "\\"

# A name between backticks in a docstring is a reference, and it must lead somewhere.
nitpicky = True
default_role = "py:obj"

# Links to headings work as they do on GitHub.
myst_heading_anchors = 6
myst_enable_extensions = ["colon_fence"]
myst_html_meta = {
    "description": "Call async Python services from synchronous code, with one trace id in every "
    "log line, span, request header and error.",
}

# Quotes stay as they are written; dashes Sphinx writes itself.
smartquotes_action = "D"

autodoc_default_options = {"members": True, "exclude-members": "model_config, model_post_init"}
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
maximum_signature_line_length = 88

html_theme = "furo"
html_title = f"pywats {version}"
html_static_path = [str(HERE / "static")]
html_css_files = ["site.css"]
html_favicon = str(HERE / "static" / "favicon.svg")
html_theme_options = {
    "source_repository": repository,
    "source_branch": "main",
    "source_directory": "docs/",
    "footer_icons": [{"name": "Repository", "url": repository, "html": "Repository", "class": ""}],
}
html_copy_source = False
