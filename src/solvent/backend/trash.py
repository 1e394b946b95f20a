"""Removing what is in the trash for good: rows and files, near or far.

A broken-off collection leaves nothing that looks alive: what was claimed can't be restored, and the
next collection goes on with it (``wire.trash``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from solvent.artifacts.local import LocalArtifacts
from solvent.artifacts.paths import PROXY_SCHEME
from solvent.artifacts.protocol import ArtifactStore
from solvent.backend.protocol import Backend
from solvent.errors import InvalidInput, SolventError
from solvent.wire.base import Wire
from solvent.wire.trash import (
    ClaimTrash,
    ListTrash,
    PurgeTrash,
    SweepStore,
    SweepUploads,
    Trashed,
)

_BATCH = 100
_MOST_FOLDERS = 10_000
_MADE_ID = re.compile(r"(m-)?[0-9a-f]{32}")
_KEEP_FILES = "--keep-files removes it all the same and leaves the files"


class Collected(Wire, omit_defaults=False):
    """What was removed, or with ``dry_run`` what would be. Sizes in bytes.

    ``file_bytes`` and ``upload_bytes`` are back on the disk; ``database_bytes`` too, and
    ``database_unused`` is room inside the database that new rows will use. ``kept`` must stay, with
    reasons; ``failed`` will be tried again by the next collection.
    """

    dry_run: bool = False
    runs: int = 0
    logged_models: int = 0
    experiments: int = 0
    files: int = 0
    file_bytes: int = 0
    uploads: int = 0
    upload_bytes: int = 0
    keys: int = 0
    datasets: int = 0
    database_bytes: int = 0
    database_unused: int = 0
    kept: list[Trashed] = []
    failed: list[Trashed] = []

    @property
    def freed(self) -> int:
        """Bytes that are back on the disk."""
        return self.file_bytes + self.upload_bytes + self.database_bytes


def collect(
    backend: Backend,
    choice: ListTrash,
    *,
    dry_run: bool = False,
    keep_files: bool = False,
    vacuum: bool = False,
    progress: Callable[[Collected], None] = lambda _: None,
) -> Collected:
    """Remove what ``choice`` selects, and then what nothing refers to any more.

    ``keep_files`` removes rows alone, and with them all knowledge of where their files are.

    Raises:
        InvalidInput, NotFound: a thing that was named is not in the trash.
    """
    report = Collected(dry_run=dry_run)
    collector = _Collector(backend, report, keep_files=keep_files, progress=progress)
    if dry_run:
        collector.count(choice)
    else:
        collector.remove(choice)
        swept = backend.call(SweepStore(vacuum=vacuum))
        report.keys, report.datasets = swept.keys, swept.datasets
        report.database_bytes = max(swept.size_before - swept.size, 0)
        report.database_unused = swept.unused
    uploads = backend.call(SweepUploads(dry_run=dry_run))
    report.uploads, report.upload_bytes = uploads.files, uploads.bytes
    return report


class _Collector:
    def __init__(
        self, backend: Backend, report: Collected, *, keep_files: bool, progress: Callable[[Collected], None]
    ) -> None:
        self._backend = backend
        self._report = report
        self._keep_files = keep_files
        self._progress = progress

    def count(self, choice: ListTrash) -> None:
        for item in _listed(self._backend, choice):
            if reason := item.kept or self._unreachable(item):
                self._keep(item, reason)
            else:
                if item.folder and not self._keep_files:
                    self._add_files(_sizes(self._files(item), item.folder))
                self._add(item)

    def remove(self, choice: ListTrash) -> None:
        whole = [item for item in _listed(self._backend, choice) if item.kind == "experiment"]
        experiments = self._claimed(whole, choice.before)
        for batch in _batches(item for item in _listed(self._backend, choice) if item.kind != "experiment"):
            free = self._claimed([item for item in batch if not item.with_experiment], choice.before)
            self._purge([item for item in free if self._delete_files(item)])
        for batch in _batches(iter(experiments)):
            self._purge([item for item in batch if self._delete_location(item)])

    def _claimed(self, items: list[Trashed], before: int | None) -> list[Trashed]:
        """Those of the items that are claimed now."""
        wanted = []
        for item in items:
            if reason := item.kept or self._unreachable(item):
                self._keep(item, reason)
            else:
                wanted.append(item)
        claimed: set[tuple[str, str]] = set()
        for kind in {item.kind for item in wanted}:
            ids = _ids(wanted, kind)
            for start in range(0, len(ids), _BATCH):
                answer = self._backend.call(_claim(kind, ids[start : start + _BATCH], before))
                claimed |= {(kind, given) for given in answer.claimed}
                for item in answer.kept:
                    self._keep(item, item.kept)
        return [item for item in wanted if (item.kind, item.id) in claimed]

    def _unreachable(self, item: Trashed) -> str:
        """Why the item's files can't be removed, empty if they can."""
        if self._keep_files:
            return ""
        try:
            self._files(item)
        except InvalidInput as error:
            return f"{error}; {_KEEP_FILES}"
        ours = item.location.startswith(PROXY_SCHEME)
        if not ours and item.kind != "experiment" and not _MADE_ID.fullmatch(item.id):
            return f"its id was chosen, so that a folder of that name in {item.location} may be somebody else's; {_KEEP_FILES}"
        return ""

    def _delete_files(self, item: Trashed) -> bool:
        """Whether the item has no files any more (or they are to be kept)."""
        if self._keep_files:
            return True
        try:
            files = self._files(item)
            sizes = list(_sizes(files, item.folder))
            own = item.folder.rpartition("/")[0]
            if [info.path for info in files.list(own)] == [item.folder]:
                files.delete(own)  # nothing else lies in it: one deletion, and one sync, for both
            else:
                files.delete(item.folder)
                _delete_empty(files, own)
            self._add_files(sizes)
        except SolventError as error:
            self._fail(item, str(error))
            return False
        return True

    def _delete_location(self, item: Trashed) -> bool:
        """Remove an experiment's own folder, if it is one of ours and empty."""
        if not self._keep_files and item.location.rstrip("/") == f"{PROXY_SCHEME}/{item.id}":
            try:
                files = self._backend.artifacts(PROXY_SCHEME + "/")
                _delete_empty(files, f"{item.id}/models")
                _delete_empty(files, item.id)
            except SolventError as error:
                self._fail(item, str(error))
                return False
        return True

    def _purge(self, items: list[Trashed]) -> None:
        if not items:
            return
        request = PurgeTrash(
            run_ids=_ids(items, "run"),
            logged_model_ids=_ids(items, "logged_model"),
            experiment_ids=_ids(items, "experiment"),
        )
        while not self._backend.call(request).done:
            self._progress(self._report)
        for item in items:
            self._add(item)

    def _files(self, item: Trashed) -> ArtifactStore:
        return self._backend.artifacts(item.location)

    def _add(self, item: Trashed) -> None:
        counter = f"{item.kind}s"
        setattr(self._report, counter, getattr(self._report, counter) + 1)
        self._progress(self._report)

    def _add_files(self, sizes: Iterable[int]) -> None:
        for size in sizes:
            self._report.files += 1
            self._report.file_bytes += size

    def _keep(self, item: Trashed, reason: str) -> None:
        item.kept = reason
        self._report.kept.append(item)

    def _fail(self, item: Trashed, reason: str) -> None:
        item.kept = reason
        self._report.failed.append(item)


def _listed(backend: Backend, choice: ListTrash) -> Iterator[Trashed]:
    token: str | None = None
    while True:
        request = ListTrash(
            before=choice.before,
            run_ids=choice.run_ids,
            experiment_ids=choice.experiment_ids,
            logged_model_ids=choice.logged_model_ids,
            page_token=token,
        )
        answer = backend.call(request)
        yield from answer.items
        token = answer.next_page_token
        if not token:
            return


def _claim(kind: str, ids: list[str], before: int | None) -> ClaimTrash:
    if kind == "run":
        return ClaimTrash(run_ids=ids, before=before)
    if kind == "logged_model":
        return ClaimTrash(logged_model_ids=ids, before=before)
    return ClaimTrash(experiment_ids=ids, before=before)


def _batches(items: Iterator[Trashed]) -> Iterator[list[Trashed]]:
    batch: list[Trashed] = []
    for item in items:
        batch.append(item)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _ids(items: Iterable[Trashed], kind: str) -> list[str]:
    return [item.id for item in items if item.kind == kind]


def _sizes(files: ArtifactStore, folder: str) -> Iterator[int]:
    """The sizes of the files below a folder; over HTTP of those in its first 10,000 folders."""
    if isinstance(files, LocalArtifacts):
        yield from files.sizes(folder)
        return
    waiting = [folder]
    for _ in range(_MOST_FOLDERS):
        if not waiting:
            return
        with suppress(InvalidInput):  # a link that leads out, or a path that got too long by links
            for info in files.list(waiting.pop()):
                if info.is_dir:
                    waiting.append(info.path)
                else:
                    yield info.file_size or 0


def _delete_empty(files: ArtifactStore, folder: str) -> None:
    """Remove a folder in which nothing is left."""
    if not files.list(folder):
        files.delete(folder)
