.PHONY: help run test swift-tests end-to-end on-sqlite on-postgres on-tls on-pages storm faults build lint man completions \
	install install-files uninstall deb deb-test clean

PREFIX ?= /usr/local
STRICT = --explicit-target-dependency-import-check error
# The program is stripped and tests report files and lines by themselves: debug information would only cost build time.
FLAGS = $(STRICT) -Xswiftc -gnone -Xcc -g0
RELEASE = -c release --static-swift-stdlib -Xlinker -s $(FLAGS)
BINARY = $(CURDIR)/.build/release/chatctl
PYTHON = .build/venv/bin/python
SERVICES = $(PYTHON) Tests/EndToEnd/services.py --
LIVE = multiplexed rfc6455 seed_protocol floods drain
PYTEST = env CHATCTL_BINARY=$(BINARY) $(PYTHON) -m pytest -q -p no:cacheprovider

help:
	@echo "make run        build and start the server (ARGS='--port 9000' passes options on)"
	@echo "make test       build and run all checks and tests"
	@echo "make build      build .build/release/chatctl"
	@echo "make storm      attack the release binary at random (SECONDS=600 SEED=7; ARGS='--backend sqlite --only floods')"
	@echo "make faults     let nodes, Redis and databases fail at random under a crowd (RUNS=50 SEED=1; ARGS='--form redis')"
	@echo "make lint       check formatting and the project's rules"
	@echo "make man completions   write man/ and completions/ from the commands"
	@echo "make install    install program, manual pages and completions to PREFIX=$(PREFIX); make uninstall removes them"
	@echo "make deb        build a Debian package; make deb-test tries it in a clean root (as root, with a network)"

run: build
	@Scripts/run $(ARGS)

build:
	@Scripts/setup build
	swift build $(RELEASE) --product chatctl

test: build
	@Scripts/setup test
	$(MAKE) --no-print-directory lint
	swift build --build-tests $(FLAGS)
	$(SERVICES) $(MAKE) --no-print-directory swift-tests
	$(MAKE) --no-print-directory --output-sync --jobs 2 end-to-end

# A few at a time: of a thousand at once each waits for minutes, and the time limits of tests would mean nothing.
# A run that hung was seen once, and which test it was is not known: such a run is ended, said, and repeated once.
SWIFT_TEST = env SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 timeout --kill-after 10 900 swift test --skip-build $(STRICT)
swift-tests:
	@$(SWIFT_TEST) || { status=$$?; \
	[ $$status -eq 124 ] || exit $$status; \
	echo "swift-tests: HUNG, ended after 900 s; once more"; \
	$(SWIFT_TEST); }

# Tests wait for processes more than they compute, so a few run side by side.
WORKERS ?= 2
# What does not depend on the database runs on one of them; test_cluster.py uses PostgreSQL and Redis in either suite.
ONCE = cluster rfc6455 rfc9112 nginx exit_codes bench openapi completions man install
end-to-end: on-sqlite on-postgres on-tls on-pages

on-sqlite:
	$(SERVICES) $(PYTEST) --numprocesses $(WORKERS) --dist loadfile Tests/EndToEnd

on-postgres: export CHATCTL_TEST_BACKEND = postgres
on-postgres:
	$(SERVICES) $(PYTEST) --numprocesses $(WORKERS) --dist loadfile $(patsubst %,--ignore Tests/EndToEnd/test_%.py,$(ONCE)) Tests/EndToEnd

# What goes over WebSockets, over TLS.
on-tls: export CHATCTL_TEST_TLS = 1
on-tls:
	$(SERVICES) $(PYTEST) $(addprefix Tests/EndToEnd/test_,$(addsuffix .py,$(LIVE)))

# The pages in a browser. Their screenshots are kept where CHATCTL_SCREENSHOTS says.
on-pages:
	$(SERVICES) $(PYTEST) --numprocesses $(WORKERS) --dist loadfile Tests/Browser

# The seed is printed and decides what each hostile client does, so that a failure can be repeated.
SECONDS ?= 600
SEED ?= $(shell date +%Y%m%d)
storm: build
	@Scripts/setup test
	$(SERVICES) env CHATCTL_BINARY=$(BINARY) $(PYTHON) Tests/Storm/storm.py --seconds $(SECONDS) --seed $(SEED) $(ARGS)

# Starts its own services, because it stops them. The runs have the seeds SEED, SEED + 1, …
RUNS ?= 30
faults: build
	@Scripts/setup test
	env CHATCTL_BINARY=$(BINARY) $(PYTHON) Tests/Faults/faults.py --runs $(RUNS) --seed $(SEED) $(ARGS)

lint:
	Scripts/house
	python3 -m unittest discover -q -s Tests/Scripts
	swift format lint --strict --recursive Package.swift Sources Tests

# Whoever names a binary has built it.
ifneq ($(origin BINARY),command line)
man completions install: build
endif

man:
	Scripts/man $(BINARY)

completions:
	@mkdir -p completions
	$(BINARY) --generate-completion-script bash >completions/chatctl.bash
	$(BINARY) --generate-completion-script zsh >completions/_chatctl
	$(BINARY) --generate-completion-script fish >completions/chatctl.fish

# Where man(1) and the shells look by themselves.
SHARE = $(DESTDIR)$(PREFIX)/share
ZSH_FUNCTIONS ?= $(PREFIX)/share/zsh/site-functions
install: install-files

install-files:
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/man/man1 $(SHARE)/man/man5 $(SHARE)/man/man7 $(SHARE)/doc/chatctl \
		$(SHARE)/bash-completion/completions $(DESTDIR)$(ZSH_FUNCTIONS) $(SHARE)/fish/vendor_completions.d
	install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/chatctl
	install -m 644 man/*.1 $(SHARE)/man/man1
	install -m 644 man/*.5 $(SHARE)/man/man5
	install -m 644 man/*.7 $(SHARE)/man/man7
	install -m 644 completions/chatctl.bash $(SHARE)/bash-completion/completions/chatctl
	install -m 644 completions/_chatctl $(DESTDIR)$(ZSH_FUNCTIONS)/_chatctl
	install -m 644 completions/chatctl.fish $(SHARE)/fish/vendor_completions.d/chatctl.fish
	install -m 644 LICENSE $(SHARE)/doc/chatctl/LICENSE

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/chatctl $(SHARE)/man/man1/chatctl.1 $(SHARE)/man/man1/chatctl-*.1 \
		$(SHARE)/man/man5/chatctl-*.5 $(SHARE)/man/man7/chatctl-*.7 $(SHARE)/bash-completion/completions/chatctl \
		$(DESTDIR)$(ZSH_FUNCTIONS)/_chatctl $(SHARE)/fish/vendor_completions.d/chatctl.fish
	rm -rf $(SHARE)/doc/chatctl

deb: build
	@Scripts/deb $(BINARY)

deb-test: deb
	@Scripts/setup package
	Tests/Package/deb .build/deb/chatctl_*.deb

clean:
	rm -rf .build
