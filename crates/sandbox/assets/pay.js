// Makes the pay page quicker to use. The page is complete without it.

const field = (name) => document.getElementById(name);
const digits = (text) => text.replace(/\D/g, "");

/** How people know these from their card: the number in groups, the date as month and year. */
const layouts = {
  cardNumber(text) {
    const number = digits(text).slice(0, 19);
    const sizes = /^3[47]/.test(number) ? [4, 6, 5] : [4, 4, 4, 4, 3];
    let from = 0;
    return sizes.map((size) => number.slice(from, (from += size))).filter(Boolean).join(" ");
  },
  cardExpiry(text) {
    const typed = digits(text.replace(/^([1-9])\s*\//, "0$1/").replace(/^[2-9]/, "0$&")).slice(0, 6);
    return typed.length < 3 ? typed : `${typed.slice(0, 2)} / ${typed.slice(2)}`;
  },
};

for (const [name, layout] of Object.entries(layouts)) {
  field(name)?.addEventListener("input", ({ target, inputType }) => {
    // Only while somebody types at the end, so that the caret never jumps; wrong letters are left for the page to name.
    const isTyping = !inputType?.startsWith("delete") && target.selectionStart === target.value.length;
    if (isTyping && /^[\d\s/-]*$/.test(target.value)) target.value = layout(target.value);
  });
}

/** Turns each test card and account in the lists into a button that fills the form. */
for (const row of document.querySelectorAll("[data-card], [data-account]")) {
  const { card, account } = row.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.append(...row.childNodes);
  row.append(button);
  button.addEventListener("click", () => {
    const given = card
      ? { cardNumber: card, cardExpiry: "12 / 34", cardCvc: /^3[47]/.test(card) ? "1234" : "123" }
      : { routingNumber: "110000000", accountNumber: account, iban: account };
    const missing = { email: "shopper@example.com", billingName: "Sam Shopper", accountHolderName: "Sam Shopper" };
    for (const [name, value] of Object.entries(given)) if (field(name)) field(name).value = value;
    for (const [name, value] of Object.entries(missing)) if (field(name)?.value === "") field(name).value = value;
    payButton.focus();
  });
}

const form = document.querySelector("form.checkout");
const payButton = document.querySelector(".finish .button");

/** Shows that something happens. Nothing is locked: of two clicks the sandbox takes one. */
const setBusy = (isBusy) => payButton.setAttribute("aria-busy", String(isBusy));
form.addEventListener("submit", () => setBusy(true));
addEventListener("pageshow", () => setBusy(false));

/** Enter in the field of the promotion code applies it; everywhere else it pays. */
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.id !== "promotionCode") return;
  event.preventDefault();
  form.querySelector("[name=action][value=apply]").click();
});

/** The total follows the shipping option and the quantities. What it comes to, the sandbox says. */
let asked;
form.addEventListener("change", async ({ target }) => {
  const isChoice = (name) => name === "shippingRate" || name.startsWith("quantity_");
  if (!isChoice(target.name)) return;
  asked?.abort();
  asked = new AbortController();
  const choices = [...new FormData(form)].filter(([name]) => isChoice(name) || name === "promotionCode");
  const body = new URLSearchParams([...choices, ["action", "update"]]);
  try {
    const answer = await fetch(location.pathname, { method: "POST", body, signal: asked.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const summary = page.querySelector(".summary");
    // Where it is refused, or there is nothing to pay any more or again, the whole page has to come anew.
    const isSame = (name) => Boolean(page.getElementById(name)) === Boolean(field(name));
    const isRefused = !summary || page.querySelector(".alert, .error");
    if (isRefused || !["cardNumber", "accountHolderName"].every(isSame)) throw new Error("another page");
    summary.querySelector("details").open = form.querySelector(".summary details").open;
    const shown = form.querySelector(".summary");
    const { name, type, value } = document.activeElement;
    const again = type === "submit" ? `[name="${name}"][value="${value}"]` : `input[name="${name}"]`;
    const isInside = shown.contains(document.activeElement);
    const code = field("promotionCode")?.value;
    shown.replaceWith(summary);
    if (code && field("promotionCode")) field("promotionCode").value = code;
    if (isInside) summary.querySelector(again)?.focus();
    form.expectedAmount.value = page.querySelector("[name=expectedAmount]").value;
    form.querySelector("[role=status]").textContent = page.querySelector("[role=status]").textContent;
  } catch (error) {
    // Whoever has pressed Pay meanwhile gets their answer from that.
    const isLeaving = payButton.getAttribute("aria-busy") === "true";
    if (error.name !== "AbortError" && !isLeaving) form.querySelector("[name=action][value=update]").click();
  }
});
