// Keeps the checkout's amounts, delivery options and fields those of what was typed: sends the form as its button
// "Update totals" would, and takes over the parts of the answer that differ. The server alone knows prices and
// countries. Without this script the buttons do the same.

/** How long an answer may take, in milliseconds. */
const TIMEOUT = 10_000;

/** The fields on which the amounts depend. */
const PRICED = new Set(["country", "address-level1", "postal-code", "delivery", "code", "vat_number", "email"]);

const form = document.getElementById("checkout-form");
const said = document.getElementById("checkout-said");

/** The update under way, so that a newer one calls it off; its answer would be about something older. */
let underWay;

function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

function total() {
  return part(form, "totals").dataset.total;
}

/** Asks what it costs now. Resolves to whether the page shows it. */
async function update() {
  underWay?.abort();
  const controller = new AbortController();
  underWay = controller;
  const timer = setTimeout(() => controller.abort(), TIMEOUT);
  const sent = new URLSearchParams(new FormData(form));
  sent.set("action", "update");
  part(form, "totals").classList.add("is-stale");
  try {
    const response = await fetch(form.getAttribute("action"), { method: "POST", body: sent, signal: controller.signal });
    if (response.redirected) {
      // There is nothing to check out any more.
      location.assign(response.url);
      return false;
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (underWay !== controller || !page.getElementById("checkout-form")) {
      throw new Error(`the answer was ${response.status}`);
    }
    take(page, sent);
    return true;
  } catch (error) {
    if (underWay === controller) {
      say(form.dataset.failed);
    }
    return false;
  } finally {
    clearTimeout(timer);
    if (underWay === controller) {
      underWay = undefined;
    }
  }
}

/** Shows what the answer says, and keeps what was typed since it was asked for. */
function take(page, sent) {
  const next = page.getElementById("checkout-form");
  const before = total();
  const names = ["delivery", "code", "totals"];
  if (next.dataset.country !== form.dataset.country) {
    form.dataset.country = next.dataset.country;
    names.push("address");
  } else {
    hint(page);
  }
  for (const name of names) {
    replace(part(form, name), part(next, name), sent);
  }
  const notices = part(page, "notices");
  if (notices.querySelector("#notice")) {
    part(document, "notices").replaceChildren(...notices.childNodes);
  }
  if (total() !== before) {
    say(document.getElementById("checkout-total").parentElement.textContent.trim());
  }
}

function replace(old, next, sent) {
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const typed = [...old.querySelectorAll("input:not([type=radio], [type=hidden]), select")].filter(
    (field) => field.value !== sent.get(field.name),
  );
  old.replaceChildren(...next.childNodes);
  old.classList.remove("is-stale");
  Object.assign(old.dataset, next.dataset);
  for (const { name, value } of typed) {
    const field = old.querySelector(`[name="${name}"]`);
    if (field) {
      field.value = value;
    }
  }
  if (focused) {
    document.getElementById(focused)?.focus();
  }
}

/** What a postal code usually looks like, which comes and goes without touching the field. */
function hint(page) {
  const id = "postal-code-hint";
  const field = document.getElementById("postal-code");
  document.getElementById(id)?.remove();
  const next = page.getElementById(id);
  if (field && next && !document.getElementById("postal-code-problem")) {
    field.after(next);
    field.setAttribute("aria-describedby", id);
  }
}

/** Takes back what is said about a field that was changed since; the server says it again if it has to. */
function settle(field) {
  if (!field.hasAttribute("aria-invalid")) {
    return;
  }
  field.removeAttribute("aria-invalid");
  document.getElementById(`${field.id}-problem`)?.remove();
  const summary = document.getElementById("notice");
  summary?.querySelector(`a[href="#${field.id}"]`)?.closest("li").remove();
  if (summary?.querySelector("ul:empty")) {
    summary.remove();
  }
}

function say(text) {
  said.textContent = text;
}

/** Pays what is shown, once it is what was typed: not while another total is on its way. */
async function pay(button) {
  const shown = total();
  button.ariaBusy = "true";
  if (await update()) {
    const next = document.getElementById("pay");
    if (next && total() === shown) {
      next.ariaBusy = "true";
      form.submit();
    }
  } else {
    // The server has the last word: it charges nothing but the total that was shown.
    form.requestSubmit();
  }
}

if (form) {
  form.dataset.live = "";
  form.addEventListener("change", (event) => {
    settle(event.target);
    if (PRICED.has(event.target.name)) {
      update();
    }
  });
  form.addEventListener("submit", (event) => {
    const action = event.submitter?.value;
    const isCode = document.activeElement?.name === "code" || event.submitter?.id === "apply";
    if (action === "update" || isCode) {
      event.preventDefault();
      update().then(() => {
        if (isCode && document.getElementById("code-problem")) {
          document.getElementById("code").focus();
        }
      });
    } else if (action === "pay" && underWay) {
      event.preventDefault();
      pay(event.submitter);
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      update();
    }
  });
}
