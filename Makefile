.PHONY: help run test swift-tests end-to-end build lint install uninstall clean

PREFIX ?= /usr/local
STRICT = --explicit-target-dependency-import-check error
RELEASE = -c release --static-swift-stdlib -Xlinker -s $(STRICT)
BINARY = $(CURDIR)/.build/release/chatctl
PYTHON = .build/venv/bin/python
SERVICES = $(PYTHON) Tests/EndToEnd/services.py --
WITH_SERVICES = '^(ChatBusTests|ChatPostgreSQLTests)[.]'
PYTEST = CHATCTL_BINARY=$(BINARY) $(PYTHON) -m pytest -q -p no:cacheprovider

help:
	@echo "make run        build and start the server (ARGS='--port 9000' passes options on)"
	@echo "make test       build and run all checks and tests"
	@echo "make build      build .build/release/chatctl"
	@echo "make lint       check formatting and the project's rules"
	@echo "make install    install to PREFIX=$(PREFIX); make uninstall removes it"

run: build
	@Scripts/run $(ARGS)

build:
	@Scripts/setup build
	swift build $(RELEASE) --product chatctl

test: build
	@Scripts/setup test
	$(MAKE) --no-print-directory lint
	swift build --build-tests $(STRICT)
	$(SERVICES) $(MAKE) --no-print-directory swift-tests
	$(SERVICES) $(MAKE) --no-print-directory end-to-end

# Tests that wait for a PostgreSQL or a Redis come first: beside a thousand others their timeouts would mean nothing.
swift-tests:
	swift test --skip-build $(STRICT) --filter $(WITH_SERVICES)
	swift test --skip-build $(STRICT) --skip $(WITH_SERVICES)

# Runs the whole suite on SQLite, then again on PostgreSQL and Redis; needs the services that 'make test' starts.
end-to-end:
	$(PYTEST) Tests/EndToEnd
	CHATCTL_TEST_BACKEND=postgres $(PYTEST) Tests/EndToEnd --ignore Tests/EndToEnd/test_cluster.py

lint:
	Scripts/house
	python3 -m unittest discover -q -s Tests/Scripts
	swift format lint --strict --recursive Package.swift Sources Tests

install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/chatctl

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/chatctl

clean:
	rm -rf .build
