# Mọi việc thường làm với Thân Thiện. Chỉ cần make và Python từ 3.11.
# PYTHON=... chọn một Python khác, ví dụ: make run PYTHON=python3.12

PYTHON ?=
export PYTHON

BIN := .venv/bin
CACHES := .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist than_thien.egg-info
COMPILE = pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run test test-rasa test-log check explore format lint types lock clean bench

help:
	@echo "make run     chạy thử ngay trên máy này, không cần tài khoản Zalo hay Facebook"
	@echo "make setup   chuẩn bị môi trường .venv cho người phát triển"
	@echo "make test    chạy toàn bộ kiểm thử (kể cả kiểm thử trên trình duyệt)"
	@echo "make check   kiểm tra trình bày, lỗi thường gặp, kiểu dữ liệu rồi kiểm thử"
	@echo "make test-rasa  huấn luyện và hỏi một Rasa thật (cần Python 3.10, tải 2,7 GB)"
	@echo "make test-log   đối chiếu nhật ký minh chứng với pymerkle và mã sumdb của Go"
	@echo "make explore tìm lỗi hiếm: mỗi tính chất thử 1.000 trường hợp ngẫu nhiên"
	@echo "make format  sửa trình bày mã nguồn;  make lint, make types: chỉ kiểm tra"
	@echo "make bench   đo tốc độ và độ đúng;  make lock: khóa lại phiên bản các gói"
	@echo "make clean   xóa .venv và các tệp tạm (không đụng tới dữ liệu và khóa)"

setup:
	@.ci/setup dev

run:
	@.ci/setup run
	@exec $(BIN)/thanthien demo

test: setup
	@.ci/test

# Not part of check: it trains for minutes, in a Python that is too old for the rest.
test-rasa: setup
	@home=$$(.ci/rasa install) && \
	echo "==> Kiểm thử với Rasa thật ($$home)" && \
	THANTHIEN_RASA="$$home" $(BIN)/pytest -q -m rasa tests/nlu/rasa

# Not part of check: the strangers who judge our log have tools of their own.
test-log: setup
	@home=$$(.ci/log install) && \
	echo "==> Nhật ký minh chứng dưới mắt người ngoài ($$home)" && \
	THANTHIEN_LOG="$$home" $(BIN)/pytest -q -p no:cacheprovider \
		tests/outside/log/outside_log.py

check: setup lint types
	@.ci/test

explore: setup
	@HYPOTHESIS_PROFILE=explore $(BIN)/pytest -q \
		$$(grep -rl "from hypothesis" tests --include='test_*.py')

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lint: setup
	@echo "==> Trình bày (ruff format)"
	@$(BIN)/ruff format --check .
	@echo "==> Lỗi thường gặp (ruff check)"
	@$(BIN)/ruff check .

types: setup
	@echo "==> Kiểu dữ liệu (mypy --strict)"
	@$(BIN)/mypy
	@$(BIN)/mypy .ci/setup.py

lock:
	@uv=$$(.ci/uv) && \
	echo "==> requirements.lock" && \
	"$$uv" $(COMPILE) --output-file requirements.lock >/dev/null && \
	echo "==> requirements-dev.lock" && \
	"$$uv" $(COMPILE) --group dev --constraints requirements.lock \
		--output-file requirements-dev.lock >/dev/null

# A benchmark is a module whose docstring says how to call it.
bench: setup
	@for file in $$(grep -l -e '-m benchmarks\.' benchmarks/*.py); do \
		name=$$(basename "$$file" .py); echo "==> $$name"; \
		$(BIN)/python -m "benchmarks.$$name" || exit 1; \
	done

clean:
	@rm -rf .venv $(CACHES)
	@find . -name .git -prune -o -name __pycache__ -type d -exec rm -rf {} +
	@echo "Đã xóa .venv và các tệp tạm; dữ liệu và khóa còn nguyên."
