"""Which kind of file system holds a path: on one shared by hosts, SQLite's WAL and local sockets must not be used."""

from __future__ import annotations

import os
import re
from pathlib import Path

LOCAL = frozenset(
    [
        "ext2",
        "ext3",
        "ext4",
        "xfs",
        "btrfs",
        "zfs",
        "f2fs",
        "tmpfs",
        "ramfs",
        "overlay",
        "aufs",
        "bcachefs",
        "reiserfs",
        "jfs",
        "vfat",
        "exfat",
        "ntfs3",
        "squashfs",
    ]
)


def is_network(path: Path, mountinfo: str | None = None) -> bool:
    """Whether ``path`` lies on a file system that other hosts may mount; unknown kinds (any FUSE) count as network.

    ``mountinfo`` is the text of /proc/self/mountinfo (proc_pid_mountinfo(5)), read when not given. Where there is
    none (macOS), the answer comes from the kind of volume: only what is plainly local counts as local.
    """
    if mountinfo is None:
        try:
            mountinfo = Path("/proc/self/mountinfo").read_text(errors="surrogateescape")
        except OSError:
            return _is_network_without_proc(path)
    return _kind(os.path.realpath(path), mountinfo) not in LOCAL


def is_shared(path: Path, said: str) -> bool:
    """As ``is_network``, unless somebody has ``said`` yes (``auto``: nobody has)."""
    return said == "yes" or is_network(path)


def _kind(path: str, mountinfo: str) -> str:
    """The type of the file system mounted closest above ``path``; of several at one place the last one counts."""
    best, kind = "", ""
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        mount_point = re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), before.split()[4])
        inside = path == mount_point or path.startswith(mount_point.rstrip("/") + "/")
        if inside and len(mount_point) >= len(best):
            best, kind = mount_point, after.split()[0]
    return kind


def _is_network_without_proc(path: Path) -> bool:
    return str(os.path.realpath(path)).startswith(("/Volumes/", "/net/", "/Network/"))
