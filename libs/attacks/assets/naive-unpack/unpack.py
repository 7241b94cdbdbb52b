"""Unpacks an archive as a careless program does: whatever it holds, wherever it points. Usage: unpack.py ARCHIVE FOLDER"""

import sys
import tarfile
import zipfile

archive, folder = sys.argv[1:]
if zipfile.is_zipfile(archive):
    zipfile.ZipFile(archive).extractall(folder)
else:
    # Newer Pythons refuse the worst by themselves, unless told not to.
    trusting = {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}
    tarfile.open(archive).extractall(folder, **trusting)
