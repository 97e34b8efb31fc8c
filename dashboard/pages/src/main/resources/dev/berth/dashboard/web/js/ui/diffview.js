import { html, nothing } from "lit";
import { changed, diffLines, hunks } from "../core/diff.js";

const SIGN = { same: " ", gone: "−", new: "+", gap: "⋯" };
const SAID = { gone: "removed: ", new: "added: " };

/** Two texts line by line. What is new or gone has a sign and a word, not only a colour. */
export function diffView(before, after) {
  const lines = diffLines(before, after);
  if (!changed(lines)) return html`<p class="soft">Nothing would change.</p>`;
  return html`<div class="diff" role="group" aria-label="Changes" tabindex="0"><table><tbody>${hunks(lines).map(
    (line) => html`<tr class=${line.kind}><td class="no num" aria-hidden="true">${line.before ?? ""}</td><td class="no num" aria-hidden="true">${line.after ?? ""}</td>
      <td class="sign" aria-hidden="true">${SIGN[line.kind]}</td><td class="text">${SAID[line.kind] ? html`<span class="unseen">${SAID[line.kind]}</span>` : nothing}${line.text}</td></tr>`,
  )}</tbody></table></div>`;
}
