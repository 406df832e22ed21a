// Wakes the islands of a page once the WASM is there. Outer islands come first, because inner ones use what they provide.
import init, * as wasm from "cartwright";

const islands = WASM_URL;

async function wake(node, providers) {
  if (node.localName === "leptos-island") {
    const island = wasm[node.dataset.component];
    if (island) {
      providers.at(-1)?.();
      await island(node);
    } else {
      console.warn(`The island ${node.dataset.component} is missing from the WASM.`);
    }
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

await init({ module_or_path: islands });
wasm.hydrate();
await wake(document.body, []);
// For whoever waits for the page to be ready for input, such as a test.
document.documentElement.dataset.islands = "awake";
