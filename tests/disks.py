"""Disks that really fill up and really fail, where this machine lets somebody mount one."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

SIZE = 32 * 1024 * 1024  # bytes; twice what gpbot wants to see free


class Disk:
    """A small file system of its own at `folder`; without the right to mount one, a limit on every file written."""

    def __init__(self, folder: Path, *, mounted: bool) -> None:
        self.folder = folder
        self.is_mounted = mounted

    @property
    def free(self) -> int:
        """Bytes."""
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    @contextmanager
    def full(self, *, but: int = 0, process: int = 0) -> Iterator[None]:
        """No room for another byte, but for `but` bytes; `process` (0: this one) is who writes to it."""
        if not self.is_mounted:
            with no_file_may_grow(process):
                yield
            return
        ballast = self.folder / "ballast"
        with ballast.open("wb") as file:
            while (room := self.free - but) > 0:
                with suppress(OSError):  # somebody else took a part of it meanwhile
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, room)
        try:
            yield
        finally:
            ballast.unlink()


@contextmanager
def no_file_may_grow(process: int = 0) -> Iterator[None]:
    """The kernel refuses that process (0: this one) every write past the first byte of any file."""
    soft, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    folder.mkdir()
    mounted = _can("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder))
    try:
        yield Disk(folder, mounted=mounted)
    finally:
        if mounted:
            _run("umount", str(folder))


class FailingDisk:
    """An ext4 file system in a file, which the kernel stops writing to when it is told that the disk failed."""

    def __init__(self, image: Path, folder: Path) -> None:
        self._image = image
        self.folder = folder

    def mount(self) -> None:
        if not _can("mount", "-o", "loop", str(self._image), str(self.folder)):
            pytest.skip("This machine lets nobody mount a disk: a failing one cannot be played for real here.")

    def unmount(self) -> None:
        _run("umount", str(self.folder))

    def keep(self) -> None:
        """What is there now survives; from here on that is up to the writer."""
        _run("sync", "--file-system", str(self.folder))

    def fail(self) -> None:
        """As after an error of the disk: what is open stays open, and nothing is written any more."""
        _run("mount", "-o", "remount,abort", str(self.folder))


@contextmanager
def failing_disk(folder: Path) -> Iterator[FailingDisk]:
    image = folder.with_suffix(".img")
    with image.open("wb") as file:
        file.truncate(SIZE)
    if not _can("mkfs.ext4", "-q", str(image)):
        pytest.skip("There is no mkfs.ext4 here: a failing disk cannot be played for real.")
    folder.mkdir()
    disk = FailingDisk(image, folder)
    disk.mount()
    try:
        yield disk
    finally:
        disk.unmount()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  (the system's own mount and umount)


def _can(*command: str) -> bool:
    try:
        _run(*command)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
