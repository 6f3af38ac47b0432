// The parts of the pane and how they hear of each other. In: the pane that will hold them. Out: the
// parts, wired; nothing here keeps any state of its own.

import { AnswerList } from "./answers.js";
import { CodePanel } from "./codes.js";
import { Discussion } from "./discussion.js";
import { element, shorten } from "./dom.js";
import { Frame } from "./frame.js";
import { DocumentHead } from "./head.js";
import { Navigator } from "./navigate.js";
import { Outbox } from "./outbox.js";
import { Painting } from "./painting.js";
import { Popover } from "./popover.js";
import { TextView } from "./text.js";

export const PANE_ID = "cp";
const WORDS_SHOWN = 120; // characters of a coding's words in the popover

function makeColumns(pane, naming) {
  const { deeds, moves } = pane;
  const view = new TextView({
    describedBy: `${PANE_ID}-help`,
    onVisible: (shown, hidden) => pane.painting.see(shown, hidden),
    onRestored: () => pane.say("The words cannot be changed here."),
  });
  const list = new AnswerList({
    id: PANE_ID,
    onOpen: (id) => moves.open(id),
    onPage: (offset) => pane.navigator.ask({ page: offset }, "The page"),
  });
  const panel = new CodePanel({
    id: PANE_ID,
    storage: window.sessionStorage,
    coloursOf: (code) => pane.painter.coloursOf(code),
    onChoose: (code) => deeds.choose(code),
    onMake: (wanted) => deeds.makeCode(wanted),
    onLeave: () => deeds.leavePanel(),
  });
  const head = new DocumentHead({
    ...naming,
    actions: {
      done: () => deeds.run("doneAndNext"),
      whole: () => deeds.run("wholeNext"),
      memo: () => deeds.run("documentMemo"),
      open: (ids, node) => deeds.openPopover(ids, node.getBoundingClientRect(), node),
      remove: (coding) => deeds.remove(coding),
      place: (coding) => deeds.beginAdjust(coding),
    },
  });
  return { view, list, panel, head };
}

function makePopover(pane, naming) {
  const { deeds } = pane;
  const quote = ({ start, end }) => {
    const words = pane.quote(start, end).replace(/\s+/g, " ");
    return `“${shorten(words, WORDS_SHOWN)}”`;
  };
  const actions = {
    remove: (coding) => deeds.remove(coding),
    recode: (coding) => deeds.beginRecode(coding),
    adjust: (coding) => deeds.beginAdjust(coding),
    memo: (coding, text) => deeds.setMemo(coding, text),
    run: (name) => deeds.run(name),
  };
  return new Popover({ ...naming, quote, actions, onClose: (how) => deeds.closedPopover(how) });
}

export function makeParts(pane) {
  const { deeds } = pane;
  const naming = {
    look: (coding) => pane.look(coding),
    isOwn: (coding) => pane.isOwn(coding),
    coderName: (coding) => pane.coderName(coding),
  };
  const frame = new Frame(PANE_ID, {
    onUndo: () => deeds.run("undo"),
    onRedo: () => deeds.run("redo"),
    onHelp: () => deeds.run("help"),
  });
  const outbox = new Outbox({
    storage: window.sessionStorage,
    quoteFor: (op) => pane.quoteFor(op),
    onStatus: () => frame.setSaved(pane.outbox.status()),
  });
  const navigator = new Navigator({
    onWaiting: (waiting) => pane.waitFor(waiting),
    onGivenUp: (waiting) => pane.giveUp(waiting),
  });
  const columns = makeColumns(pane, naming);
  const discussion = new Discussion(pane, columns.view, PANE_ID);
  const popover = makePopover(pane, naming);
  const painting = new Painting({
    painter: pane.painter,
    view: columns.view,
    codings: pane.codings,
    look: naming.look,
    who: (coding) => (pane.isOwn(coding) ? "you" : pane.coderName(coding)),
  });
  const bar = element("div", "cp-bar", { role: "toolbar", "aria-label": "Selected words", hidden: "" });
  const vacant = element("p", "cp-empty cp-vacant", { hidden: "" });
  const middle = element(
    "section",
    "cp-middle",
    { "aria-label": "Document" },
    columns.head.root,
    discussion.bar.root,
    vacant,
    columns.view.scroller,
    painting.here,
    bar,
  );
  frame.build({
    list: columns.list.root,
    middle,
    codes: columns.panel.root,
    popover: popover.root,
    style: pane.painter.style,
  });
  return { ...columns, discussion, frame, outbox, navigator, popover, painting, bar, vacant, root: frame.root };
}
