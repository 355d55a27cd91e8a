"""All rules of a pack in one lazy automaton over token classes: adding a rule costs almost nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from timeline.temporal.patterns import Atom, Choice, Extent, Node, Slot, Tight
from timeline.temporal.tokens import Tokeniser

MAX_WALK = 32  # tokens a match may have; without the cap "one one one …" is quadratic
_MAX_STATES = 20_000  # the automaton is thrown away and regrown beyond this: memory stays flat on hostile text
_MAX_MEMO = 100_000  # distinct tokens remembered, likewise
_MAX_TOKEN = 40  # no word of a pack is longer: such tokens are not looked up, nor remembered
_DEAD = -1
END = -1  # stands after the last symbol of a text, so that a walk needs no bounds check

_NONE: list[tuple[int, tuple[int, ...]]] = []
Span = tuple[str, str, int, int]  # slot, kind, first token, token after the last; relative to the match


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a token is to the rules: the atoms it satisfies, and how it is joined to the next one."""

    atoms: frozenset[int]
    is_tight: bool  # no blank after it
    is_break: bool  # a paragraph ends after it


class Grammar:
    """Patterns compiled together. `add` them all, then `match`."""

    def __init__(self, tokeniser: Tokeniser, entries: Mapping[str, Sequence[str]]) -> None:
        self._tokeniser = tokeniser
        self._atoms: dict[str, int] = {}
        self._word_atoms: dict[str, list[str]] = {}
        self._entries = entries  # keys of one token → names of the classes it is in
        # The nondeterministic automaton: for each state its atom edges, free edges and what passing it marks.
        self._edges: list[tuple[int, int] | None] = []
        self._free: list[tuple[int, ...]] = []
        self._is_tight: list[bool] = []
        self._marks: list[tuple[str, str, str] | None] = []
        self._final: dict[int, int] = {}
        self._begins: list[int] = []
        self._root: dict[int, list[int]] = {}
        self._capture_memo: dict[tuple[int, tuple[int, ...]], tuple[tuple[Span, ...], int, int] | None] = {}
        self.symbols: list[Symbol] = []
        self._symbol_ids: dict[Symbol, int] = {}
        self.memo = _Memo(self)
        self.pairs = _Pairs(self)
        self._reset()

    # building -----------------------------------------------------------------------------------------------------

    def add(self, node: Node) -> int:
        """Compile one more pattern; its number is what `match` reports."""
        number = len(self._begins)
        end = self._state()
        self._final[end] = number
        self._begins.append(self._build(node, end))
        return number

    def _state(
        self,
        edge: tuple[int, int] | None = None,
        free: tuple[int, ...] = (),
        mark: tuple[str, str, str] | None = None,
        is_tight: bool = False,
    ) -> int:
        self._edges.append(edge)
        self._free.append(free)
        self._marks.append(mark)
        self._is_tight.append(is_tight)
        return len(self._edges) - 1

    def _build(self, node: Node, then: int) -> int:
        """States that match `node` and go on to `then`; the first of them."""
        if isinstance(node, Atom):
            return self._state((self._atom(node), then))
        if isinstance(node, Tight):
            return self._state(free=(then,), is_tight=True)
        if isinstance(node, Slot):
            close = self._state(free=(then,), mark=("close", node.name, node.kind))
            return self._state(free=(self._build(node.body, close),), mark=("open", node.name, node.kind))
        if isinstance(node, Extent):
            close = self._state(free=(then,), mark=("close", "", ""))
            return self._state(free=(self._build(node.body, close),), mark=("open", "", ""))
        if isinstance(node, Choice):
            return self._state(free=tuple(self._build(option, then) for option in node.options))
        for part in reversed(node.parts):
            then = self._build(part, then)
        return then

    def _atom(self, atom: Atom) -> int:
        name = atom.name + ("^" if atom.is_capital else "")
        return self._atoms.setdefault(name, len(self._atoms))

    def finish(self) -> None:
        """After the last `add`: index what can begin a match."""
        for state in self._closure(tuple(self._begins), is_tight=True):
            edge = self._edges[state]
            if edge:
                self._root.setdefault(edge[0], []).append(edge[1])

    # tokens → symbols ---------------------------------------------------------------------------------------------

    def symbol_of(self, token: str) -> int:
        """The symbol of a token with its trailing blanks."""
        bare = token.rstrip()
        blanks = token[len(bare) :]
        names = self._names(bare) if len(bare) <= _MAX_TOKEN else []
        atoms = frozenset(number for name in names if (number := self._atoms.get(name)) is not None)
        return self._intern(Symbol(atoms, not blanks, blanks.count("\n") > 1))

    def _intern(self, symbol: Symbol) -> int:
        number = self._symbol_ids.get(symbol)
        if number is None:
            number = self._symbol_ids[symbol] = len(self.symbols)
            self.symbols.append(symbol)
        return number

    def _names(self, bare: str) -> list[str]:
        key = self._tokeniser.key(bare)
        names = [f"={key}", "{any}", *(f"{{{name}}}" for name in self._entries.get(key, ()))]
        if key.isdecimal():
            names += [f"{{{shape}}}" for shape in shapes(key)]
        elif key.isalpha():
            names.append("{w}")
        if bare[:1].isupper():
            names += [f"{name}^" for name in names]
        return names

    # matching -----------------------------------------------------------------------------------------------------

    def _reset(self) -> None:
        self._steps: list[dict[int, int]] = [{}]
        self._states: list[tuple[int, ...]] = [()]
        self._accepts: list[tuple[int, ...]] = [()]
        self._ids: dict[tuple[int, ...], int] = {}

    def begin(self) -> None:
        """Before a text: keep the automaton within its bounds."""
        if len(self._steps) > _MAX_STATES:
            self._reset()
        if len(self.memo) > _MAX_MEMO:
            self.memo.clear()
        if len(self.pairs) > _MAX_MEMO:
            self.pairs.clear()
        if len(self._capture_memo) > _MAX_MEMO:
            self._capture_memo.clear()

    def can_begin(self, symbol: int) -> bool:
        """Whether some pattern begins with such a token."""
        return not self._root.keys().isdisjoint(self.symbols[symbol].atoms)

    def leads_on(self, first: int, second: int) -> bool:
        """Whether a match can begin with these two symbols, or is complete with the first."""
        state = self._steps[0].get(first)
        if state is None:
            state = self._step(0, first)
        if state < 0 or self._accepts[state]:
            return state >= 0
        following = self._steps[state].get(second)
        return (self._step(state, second) if following is None else following) >= 0

    def match(self, symbols: Sequence[int], at: int) -> list[tuple[int, tuple[int, ...]]]:
        """(end, patterns) of every match that begins at token `at`, longest last; `symbols` ends with `END`."""
        found: list[tuple[int, tuple[int, ...]]] | None = None
        steps, accepts = self._steps, self._accepts
        state, stop = 0, at + MAX_WALK
        while at < stop:
            symbol = symbols[at]
            following = steps[state].get(symbol)
            if following is None:
                following = self._step(state, symbol)
            if following < 0:
                break
            state = following
            at += 1
            if accepts[state]:
                if found is None:
                    found = []
                found.append((at, accepts[state]))
        return found or _NONE

    def _step(self, state: int, number: int) -> int:
        if number == END:
            self._steps[state][number] = _DEAD
            return _DEAD
        symbol = self.symbols[number]
        if state == 0:
            reached = [target for atom in symbol.atoms for target in self._root.get(atom, ())]
        else:
            edges = (self._edges[inner] for inner in self._states[state])
            reached = [edge[1] for edge in edges if edge and edge[0] in symbol.atoms]
        core = self._closure(tuple(reached), is_tight=symbol.is_tight)
        accepted = tuple(sorted({self._final[inner] for inner in core if inner in self._final}))
        core = () if symbol.is_break else tuple(inner for inner in core if self._edges[inner])
        if not core and not accepted:
            self._steps[state][number] = _DEAD
            return _DEAD
        identity = (*core, -1, *accepted)
        following = self._ids.get(identity)
        if following is None:
            following = self._ids[identity] = len(self._steps)
            self._steps.append({})
            self._states.append(core)
            self._accepts.append(accepted)
        self._steps[state][number] = following
        return following

    def _closure(self, states: tuple[int, ...], *, is_tight: bool) -> tuple[int, ...]:
        seen: set[int] = set()
        stack = list(states)
        while stack:
            state = stack.pop()
            if state in seen or (self._is_tight[state] and not is_tight):
                continue
            seen.add(state)
            stack += self._free[state]
        return tuple(sorted(s for s in seen if self._edges[s] or s in self._final))

    # slots --------------------------------------------------------------------------------------------------------

    def capture(self, pattern: int, symbols: Sequence[int], at: int, end: int) -> tuple[tuple[Span, ...], int, int]:
        """The slots of a match, and its extent; all relative to `at`."""
        identity = (pattern, tuple(symbols[at:end]))
        found = self._capture_memo.get(identity)
        if found is None:
            found = self._capture_memo[identity] = self._trace(pattern, identity[1])
        return found

    def _trace(self, pattern: int, symbols: tuple[int, ...]) -> tuple[tuple[Span, ...], int, int]:
        """Depth first through the pattern's own states; each (state, token) is entered once, so it cannot blow up."""
        stack: list[tuple[int, int, _Path | None]] = [(self._begins[pattern], 0, None)]
        seen: set[tuple[int, int]] = set()
        length = len(symbols)
        while stack:
            state, at, path = stack.pop()
            if (state, at) in seen:
                continue
            seen.add((state, at))
            if state in self._final:
                if at == length:
                    return _spans(path, length)
                continue
            if self._is_tight[state] and at and not self.symbols[symbols[at - 1]].is_tight:
                continue
            mark = self._marks[state]
            if mark:
                path = (mark, at, path)
            edge = self._edges[state]
            if edge:
                if at < length and edge[0] in self.symbols[symbols[at]].atoms:
                    stack.append((edge[1], at + 1, path))
            else:
                stack += [(target, at, path) for target in reversed(self._free[state])]
        return (), 0, length


_Path = tuple[tuple[str, str, str], int, "_Path | None"]


def _spans(path: _Path | None, length: int) -> tuple[tuple[Span, ...], int, int]:
    spans: list[Span] = []
    begin, end = 0, length
    open_ends: list[int] = []
    while path:
        (what, name, kind), at, path = path
        if what == "close":
            open_ends.append(at)
            continue
        closed = open_ends.pop()
        if name:
            spans.append((name, kind, at, closed))
        else:
            begin, end = at, closed
    spans.reverse()
    return tuple(spans), begin, end


def shapes(digits: str) -> list[str]:
    """The numeric shapes a run of digits has."""
    length = len(digits)
    names = ["n"] if length <= 12 else []
    if length in (2, 3, 4, 6, 8):
        names.append(f"d{length}")
    if length > 4:
        return names
    value = int(digits)
    if length <= 2:
        names += [name for name, top in (("dd", 31), ("mm", 12)) if 1 <= value <= top]
        if value <= 24:
            names.append("hh")
    if length == 2:
        names.append("yy")
        names += ["mi"] * (value < 60) + ["ss"] * (value < 61)
    if length == 4 and 1000 <= value <= 2999:
        names.append("yyyy")
        names += ["ayear"] * (1500 <= value <= 2050)
    return names


class _Pairs(dict[tuple[int, int], bool]):
    """Pairs of symbols → whether a match may begin with them: most places are passed over for one look-up."""

    def __init__(self, grammar: Grammar) -> None:
        super().__init__()
        self._grammar = grammar

    def __missing__(self, pair: tuple[int, int]) -> bool:
        self[pair] = leads_on = self._grammar.leads_on(*pair)
        return leads_on


class _Memo(dict[str, int]):
    """Token → symbol, filled as tokens come."""

    def __init__(self, grammar: Grammar) -> None:
        super().__init__()
        self._grammar = grammar

    def __missing__(self, token: str) -> int:
        symbol = self._grammar.symbol_of(token)
        if len(token) <= _MAX_TOKEN:
            self[token] = symbol
        return symbol
