// Turns each test card in the list into a button that fills the form. The page is complete without it.
for (const code of document.querySelectorAll("[data-card]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = code.dataset.card;
  button.addEventListener("click", () => {
    const fill = (name, value) => {
      const field = document.getElementById(name);
      if (field && !field.readOnly) field.value = value;
    };
    const fillEmpty = (name, value) => {
      if (document.getElementById(name)?.value === "") fill(name, value);
    };
    fill("cardNumber", code.dataset.card);
    fill("cardExpiry", "12 / 34");
    fill("cardCvc", "123");
    fillEmpty("email", "shopper@example.com");
    fillEmpty("billingName", "Sam Shopper");
  });
  code.replaceWith(button);
}
