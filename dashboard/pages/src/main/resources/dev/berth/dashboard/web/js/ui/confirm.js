// A question before something that is hard to undo. The browser's own dialog keeps the focus inside
// and gives it back.
import { html, render } from "lit";

/** @returns {Promise<boolean>} */
export function confirm({ title, text, yes }) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "question");
  render(
    html`<form method="dialog" class="stack"><h2 id="question">${title}</h2><p>${text}</p>
      <div class="row"><button value="no" autofocus>Not now</button><button value="yes" class="danger">${yes}</button></div></form>`,
    dialog,
  );
  document.querySelector("berth-shell").append(dialog);
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    }),
  );
}
