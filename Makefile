# Two commands matter: `make run` and `make test`. README.md says what each does.
.DEFAULT_GOAL := run
PORT ?= 8000
export PORT ARGS

.PHONY: run test bench lint serve lock
run test bench lint serve lock:
	@command -v python3 >/dev/null || { echo "Python is missing: install Python 3.11, 3.12 or 3.13."; exit 1; }
	@python3 -I portal/lib/bootstrap.py $@
