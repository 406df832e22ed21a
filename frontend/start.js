// Wakes the islands of a page once the WASM is there. Until all of them are awake, and again when something fails, no
// event reaches them, so that every form of the page is the plain form that it is without scripts.
import init, * as wasm from "cartwright";

const root = document.documentElement;
const shielded = ["submit", "click", "input", "change", "pageshow", "visibilitychange"];

function shield(event) {
  event.stopImmediatePropagation();
}

// How long the page of a waiting order stays before it is asked for again, in milliseconds; only such a page has a tag
// that refreshes it.
const tag = document.querySelector('meta[http-equiv="refresh"]');
const refresh = tag?.content * 1000;

function fallAsleep(error) {
  if (root.dataset.islands === "asleep") {
    return;
  }
  console.warn("The islands of this page are asleep; its forms work without them.", error);
  if (root.dataset.islands) {
    // Being awake has called the refresh off.
    shieldAll(true);
    if (refresh) {
      setTimeout(() => location.reload(), refresh);
    }
  }
  root.dataset.islands = "asleep";
}

function shieldAll(isOn) {
  for (const type of shielded) {
    window[isOn ? "addEventListener" : "removeEventListener"](type, shield, true);
  }
}

// Outer islands come first, because inner ones use what they provide.
async function wake(node, providers) {
  if (node.localName === "leptos-island") {
    providers.at(-1)?.();
    await wasm[node.dataset.component](node);
  }
  const isSlot = node.localName === "leptos-children";
  if (isSlot) {
    providers.push(node.$$on_hydrate);
  }
  for (const child of node.children) {
    await wake(child, providers);
  }
  if (isSlot) {
    providers.pop();
  }
}

// After a trap nothing can be said about the state of any island.
function watchForTraps() {
  for (const type of ["error", "unhandledrejection"]) {
    window.addEventListener(type, (event) => {
      const error = event.error ?? event.reason;
      if (error instanceof WebAssembly.RuntimeError) {
        fallAsleep(error);
      }
    });
  }
  // What an island held back before it trapped is done after all.
  for (const type of ["submit", "click"]) {
    window.addEventListener(type, (event) => {
      const button = event.submitter ?? event.target.closest?.("button");
      if (root.dataset.islands === "asleep" && event.defaultPrevented && button) {
        button.form?.requestSubmit(button);
      }
    });
  }
}

shieldAll(true);
try {
  await init({ module_or_path: WASM_URL });
  watchForTraps();
  wasm.hydrate();
  await wake(document.body, []);
  // What the islands do first, they do in turns of their own; a trap there is an event.
  await new Promise((resolve) => setTimeout(resolve));
  if (!root.dataset.islands) {
    root.dataset.islands = "awake";
    shieldAll(false);
    if (refresh) {
      callOffRefresh();
    }
  }
} catch (error) {
  fallAsleep(error);
}

// Removing the tag does not call off what it has begun; stopping the page does, once it is loaded.
function callOffRefresh() {
  tag.remove();
  if (document.readyState === "complete") {
    window.stop();
  } else {
    window.addEventListener("load", () => setTimeout(() => window.stop()), { once: true });
  }
}
