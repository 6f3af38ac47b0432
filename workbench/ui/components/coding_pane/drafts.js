// Machine drafts: nobody has checked their words by ear. In: the pane, and what is to be done once the
// person agrees. Out: whether it was stopped; a message, with a button where agreeing is possible.

import { button } from "./dom.js";

const WARNING = "A machine draft: nobody has checked these words by ear.";
const FORBIDDEN = "A machine draft: this study codes only what a person has checked. Check it by ear first.";

export function warnOfDraft(pane, agreed) {
  const { opened } = pane;
  if (!opened.draft) return false;
  if (opened.draft === "forbid") {
    pane.say(FORBIDDEN, { warning: true });
    return true;
  }
  const offer = button("Code it all the same", "cp-small", () => {
    if (pane.opened !== opened) return;
    opened.draft = null;
    agreed();
  });
  pane.say(WARNING, { warning: true, offer });
  requestAnimationFrame(() => offer.focus());
  return true;
}
