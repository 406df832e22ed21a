// A sandbox as a process of its own, an endpoint for its webhooks, and unpatched stripe-node to talk to it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Stripe from "stripe";

export const SECRET = "whsec_sandbox";
const KEY = "sk_test_sandbox";

/** Starts a sandbox whose webhooks are kept, with headers and raw body. */
export async function start() {
  const received = [];
  const waiting = new Set();
  const endpoint = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.end();
      for (const look of waiting) look();
    });
  });
  await new Promise((listening) => endpoint.listen(0, "127.0.0.1", listening));

  const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
  const hook = `http://127.0.0.1:${endpoint.address().port}/hook`;
  const options = ["--addr", "127.0.0.1:0", "--state", join(folder, "state.db"), "--webhook-url", hook];
  const child = spawn(process.env.SANDBOX_BIN ?? "target/debug/sandbox", options, {
    env: { ...process.env, RUST_LOG: "warn" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise((found, failed) => {
    child.once("exit", () => failed(new Error("the sandbox did not start")));
    createInterface(child.stdout).on("line", (line) => {
      const match = line.match(/Stripe sandbox on (http:\/\/\S+)/);
      if (match) found(match[1]);
    });
  });

  return {
    url,
    hook,
    stripe: connect(url),
    /** Posts to the control surface. */
    async control(path, form = {}) {
      const answer = await fetch(`${url}/sandbox/${path}`, { method: "POST", body: new URLSearchParams(form) });
      if (!answer.ok) throw new Error(await answer.text());
      return answer.json();
    },
    /** The first delivery of an event of this type about this object, among those that fit. */
    delivery(type, id, fits = () => true) {
      return new Promise((found, failed) => {
        const late = setTimeout(() => failed(new Error(`no ${type} about ${id} came`)), 20_000);
        const look = () => {
          const one = received.find(
            (it) => it.body.includes(`"type": "${type}"`) && it.body.includes(id) && fits(it),
          );
          if (!one) return;
          clearTimeout(late);
          waiting.delete(look);
          found(one);
        };
        waiting.add(look);
        look();
      });
    },
    /** Fills in a session's page and clicks Pay. */
    pay(session, card = "4242424242424242") {
      const fields = { email: "ada@example.com", cardNumber: card, cardExpiry: "12 / 34", cardCvc: "123", billingName: "Ada" };
      return fetch(session.url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
    },
    async stop() {
      child.removeAllListeners("exit");
      child.kill("SIGKILL");
      endpoint.close();
      endpoint.closeAllConnections();
      rmSync(folder, { recursive: true });
    },
  };
}

export function connect(url, key = KEY, options = {}) {
  const { hostname, port } = new URL(url);
  return new Stripe(key, { protocol: "http", host: hostname, port, maxNetworkRetries: 0, ...options });
}

/** The parameters of a session for one print at 21 dollars. */
export function order(more = {}) {
  return {
    mode: "payment",
    line_items: [{ price_data: { currency: "usd", unit_amount: 2100, product_data: { name: "Print" } }, quantity: 1 }],
    success_url: "https://shop.example/done?session_id={CHECKOUT_SESSION_ID}",
    ...more,
  };
}
