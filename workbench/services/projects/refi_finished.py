"""What coders have finished and settled, as sets of a REFI-QDA project of our own, both ways.

In: documents by coder. Out: sets such as `done: Asha` with the texts; and of such sets, reading
states of the documents that came in with them. The share of what is not read yet, and the consensus
of documents that one person has coded, hang on these.

A text of all answers of a respondent stands for them where all are done; else its answers are
listed by name in the set's description.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from workbench.domain.refi_descriptions import describe_finished, read_finished
from workbench.domain.refi_terms import SetKind, read_set_name
from workbench.services.projects.refi_import_people import Coders
from workbench.services.projects.refi_import_run import Run
from workbench.services.projects.refi_work import Work
from workbench.store.projects import project_rows, refi_states
from workbench.store.projects.refi_states import Finished

AddSet = Callable[[SetKind, str, str, Sequence[str]], None]
"""Told the kind and name of a set, its description and its sources."""


def add_finished(
    work: Work, guids: Mapping[int, str], names: Mapping[int, str], add: AddSet
) -> None:
    """Make the sets of who is done with what.

    Parameters
    ----------
    guids, names
        Of the sources of documents, by key; several documents may be in one source.
    """
    done = refi_states.done_documents(work.connection, work.study_id)
    settled: Finished = {}
    if work.choice.consensus:
        settled = refi_states.settled_documents(work.connection, work.study_id, work.sight)
    together: dict[str, set[int]] = {}
    for key, guid in guids.items():
        together.setdefault(guid, set()).add(key)
    kinds: tuple[tuple[SetKind, Finished], ...] = (("done", done), ("settled", settled))
    for kind, finished in kinds:
        for coder_id, listed in finished.items():
            here = dict.fromkeys(key for key in listed if key in guids)
            whole = [guids[key] for key in here if together[guids[key]] <= here.keys()]
            parts = [names[key] for key in here if not together[guids[key]] <= here.keys()]
            if here:
                work.users.guid(coder_id)
                shown = work.users.name(coder_id)
                add(kind, shown, describe_finished(kind, shown, parts), list(dict.fromkeys(whole)))


def bring_finished(run: Run, coders: Coders) -> None:
    """Note who is done with the documents that came in, and in which differences are settled."""
    if not run.is_ours:
        return
    by_name = {source.name: source.guid for source in run.project.sources if source.kind == "text"}
    users = {user.name: user.guid for user in run.project.users}
    for one in run.project.sets:
        named = read_set_name(one.name)
        if named is None or named[0] not in ("done", "settled") or named[1] not in users:
            continue
        listed = [by_name.get(name, "") for name in read_finished(one.description)]
        texts = [run.texts[guid] for guid in (*one.sources, *listed) if guid in run.texts]
        coder = coders.of(users[named[1]])
        new = {text.id for text in texts
               if text.is_new and (not text.hidden or coder.id == run.actor.id)}  # fmt: skip
        if not new:
            continue
        coder = coders.come_in(coder)
        if run.rehearses:
            continue
        if named[0] == "done":
            refi_states.set_done(run.connection, coder.id, new, run.begun_at)
        elif run.is_new:
            project_rows.settle(run.connection, new, coder.id, run.begun_at)
