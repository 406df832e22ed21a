# Everything a person does with this repository. `make` alone lists it.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run build dev test chaos e2e bench lint clean setup setup-site setup-browser setup-lint setup-contract

TARGET := $(or $(CARGO_TARGET_DIR),target)
TOOLS := $(CURDIR)/.tools
export PATH := $(TOOLS)/bin:$(PATH)

# Which toolchain has the WASM target; written by the setup where the default one cannot have it.
WASM_TOOLCHAIN = $(shell cat $(TOOLS)/wasm-toolchain 2>/dev/null)

# The browser that the setup found or installed; Playwright's own when it is empty.
export CHROMIUM_PATH ?= $(shell cat $(TOOLS)/chromium 2>/dev/null)

# Builds what the browser gets. It goes on beside the server's build: each waits for one core for a good part of its time.
SITE = WASM_TOOLCHAIN="$(WASM_TOOLCHAIN)" cargo run --quiet --locked --package site --

# The suites that run on either database. They are named by their test targets and not by their packages, with which cargo
# would choose other features and build everything a second time.
DATABASE_TESTS := --test store --test shop --test http --test chaos

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: build ## Build the optimized shop and serve it, with a sandbox for payments
	@exec $(TARGET)/release/storefront

build: setup-site ## Build the optimized site and target/release/storefront
	@echo "build: the site (islands, script, style) and the server, optimized; the first time this takes some minutes"
	@$(SITE) & site=$$!; cargo build --locked --release --package server && wait $$site

dev: setup-site ## Serve, and build again whenever a source changes
	@$(SITE) --watch

test: export SANDBOX_RECORD := $(abspath $(TARGET))/sandbox-record
test: setup-site setup-browser setup-contract ## Run every test: Rust on both databases, Stripe's SDKs, then a browser
	@echo "test 1/6: building the Rust tests; the first time this takes some minutes"
	@cargo test --locked --no-run --quiet
	@rm -rf $(SANDBOX_RECORD)
	@echo "test 2/6: Rust, on SQLite"
	@env -u TEST_POSTGRES_URL scripts/cargo-test
ifeq ($(POSTGRES),skip)
	@echo "test 3/6: skipped, as POSTGRES=skip says: Rust on PostgreSQL"
else
	@echo "test 3/6: Rust, on PostgreSQL"
	@scripts/with-postgres scripts/cargo-test $(DATABASE_TESTS)
endif
	@echo "test 4/6: Stripe's SDKs, command line and specification against the sandbox"
	@cargo build --locked --quiet --package sandbox
	@scripts/contract-test
	@echo "test 5/6: the site and a server for the browser"
	@$(SITE) --budget
	@cargo build --locked --quiet --package server
	@echo "test 6/6: browser"
	@npm --prefix end2end test

chaos: ## Kill the shop and break Stripe for CHAOS_SECONDS (600) on each database, and see that nothing is lost
	@cargo test --locked --quiet --test chaos --no-run
	@CHAOS_SECONDS=$${CHAOS_SECONDS:-600} env -u TEST_POSTGRES_URL cargo test --locked --quiet --test chaos -- --nocapture
ifneq ($(POSTGRES),skip)
	@CHAOS_SECONDS=$${CHAOS_SECONDS:-600} scripts/with-postgres cargo test --locked --quiet --test chaos -- --nocapture
endif

e2e: setup-site setup-browser ## Run the browser tests alone
	@$(SITE) --budget
	@cargo build --locked --quiet --package server
	@npm --prefix end2end test

bench: setup-site ## Measure pages beside a bare route and a large shop, and webhooks beside the database's bare commits
	@echo "bench: building the optimized server; the first time this takes some minutes"
	@$(SITE)
	@cargo bench --locked --quiet --package server --bench pages --bench webhooks

lint: setup-lint ## Check format, spelling, lints, who imports whom, unused dependencies, licenses and known vulnerabilities
	@cargo fmt --all --check
	@$(TOOLS)/lint/bin/typos
	@scripts/words
	@cargo clippy --locked --all-targets -- -D warnings
	@$(if $(WASM_TOOLCHAIN),RUSTUP_TOOLCHAIN=$(WASM_TOOLCHAIN)) cargo clippy --locked --package frontend --lib --target wasm32-unknown-unknown -- -D warnings
	@cargo deny --locked check bans
	@scripts/audit
	@cargo machete

clean: ## Delete everything that was built; the shop's data stays
	@cargo clean
	@rm -rf crates/sandbox/contract/node_modules frontend/node_modules end2end/node_modules end2end/test-results end2end/playwright-report .tools

setup: setup-site setup-browser setup-contract setup-lint ## Install what building, testing and linting need

setup-site:
	@scripts/setup wasm
	@scripts/setup site

setup-browser:
	@scripts/setup browser

setup-contract:
	@scripts/setup contract

setup-lint:
	@scripts/setup wasm
	@scripts/setup lint
