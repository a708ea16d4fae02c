"""The overlays of the map together: where each stands, what they say, and which ground they cover."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from db.queries import STATUS_CODES
from db.values import OPEN_PAST, Status
from viewer.core.countries import country_name
from viewer.core.desk import Desk
from viewer.core.index import Moment
from viewer.core.state import EVER
from viewer.look.theme import ThemeManager
from viewer.models.layer_colors import layer_color
from viewer.models.wording import STATUS_WORDS
from viewer.views.map.choices import map_menu, show_above
from viewer.views.map.crowd import STEPS, TONES, tone_color
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.levels import Level
from viewer.views.map.notices import notice_for
from viewer.views.map.overlays.buttons import ButtonCard
from viewer.views.map.overlays.date_card import DateCard, figures, trail_words
from viewer.views.map.overlays.legend import Entry, Legend, Tones
from viewer.views.map.overlays.measure_card import MeasureCard
from viewer.views.map.overlays.notice import Notice, NoticeCard, Offer
from viewer.views.map.overlays.pointers import PointerChips
from viewer.views.map.overlays.readout import Readout
from viewer.views.map.overlays.scale import FOOT, LONGEST, LOW_FOOT, ScaleLine
from viewer.views.map.picture import MapPicture
from viewer.views.map.pointers import Pointer, point_out
from viewer.widgets.buttons import IconButton

EDGE: Final = 14
CREDITS: Final = "Natural Earth · GeoNames CC BY 4.0 · SRTM30 · GSHHG"
_PICK: Final = "Click the map to place the event. Esc cancels."
_LEGEND_MARK: Final = 5.2
_FEW_MARKS: Final = 120
"""Up to so many marks the pointers look for a spot clear of them."""
_FOOT: Final = 18
"""From the legend down to the edge of the map: the credits lie there."""
_LOW: Final = 200
_FEW_POINTERS: Final = 2
"""A map lower than this has no legend, and only so many pointers: else they cover it."""
_SMALL: Final = (760, 420)
"""On a map narrower or lower than this date card, callout and pointers are small."""


class Panel:
    """Owns the overlay widgets of one map."""

    def __init__(
        self,
        desk: Desk,
        look: ThemeManager,
        parent: QWidget,
        zoom: Callable[[float], None],
        fly: Callable[[Pointer], None],
        layers: Callable[[str], object] | None = None,
    ) -> None:
        """``zoom`` takes a factor, ``fly`` goes to what a pointer points at; ``layers`` as map_menu has it."""
        self._desk, self._look = desk, look
        self.date = DateCard(look, parent)
        self.legend = Legend(look, parent)
        self.closer = IconButton(look, "plus", "Zoom in", "+")
        self.wider = IconButton(look, "minus", "Zoom out", "-")
        self.style = IconButton(look, "layers", "Style, projection and layers of the map")
        self.closer.clicked.connect(lambda: zoom(2.0))
        self.wider.clicked.connect(lambda: zoom(0.5))
        self.style.clicked.connect(lambda: show_above(map_menu(desk, parent, layers), self.style))
        self._zoom_card = ButtonCard(look, parent, [self.closer, self.wider])
        self.ruler = IconButton(look, "ruler", "Measure distance and area", checkable=True)
        desk.keymap.bind("measure", self.ruler.set_keys)
        self._style_card = ButtonCard(look, parent, [self.ruler, self.style])
        self._scale = ScaleLine(look, CREDITS)
        self.pointers = PointerChips(look, parent, fly)
        self.notice = NoticeCard(look, parent)
        self.banner = NoticeCard(look, parent)
        self.measured = MeasureCard(look, parent)
        self.readout = Readout(look, parent)
        self._cover: Rect | None = None
        self._beside = False  # the legend ends before the buttons and the scale bar, which reach to the credits
        self._view = Viewport(0.5, 0.5, 1000.0, 1000, 600)

    # Where they are

    def cover(self, rect: Rect | None) -> None:
        """A part of the map is covered by something else, which moves nothing here."""
        self._cover = rect

    def foot(self) -> float:
        """How high the legend reaches up from the foot of the map at most, with its distance, px."""
        return max(self._view.height - self._legend_room().y, self._look.theme.px(_FOOT)) + self._look.theme.px(8)

    def _legend_room(self) -> Rect:
        kinds = [] if self._is_low else self._kinds(set(self._desk.data.loaded.kinds))
        table = self.legend.fit(kinds, *self._room(), self._small)
        width, height = (table.width, table.height) if table else (0, 0)
        return Rect(EDGE, self._view.height - self._look.theme.px(_FOOT) - height, width, height)

    def arrange(self, view: Viewport) -> None:
        """Stand where they belong on a map of the viewport's size and scale."""
        self._view = view
        px = self._look.theme.px
        self.date.arrange(EDGE, EDGE, small=self.is_small)
        length = self._zoom_card.length() + px(8) + self._style_card.length()
        self._beside = self.is_small and self._fits_beside(length)
        self._scale.stand(px(LOW_FOOT if self._beside else FOOT), EDGE)
        bar, _credit = self._scale.rects(view)
        right, bottom = float(view.width - EDGE), bar.y - px(12)
        flat = bottom - length < EDGE
        if flat and self._beside:  # in the corner, the bar before them
            bottom = bar.bottom
            self._scale.stand(px(LOW_FOOT), EDGE + length + px(12))
        left, top = self._zoom_card.arrange(right, bottom, flat=flat)
        if flat:
            right = left - px(8)
        else:
            bottom = top - px(8)
        self._style_card.arrange(right, bottom, flat=flat)
        self.readout.arrange(view.height)
        self.measured.arrange(EDGE, EDGE if self.date.isHidden() else self.date.body().bottom + px(8))

    @property
    def is_small(self) -> bool:
        """Whether there is little room for cards."""
        px = self._look.theme.px
        return self._view.width < px(_SMALL[0]) or self._view.height < px(_SMALL[1])

    @property
    def _is_low(self) -> bool:
        return self._view.height < self._look.theme.px(_LOW)

    def fixed(self) -> list[Rect]:
        """What is covered whatever is shown: fits keep events clear of it."""
        return [*self._cards(), *self._scale.room(self._view), self._legend_room()]

    def covered(self) -> list[Rect]:
        """What is covered now: labels keep clear of it."""
        return self.cards() + self.pointers.bodies()

    def cards(self) -> list[Rect]:
        """What is covered now but for the pointers: the callout keeps clear of it, and they of the callout."""
        shown = [each for each in (self.legend, self.notice, self.banner, self.measured) if not each.isHidden()]
        covers = [] if self._cover is None else [self._cover]
        scale = self._scale.rects(self._view)
        return [*self._cards(), *scale, *covers, *(each.body() for each in shown)]

    @property
    def _small(self) -> tuple[float, float] | None:
        return (self._view.width, self._view.height) if self.is_small else None

    def _fits_beside(self, buttons: float) -> bool:
        """Whether the legend has room beside buttons that stand in a row of such a length, and the scale bar."""
        px, view = self._look.theme.px, self._view
        room = view.width - 3 * EDGE - buttons - px(12) - px(LONGEST)
        kinds = self._kinds(set(self._desk.data.loaded.kinds))
        return room > 0 and (self._is_low or not kinds or self.legend.fit(kinds, room) is not None)

    def _cards(self) -> list[Rect]:
        rects = [self._style_card.body(), self._zoom_card.body()]
        return rects if self.date.isHidden() else [self.date.body(), *rects]

    def _room(self) -> tuple[float, float]:
        """How wide the legend may be in one row, and in several, which reach up beside the scale bar."""
        room = float(self._view.width - 2 * EDGE)
        if self._beside:
            bar, _credits = self._scale.room(self._view)
            room = bar.x - 2 * EDGE
            return room, room
        return room, room - self._look.theme.px(LONGEST) - EDGE

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """Paint what is no widget."""
        self._scale.paint(painter, view)

    # What they say

    def show_moment(self, moment: Moment) -> None:
        """The date card, for each frame."""
        view, index = self._desk.state.view, self._desk.data.index
        self.date.setVisible(self._desk.data.has_dates)  # without dated events the cursor stands nowhere
        recent = index.nowhere_at(view.time_cursor, view.trail)
        nowhere = index.nowhere_at(view.time_cursor, view.time_cursor - OPEN_PAST)
        lit, older = moment.lit_count + recent, moment.older_count + nowhere - recent
        self.date.show_lines(*figures(view, lit, older, len(moment.ahead), nowhere))

    def show_rest(self, picture: MapPicture) -> None:
        """Legend and notices, when things have come to rest."""
        view = picture.view
        self._show_legend(picture)
        self.notice.show_notice(
            notice_for(self._desk, picture.moment), view.width / 2, view.height * 0.4, view.width - 60
        )

    def show_pointers(self, picture: MapPicture) -> None:
        """Pointers, clear of the callout."""
        view, scene = picture.view, picture.scene
        pointers = point_out(picture.layer, scene, view, self._desk.data.loaded.places, country_name)
        marks = picture.mark_rects() if len(scene.stacks) <= _FEW_MARKS else []
        self.pointers.show(
            pointers[: _FEW_POINTERS if self._is_low else len(pointers)],
            view,
            [*self.cards(), *picture.callout_rects()],
            marks,
            small=self.is_small,
        )

    def hide_pointers(self) -> None:
        """What they counted is not so any more."""
        self.pointers.show((), self._view, ())

    def show_picking(self, active: bool) -> None:
        """The banner while a point is asked for."""
        notice = Notice(_PICK, offers=(Offer("Cancel", self._desk.picker.cancel),)) if active else None
        self.banner.show_notice(notice, self._view.width / 2, EDGE, self._view.width - 60)
        self.banner.raise_()

    def show_measured(self, figures: Sequence[str], hints: Sequence[str]) -> None:
        """What is being measured, if anything; the button shows that something is."""
        self.ruler.setChecked(bool(figures))
        self.measured.show_lines(figures, hints)

    def _show_legend(self, picture: MapPicture) -> None:
        if self._is_low:
            self.legend.hide()
            return
        drawn = [picture.looks.split(code) for code in picture.codes()]
        theme, px = self._look.theme, self._look.theme.px
        radius = _LEGEND_MARK * theme.scale
        every = list(self._desk.data.loaded.kinds)
        kinds = self._kinds({every[place] for place, _status, _supported in drawn if place < len(every)})
        if any(place >= len(every) for place, _status, _supported in drawn):
            mark = self._look.mark("circle", Status.OCCURRED, theme.pick(None, None), radius)
            kinds.append(Entry(mark, "No kind"))
        statuses = {status for _place, status, _supported in drawn}
        states = [
            Entry(self._look.mark("circle", status, theme.text3, radius), STATUS_WORDS[status])
            for status in STATUS_CODES
            if status in statuses and status is not Status.OCCURRED
        ]
        if not all(supported for _place, _status, supported in drawn):
            states.append(
                Entry(self._look.mark("circle", Status.OCCURRED, theme.text3, radius, supported=False), "No quote")
            )
        tones = self._tones() if picture.scene.level is Level.CELLS else None
        states = [*([] if tones else states), *self._layers(picture)]  # discs show none of an event's states
        self.legend.show_entries(kinds, states, EDGE, self._view.height - px(_FOOT), *self._room(), tones, self._small)

    def _tones(self) -> Tones:
        """What the tones of discs say of the trail."""
        trail, theme = self._desk.state.view.trail, self._look.theme
        when = "so far" if trail >= EVER else f"in the last {trail_words(trail)}"
        words = (f"Figure: events there. Tone: events {when}", f"Tone: events {when}", when[:1].upper() + when[1:])
        return Tones(words, "none", f"{STEPS[-1]} or more", tuple(tone_color(theme, tone) for tone in range(TONES)))

    def _layers(self, picture: MapPicture) -> list[Entry]:
        """The layers of shapes that show, the topmost first."""
        theme, radius = self._look.theme, _LEGEND_MARK * self._look.theme.scale
        rows = [] if picture.layers is None else [row for row in picture.layers.showing() if not row.is_raster]
        return [
            Entry(
                self._look.mark("square", Status.OCCURRED, layer_color(row.style.color, dark=theme.dark), radius),
                row.name,
            )
            for row in reversed(rows)
        ]

    def _kinds(self, ids: set[int]) -> list[Entry]:
        theme = self._look.theme
        radius = _LEGEND_MARK * theme.scale
        return [
            Entry(self._look.mark(row.shape, Status.OCCURRED, theme.pick(row.light, row.dark), radius), row.name)
            for row in self._desk.data.loaded.kinds.values()
            if row.id in ids
        ]
