"""Asks before a window or a dialog is closed on work that would be lost with it."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QGridLayout, QMessageBox, QSpacerItem, QWidget

from viewer.core.jobs import Jobs

BESIDE: Final = 26
"""Letters' widths that a title bar has for its buttons and icon beside the title."""


def may_stop(parent: QWidget, jobs: Jobs) -> bool:
    """Whether the window may close: nothing long is being written, or the user wants it stopped.

    The question goes by itself once there is nothing left to stop, and nothing is closed then.
    """
    if not jobs.long_writes:
        return True
    what = jobs.long_writes[0]
    importing = what.startswith("Importing ")
    said = "An import is going on." if importing else f"Not finished yet: {what[:1].lower()}{what[1:]}."
    box = QMessageBox(QMessageBox.Icon.Question, "Close the project", f"{said} Stop it and close?", parent=parent)
    box.setInformativeText("Nothing of it will be in the project.")
    stop = box.addButton("Stop and close", QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton("Keep open", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    _widen(box)

    def look() -> None:
        if not jobs.long_writes:
            stay.click()

    jobs.long_ended.connect(look)
    box.exec()
    jobs.long_ended.disconnect(look)
    answer = box.clickedButton() is stop
    box.deleteLater()
    return answer


def may_leave_import(parent: QWidget, columns: int) -> bool:
    """Whether the dialog of a table may close: no columns were given their meaning by hand, or the user says so."""
    if not columns:
        return True
    box = QMessageBox(QMessageBox.Icon.Question, "Leave the import", "Leave the import?", parent=parent)
    which = "the column" if columns == 1 else f"the {columns} columns"
    box.setInformativeText(f"The meaning of {which} that you set is lost.")
    leave = box.addButton("Leave", QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    _widen(box)
    box.exec()
    answer = box.clickedButton() is leave
    box.deleteLater()
    return answer


def _widen(box: QMessageBox) -> None:
    """Make room for the title of a box, which Qt makes as wide as its text alone. Once all else is in it."""
    metrics, grid = box.fontMetrics(), box.layout()
    assert isinstance(grid, QGridLayout)
    width = metrics.horizontalAdvance(box.windowTitle()) + BESIDE * metrics.averageCharWidth()
    grid.addItem(QSpacerItem(width, 0), grid.rowCount(), 0, 1, grid.columnCount())
