"""What JupyterLab sees of the checkout's files."""

import re

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

# The notebooks that come with the checkout, as replklab.cli.MyNotebooks knows them.
ORIGINAL = re.compile(r"notebooks/\d+-[^/]*\.ipynb")


class Contents(AsyncLargeFileManager):
    """Files as ever, but for the checkout's notebooks: those are for reading, and their copies in my-notebooks/ for work.

    JupyterLab saves an open notebook by itself, and would write its own outputs over those that were reviewed.
    """

    def is_writable(self, path):
        return not ORIGINAL.fullmatch(path.strip("/")) and super().is_writable(path)
